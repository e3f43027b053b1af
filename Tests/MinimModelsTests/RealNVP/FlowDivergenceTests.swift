import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct FlowDivergenceTests {
  private static let target = GaussianMixture.correlatedNormal(mean: [1, -1], deviations: [1, 0.7], correlation: 0.8)

  /// x = L u + b with a given L.
  private static func affine() throws -> (SmallFlow, covariance: [[Double]]) {
    let it = try SmallFlow(#"{"couplings": 0}"#, .sample(target))
    it.set("affine.logDiagonal", [Elementary.log(1.3), Elementary.log(0.6)])
    it.set("affine.below", [0.4])
    it.set("affine.bias", [0.5, -0.3])
    return (it, [[1.69, 0.52], [0.52, 0.16 + 0.36]])
  }

  @Test("both KL of an affine flow to a normal are the closed forms") func normals() throws {
    let (it, covariance) = try Self.affine()
    let flow = try it.flow()
    let (m, c) = (Self.target.mean, Self.target.covariance)
    let forward = flow.forwardKL(from: Self.target), reverse = flow.reverseKL(to: Self.target)
    #expect(abs(forward.value - normalKL(m, c, [0.5, -0.3], covariance)) < 1e-10)
    #expect(abs(reverse.value - normalKL([0.5, -0.3], covariance, m, c)) < 1e-10)
    // They are two numbers.
    #expect(abs(forward.value - reverse.value) > 0.1 && forward.error < 1e-8 && reverse.error < 1e-8)
  }

  @Test("the KL in u is that in x, and the law in u has mass 1; the sheet's has not") func coordinates() throws {
    let (it, _) = try Self.affine()
    let flow = try it.flow()
    let inU = flow.pulledBack(Self.target, cells: 200)
    #expect(abs(inU.kl.value - flow.forwardKL(from: Self.target).value) < 1e-9)
    #expect(abs(inU.mass.value - 1) < 1e-10)
    // The determinant of F is 0.78 everywhere: with that of its inverse r is divided by 0.78^2.
    let factor = 1 / (0.78 * 0.78)
    #expect(abs(inU.klWithInverse - factor * (inU.kl.value + Elementary.log(factor))) < 1e-9)
  }

  @Test("mass 1 in a box that holds everything, and what a box has in closed form") func mass() throws {
    let (it, _) = try Self.affine()
    let flow = try it.flow()
    let whole = flow.mass(in: [-15...15, -15...15], cells: 400)
    #expect(abs(whole.mass.value - 1) < 1e-10)
    #expect(abs(whole.withoutDeterminant - 0.78) < 1e-9)
    // Half of a normal is above its first mean.
    #expect(abs(flow.mass(in: [0.5...15.5, -15...15], cells: 400).mass.value - 0.5) < 1e-4)
  }

  @Test("couplings: points go there and back, densities are those of the expression") func points() throws {
    let it = try SmallFlow(SmallFlow.couplings, .sample(GaussianMixture.fourClusters), scale: 0.6)
    let flow = try it.flow()
    let u = values(2 * 1000, seed: 4).map { 3 * $0 }
    let x = flow.forward(u)
    let back = flow.inverse(x.points)
    #expect(distance(back.points, u) < 1e-11)
    #expect(distance(back.logDets, x.logDets.map { -$0 }) < 1e-11)
    let base = flow.baseLogProbs(u)
    #expect(distance(flow.logProbs(x.points), zip(base, x.logDets).map { $0 - $1 }) < 1e-10)
    // It is a flow that moves something.
    #expect(distance(x.points, u) > 0.3 && (x.logDets.map { abs($0) }.max() ?? 0) > 0.1)
  }
}
