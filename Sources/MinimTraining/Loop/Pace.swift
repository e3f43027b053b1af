/// Detects the end of a pause while rarely reading the clock: a reading costs tens of nanoseconds, a fifth of the
/// smallest step of training.
struct Pace {
  /// Nanoseconds from one reading of the clock to the next, if the steps keep their pace.
  private static let betweenLooks = 100_000.0

  private let pause: UInt64
  private let now: () -> UInt64
  private var due: UInt64
  private var nextLook: Int
  private var lastLook: (time: UInt64, step: Int)

  /// - Parameters:
  ///   - pause: the pause in nanoseconds; the first one begins now.
  ///   - step: the steps that are already done.
  ///   - now: nanoseconds of a clock that never goes back.
  init(pause: UInt64, step: Int, now: @escaping () -> UInt64) {
    self.pause = pause
    self.now = now
    let start = now()
    due = start + pause
    lastLook = (start, step)
    nextLook = step + 1
  }

  /// The time, if the pause is over after this step; then the next pause begins.
  mutating func time(after step: Int) -> UInt64? {
    if step < nextLook { return nil }
    let time = now()
    // At most twice as many steps as before: the pace is known only for the steps that were seen.
    let seen = max(1, step - lastLook.step)
    let fitting = Double(seen) * Self.betweenLooks / Double(max(1, time - lastLook.time))
    nextLook = step + max(1, min(2 * seen, Int(min(fitting, 1e9))))
    lastLook = (time, step)
    guard time >= due else { return nil }
    due = time + pause
    return time
  }
}
