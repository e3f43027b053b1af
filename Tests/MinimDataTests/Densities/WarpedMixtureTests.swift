import Foundation
import MinimData
import TestSupport
import Testing

@Suite struct WarpedMixtureTests {
  private static let warps: [AreaPreservingWarp] = [
    .parabola(curvature: 0.5, offset: 1), .parabola(curvature: -2, offset: 0), .twist(rate: 0.2), .twist(rate: -1.5),
  ]

  /// det of the Jacobian by central differences.
  private static func determinant(at u: [Double], _ map: ([Double]) -> [Double]) -> Double {
    let step = 1e-5
    let columns = (0..<2).map { j in
      let ends = [step, -step].map { h in map(u.indices.map { u[$0] + (j == $0 ? h : 0) }) }
      return zip(ends[0], ends[1]).map { ($0 - $1) / (2 * step) }
    }
    return columns[0][0] * columns[1][1] - columns[1][0] * columns[0][1]
  }

  @Test("a warp preserves areas, and its inverse undoes it", arguments: warps)
  func areas(_ warp: AreaPreservingWarp) {
    var random = SplitMix(seed: 9)
    for _ in 0..<50 {
      let u = (0..<2).map { _ in 3 * random.symmetric() }
      let x = warp.forward(u)
      #expect(distance(warp.inverse(x), u) < 1e-12)
      #expect(distance(x, u) > 1e-6)
      #expect(abs(Self.determinant(at: u, warp.forward) - 1) < 1e-7)
      #expect(abs(Self.determinant(at: x, warp.inverse) - 1) < 1e-7)
    }
    // The control: a rotation by something that it changes itself, the usual pinwheel, does not.
    let usual = { (u: [Double]) -> [Double] in
      let angle = 0.25 * exp(u[0])
      return [cos(angle) * u[0] - sin(angle) * u[1], sin(angle) * u[0] + cos(angle) * u[1]]
    }
    #expect(abs(Self.determinant(at: [1, 0.5], usual) - 1) > 1e-2)
  }

  /// p(x1) p(x2 given x1).
  @Test func bananaByTheDefinition() {
    let banana = WarpedMixture.banana(deviation: 1.5, sigma: 0.4, curvature: 0.3)
    func normal(_ x: Double, _ mean: Double, _ sigma: Double) -> Double {
      -pow((x - mean) / sigma, 2) / 2 - log(sigma) - log(2 * .pi) / 2
    }
    for x in [[0, 0], [1, -0.5], [-2, 3], [4, 4]] {
      let expected = normal(x[0], 0, 1.5) + normal(x[1], 0.3 * (x[0] * x[0] - 2.25), 0.4)
      #expect(abs(banana.logProb(x) - expected) < 1e-10)
    }
  }

  /// The middle of an arm is turned by twist radius^2, and has the density of the middle of the straight arm.
  @Test func pinwheelByTheDefinition() {
    let (straight, bent) = (WarpedMixture.pinwheel(twist: 0), WarpedMixture.pinwheel(twist: 0.2))
    let angle = 0.2 * 1.8 * 1.8
    let middle = [1.8 * cos(angle), 1.8 * sin(angle)]
    #expect(abs(bent.logProb(middle) - straight.logProb([1.8, 0])) < 1e-10)
    // One of five arms, of deviations 0.4 and 0.12; the others are too far to matter.
    #expect(abs(straight.logProb([1.8, 0]) + log(5) + log(0.4 * 0.12) + log(2 * .pi)) < 1e-3)
    #expect(abs(straight.logProb([2.2, 0]) - straight.logProb([1.8, 0]) + 0.5) < 1e-3)
    #expect(bent.logProb([1.8, 0]) < bent.logProb(middle) - 1)
    #expect(distance(straight.covariance, bent.covariance) == 0)
  }
}
