import Dispatch

/// Times a short piece of work: the median over rounds of many calls each.
enum Bench {
  /// Seconds a call.
  static func seconds(rounds: Int = 21, roundSeconds: Double = 0.004, _ work: () -> Void) -> Samples {
    func time(_ calls: Int) -> Double {
      let start = DispatchTime.now().uptimeNanoseconds
      for _ in 0..<calls { work() }
      return Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
    var calls = 1
    while time(calls) < roundSeconds { calls *= 2 }
    return Samples((0..<rounds).map { _ in time(calls) / Double(calls) })
  }
}
