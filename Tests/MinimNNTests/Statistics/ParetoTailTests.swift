import Foundation
import MinimNN
import TestSupport
import Testing

@Suite struct ParetoTailTests {
  /// The value below which the share `p` of a generalized Pareto distribution of scale 1 lies.
  private static func quantile(_ p: Double, shape k: Double) -> Double {
    k == 0 ? -log1p(-p) : expm1(-k * log1p(-p)) / k
  }

  private static func quantiles(_ count: Int, shape: Double) -> [Double] {
    (0..<count).map { quantile((Double($0) + 0.5) / Double(count), shape: shape) }
  }

  /// Logarithms of weights that have the tail of a shape from 1 on.
  private static func logWeights(_ count: Int, shape: Double, seed: UInt64) -> [Double] {
    var generator = SplitMix(seed: seed)
    return (0..<count).map { _ in log1p(quantile(generator.uniform(), shape: shape)) }
  }

  private static func shape(_ logWeights: [Double]) throws -> Double {
    try #require(ParetoTail(logWeights: logWeights)).shape
  }

  @Test("the quantiles of a generalized Pareto distribution have its shape", arguments: [-0.4, 0, 0.2, 0.5, 0.9, 1.5])
  func exactQuantiles(_ k: Double) {
    for scale in [1e-3, 1, 1e6] {
      let found = ParetoTail.shape(exceedances: Self.quantiles(2000, shape: k).map { scale * $0 })
      #expect(abs(found - k) < 0.02, "\(found)")
    }
    // Few values, less well; none of another shape.
    #expect(abs(ParetoTail.shape(exceedances: Self.quantiles(50, shape: k)) - k) < 0.2)
  }

  @Test("samples have the shape of their distribution, within its asymptotic error", arguments: [0.2, 0.5, 0.9])
  func samples(_ k: Double) throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let tail = try #require(ParetoTail(logWeights: Self.logWeights(20_000, shape: k, seed: seed)))
      #expect(tail.count == 425)  // 3 sqrt 20,000, rounded up
      // As much as ten weights of shape 1/2 pull it; its deviation is (1 + k) / sqrt(count) or so.
      let m = 425.0, expected = (m * k + 5) / (m + 10)
      #expect(abs(tail.shape - expected) < 4 * (1 + k) / m.squareRoot(), "\(tail.shape) for \(expected)")
    }
  }

  @Test("a tail is a fifth of few weights, and the prior counts as ten of shape 1/2")
  func prior() throws {
    let quantiles = Self.quantiles(50, shape: 0.2)
    let tail = try #require(ParetoTail(logWeights: quantiles.map { log1p($0) }))
    let top = quantiles.suffix(10).map { $0 - quantiles[39] }
    #expect(tail.count == 10)
    #expect(abs(tail.shape - (10 * ParetoTail.shape(exceedances: top) + 5) / 20) < 1e-9)
  }

  /// In one dimension the weights of a target N(0, 1) under a proposal N(0, s^2), s < 1, have the tail t^(-1 / (1 - s^2)).
  @Test("a proposal that is too narrow is found out, one that is a little narrow is not")
  func narrowProposals() throws {
    func shape(_ variance: Double, seed: UInt64) throws -> Double {
      var generator = SplitMix(seed: seed)
      return try Self.shape(
        (0..<20_000).map { _ in
          let radius = (-2 * log(1 - generator.uniform())).squareRoot()
          let z = radius * cos(2 * .pi * generator.uniform())
          return z * z / 2 * (1 - variance)
        })
    }
    for seed in 1...5 as ClosedRange<UInt64> {
      #expect(try shape(0.1, seed: seed) > 0.7)
      #expect(try shape(0.7, seed: seed) < 0.6)
      #expect(try shape(1.5, seed: seed) < 0)
    }
  }

  @Test("neither a factor of all weights nor their order matters")
  func invariance() throws {
    let weights = Self.logWeights(2000, shape: 0.6, seed: 1)
    let shape = try Self.shape(weights)
    var generator = SplitMix(seed: 2)
    #expect(try Self.shape(weights.shuffled(using: &generator)) == shape)
    for constant in [-5000, -1, 3, 900] as [Double] {
      #expect(abs(try Self.shape(weights.map { $0 + constant }) - shape) < 1e-7)
    }
    // The control: a power of the weights has another tail.
    #expect(abs(try Self.shape(weights.map { 2 * $0 }) - shape) > 0.3)
  }

  @Test("equal weights have no tail, even where rounding tells them apart; one above all others has the heaviest")
  func extremes() throws {
    #expect(try Self.shape(.init(repeating: -3, count: 100)) == -.infinity)
    #expect(try Self.shape((0..<100).map { -300 + 1e-13 * Double($0 % 7) }) == -.infinity)
    #expect(try Self.shape([0] + .init(repeating: -1e4, count: 99)) == .infinity)
    #expect(try Self.shape([0] + .init(repeating: -.infinity, count: 99)) == .infinity)
    // Zero weights are weights.
    let half = Self.logWeights(1000, shape: 0.2, seed: 1) + .init(repeating: -.infinity, count: 1000)
    #expect(try Self.shape(half) < 0.5)
  }

  @Test("too few weights, and what is no weight, say nothing")
  func nothing() {
    let weights = Self.logWeights(25, shape: 0.2, seed: 1)
    #expect(ParetoTail(logWeights: weights) != nil)
    #expect(ParetoTail(logWeights: Array(weights.dropLast())) == nil)
    #expect(ParetoTail(logWeights: []) == nil)
    for wrong in [Double.nan, .infinity] { #expect(ParetoTail(logWeights: weights + [wrong]) == nil) }
    #expect(ParetoTail(logWeights: .init(repeating: -.infinity, count: 100)) == nil)
  }
}
