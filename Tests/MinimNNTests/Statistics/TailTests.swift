import Foundation
import MinimNN
import Testing

/// Bounds on the probability of deviations, against the exact probabilities.
@Suite struct TailTests {
  /// P(X >= events) and P(X <= events) for a binomial variable, by its definition.
  private static func binomial(_ events: Int, of n: Int, _ p: Double) -> (above: Double, below: Double) {
    func term(_ k: Int) -> Double {
      let choices: Double = lgamma(Double(n) + 1) - lgamma(Double(k) + 1) - lgamma(Double(n - k) + 1)
      let log: Double = Double(k) * Foundation.log(p) + Double(n - k) * Foundation.log(1 - p)
      return exp(choices + log)
    }
    let above: Double = (events...n).map(term).reduce(0, +), below: Double = (0...events).map(term).reduce(0, +)
    return (above, below)
  }

  @Test("a bound on the tail of a share is above the exact tail, and not far above")
  func shares() {
    for (n, p) in [(50, 0.5), (200, 0.01), (1000, 0.3), (10_000, 1e-5), (300, 0.999)] {
      for events in [0, 1, 2, n / 4, n / 2, n - 1, n] {
        let (above, below) = Self.binomial(events, of: n, p)
        let bound = Statistics.shareTail(events, of: n, probability: p)
        let exact = Double(events) > Double(n) * p ? above : below
        let least: Double = min(1, exact) * (1 - 1e-9)
        // Chernoff's bound loses a factor of the order of sqrt(n).
        let most: Double = 100 * Double(n).squareRoot() * exact + 1e-300
        #expect(bound >= least && bound <= 1, "\(events) of \(n), \(p): \(bound), \(exact)")
        #expect(bound < most, "\(events) of \(n), \(p): \(bound), \(exact)")
      }
    }
  }

  @Test("what cannot happen, what must, and what is not a number")
  func limits() {
    #expect(Statistics.shareTail(1, of: 100, probability: 0) == 0)
    #expect(Statistics.shareTail(99, of: 100, probability: 1) == 0)
    #expect(Statistics.shareTail(0, of: 100, probability: 0) == 1)
    #expect(Statistics.shareTail(100, of: 100, probability: 1) == 1)
    #expect(Statistics.shareTail(1, of: 100, probability: .nan).isNaN)
    // One event that was to be expected once in 10,000 runs is many standard errors, and proves nothing.
    #expect(Statistics.shareTail(9999, of: 10_000, probability: 1 - 1e-8) > 1e-4)
  }

  @Test("counts: right ones prove nothing, one that is far off does")
  func counts() {
    #expect(Statistics.countsTail([250, 240, 260, 250], probabilities: [0.25, 0.25, 0.25, 0.25]) == 1)
    let wrong = Statistics.countsTail([400, 200, 200, 200], probabilities: [0.25, 0.25, 0.25, 0.25])
    #expect(wrong < 1e-9)
    #expect(wrong == 4 * Statistics.shareTail(400, of: 1000, probability: 0.25))
    #expect(Statistics.countsTail([1, 999], probabilities: [.nan, 1]).isNaN)
  }

  @Test("moments: above the exact tail of a variance, and below any doubt where it should be")
  func moments() {
    for z in [1.0, 3, 5, 6, 8, 20] {
      let n = 2000
      let ratio: Double = 1 + z * (2 / Double(n)).squareRoot()
      let exact = Statistics.chiSquareTail(Double(n) * ratio, degrees: n)
      let bound = Statistics.momentTail(z, count: n)
      #expect(bound >= exact && bound < 1e3 * exact, "\(z): \(bound), \(exact)")
      #expect(bound > Statistics.normalTail(z) / 2)
    }
    #expect(Statistics.momentTail(4, count: 2000) > 1e-9 && Statistics.momentTail(8, count: 2000) < 1e-9)
  }
}
