import MinimSystem

/// The number of threads that this process may keep busy: the smaller of its affinity mask and its cgroup's CPU quota. The number
/// of processors of the machine says neither.
public enum WorkerCount {
  /// The numbers of workers that a ``WorkerPool`` accepts.
  public static let allowed = 1...64

  /// The number to use where nobody asks for another, in `allowed`. It is read once: each run of a sweep asks.
  public static let available: Int = {
    let limits = [affinity(), quota(), Processor.activeCount].compactMap { $0 }
    return min(max(limits.min() ?? 1, allowed.lowerBound), allowed.upperBound)
  }()

  /// CPUs of the calling thread's affinity mask (`taskset`, cpusets); nil where it cannot be read. It comes from the
  /// kernel's text, since Swift's view of the C library lacks `sched_getaffinity`.
  private static func affinity() -> Int? {
    kernelText("/proc/thread-self/status").flatMap { CPULimits.affinity(ofStatus: $0) }
  }

  /// The smallest quota of this process's cgroup and all above it; nil if there is none.
  private static func quota() -> Int? {
    let groups = kernelText("/proc/self/cgroup") ?? ""
    return CPULimits.folders(ofMembership: groups).compactMap { folder in
      if let limit = kernelText(folder + "/cpu.max") { return CPULimits.quota(cpuMax: limit) }
      guard let quota = kernelText(folder + "/cpu.cfs_quota_us"),
        let period = kernelText(folder + "/cpu.cfs_period_us")
      else { return nil }
      return CPULimits.quota(microseconds: quota, period: period)
    }.min()
  }
}
