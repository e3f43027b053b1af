import MinimSystem
import Synchronization

/// The time that this process may take. It counts as near as soon as the next step, and saving the run, might not end before it.
package enum TimeLimit {
  /// The end, in nanoseconds of `MonotonicClock`; 0 for none.
  private static let end = Atomic<UInt64>(0)
  /// The time that is kept for saving.
  private static let reserve = Atomic<UInt64>(0)
  /// The longest step so far.
  private static let longest = Atomic<UInt64>(0)

  /// Sets the limit.
  ///
  /// - Parameters:
  ///   - seconds: the time, at least a second.
  ///   - start: when it began, in nanoseconds of `MonotonicClock`.
  package static func set(_ seconds: Double, since start: UInt64) {
    let limit = UInt64(min(seconds, 1e9) * 1e9)
    // Saving takes milliseconds, and seconds on a file system that is busy.
    reserve.store(min(limit / 10, 5_000_000_000), ordering: .relaxed)
    end.store(start + limit, ordering: .releasing)
  }

  /// Whether there is a limit.
  static var isSet: Bool { end.load(ordering: .acquiring) != 0 }

  /// Whether another step would be too much. Steps differ in time: twice the longest is expected.
  static var isNear: Bool {
    let end = end.load(ordering: .acquiring)
    guard end != 0 else { return false }
    let kept = reserve.load(ordering: .relaxed) + 2 * longest.load(ordering: .relaxed)
    return MonotonicClock.nanoseconds() + kept >= end
  }

  /// Takes the time between two calls of the returned function for that of a step, and passes on what `signal` says. Without a
  /// limit, `signal` itself: no clock is read.
  static func watching(_ signal: @escaping () -> Int32?) -> () -> Int32? {
    guard isSet else { return signal }
    var last: UInt64?
    return {
      let now = MonotonicClock.nanoseconds()
      if let last { _ = longest.max(now - last, ordering: .relaxed) }
      last = now
      return signal()
    }
  }
}
