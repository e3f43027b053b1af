/// The notation of Linux for the CPUs and CPU quotas of a process (proc_pid_status(5); `admin-guide/cgroup-v2.rst` and
/// `scheduler/sched-bwc.rst` of the kernel's documentation). Functions of text alone.
package enum CPULimits {
  /// CPUs of the line `Cpus_allowed: ff,00000003` of `/proc/self/status`, a mask in hexadecimal; nil without one.
  package static func affinity(ofStatus text: String) -> Int? {
    let key = "Cpus_allowed:"
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix(key) }) else { return nil }
    let bits = line.dropFirst(key.count).compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
    return bits > 0 ? bits : nil
  }

  /// CPUs of a version 2 `cpu.max`, "QUOTA PERIOD" in microseconds, rounded up; nil for "max" and for anything else.
  package static func quota(cpuMax: String) -> Int? {
    let fields = cpuMax.split(whereSeparator: \.isWhitespace)
    guard fields.count == 2 else { return nil }
    return quota(microseconds: String(fields[0]), period: String(fields[1]))
  }

  /// CPUs of version 1 `cpu.cfs_quota_us` and `cpu.cfs_period_us`, rounded up; nil without a limit, which is -1.
  package static func quota(microseconds quota: String, period: String) -> Int? {
    guard let quota = number(quota), let period = number(period), quota > 0, period > 0 else { return nil }
    return (quota - 1) / period + 1
  }

  /// The folders whose quotas bind a process, by its `/proc/self/cgroup`: for version 2 (`0::/a/b`) and for the cpu
  /// controller of version 1 (`4:cpu,cpuacct:/a/b`), the process's own group and all above it. In a container the path
  /// is often that of the host and does not exist; the root of the mount is then the container's own group.
  package static func folders(ofMembership text: String) -> [String] {
    text.split(separator: "\n").flatMap { line -> [String] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return [] }
      let controllers = fields[1].split(separator: ",")
      if controllers.isEmpty { return chain("/sys/fs/cgroup", fields[2]) }
      return controllers.contains("cpu") ? chain("/sys/fs/cgroup/cpu", fields[2]) : []
    }
  }

  /// The root and every folder down the path.
  private static func chain(_ root: String, _ path: Substring) -> [String] {
    path.split(separator: "/").reduce(into: [root]) { folders, part in
      folders.append("\(folders[folders.count - 1])/\(part)")
    }
  }

  private static func number(_ text: String) -> Int? {
    text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
  }
}
