import MinimKernels
import MinimNN
import TestSupport
import Testing

@Suite struct NormalPointsTests {
  /// The mean of a function of a point.
  private static func mean(_ it: NormalPoints, _ value: ([Double]) -> Double) -> Double {
    zip(it.weights, rows(it.points, it.dimensions)).reduce(0) { $0 + $1.0 * value($1.1) }
  }

  @Test(
    "pairs of draws have every moment of degree three at most, and are a sample in the fourth", arguments: [1, 3, 16])
  func moments(_ d: Int) {
    let it = NormalPoints(pairs: 512, dimensions: d, key: RandomKey(seed: 1))
    #expect(it.count == 1024 && it.points.count == 1024 * d && abs(it.weights.reduce(0, +) - 1) < 1e-12)
    for i in 0..<d {
      #expect(abs(Self.mean(it) { $0[i] }) < 1e-14)
      for j in 0...i {
        #expect(abs(Self.mean(it) { $0[i] * $0[j] } - (i == j ? 1 : 0)) < 1e-13)
        #expect(abs(Self.mean(it) { $0[i] * $0[j] * $0[0] }) < 1e-13)
      }
      // z^4 has the variance 96; the covariance is matched, which only makes it less.
      let fourth = Self.mean(it) { $0[i] * $0[i] * $0[i] * $0[i] }
      #expect(abs(fourth - 3) < 4 * (96.0 / 512).squareRoot() && abs(fourth - 3) > 1e-6)
    }
  }

  @Test("a polynomial of degree two is exact where the draws alone are not")
  func control() {
    let key = RandomKey(seed: 3), pairs = 64, d = 4
    func quadratic(_ z: [Double]) -> Double { 1 + z[0] - 2 * z[1] + z[0] * z[3] + 0.5 * z[2] * z[2] }
    let it = NormalPoints(pairs: pairs, dimensions: d, key: key)
    #expect(abs(Self.mean(it, quadratic) - 1.5) < 1e-13)
    let plain = rows((0..<pairs * d).map { key.normal(at: UInt64($0)) }, d)
    #expect(abs(plain.reduce(0) { $0 + quadratic($1) } / Double(pairs) - 1.5) > 1e-2)
    // Another key has other points.
    #expect(NormalPoints(pairs: pairs, dimensions: d, key: RandomKey(seed: 4)).points != it.points)
  }

  @Test("a product is the rule's", arguments: [1, 2])
  func product(_ d: Int) {
    let rule = GaussHermite(5), it = NormalPoints(rule, dimensions: d), expected = rule.product(dimensions: d)
    #expect(it.dimensions == d && it.points == expected.points && it.weights == expected.weights)
  }
}
