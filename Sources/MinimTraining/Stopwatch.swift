import Glibc

/// Wall time of training, over all resumes.
struct Stopwatch {
  private let before: Double
  private let start: UInt64
  private var lastLap: (time: UInt64, step: Int)

  /// - Parameters:
  ///   - before: seconds of the training that is gone on with.
  ///   - step: its last step.
  init(before: Double, step: Int) {
    self.before = before
    start = Self.now()
    lastLap = (start, step)
  }

  var seconds: Double { seconds(at: Self.now()) }

  /// Seconds in all, and seconds a step since the last lap.
  mutating func lap(step: Int) -> (seconds: Double, perStep: Double) {
    let now = Self.now()
    defer { lastLap = (now, step) }
    return (seconds(at: now), Double(now - lastLap.time) * 1e-9 / Double(max(1, step - lastLap.step)))
  }

  private func seconds(at time: UInt64) -> Double { before + Double(time - start) * 1e-9 }

  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
