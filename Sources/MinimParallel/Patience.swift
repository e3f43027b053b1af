import CMinimKernels
import MinimSystem

/// A bounded time of spinning. The bound is read from the clock, since the length of a pause differs by a factor of
/// ten between processors; the clock is read every 32 pauses only.
struct Patience {
  private let nanoseconds: UInt64
  private var start: UInt64 = 0
  private var pauses = 0
  private var spent = false

  init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
    spent = nanoseconds == 0
  }

  /// Pauses for some tens of nanoseconds; false once the time is spent.
  mutating func pause() -> Bool {
    if spent { return false }
    if pauses & 31 == 0 {
      let now = Self.now()
      if pauses == 0 { start = now }
      spent = now - start >= nanoseconds
    }
    pauses += 1
    minim_cpu_pause()
    return true
  }

  /// Pauses and, once the time is spent, gives the CPU to whoever may be waiting for it: a thread that was preempted in
  /// the middle of a shard, for one.
  mutating func pauseOrYield() {
    if !pause() { sched_yield() }
  }

  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
