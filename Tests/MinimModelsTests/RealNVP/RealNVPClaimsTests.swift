import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct RealNVPClaimsTests {
  private static let mixture = DataSplit.sample(GaussianMixture.fourClusters)

  @Test("a random flow: identities hold, and their controls fail", arguments: [1, 2] as [UInt64])
  func random(_ seed: UInt64) throws {
    let claims = try SmallFlow(SmallFlow.couplings, Self.mixture, scale: 0.5, seed: seed).claims()
    for id in ["F1", "F1b", "F1c", "F2", "F2b"] {
      let claim = try #require(claims[id])
      #expect(claim.verdict == .holds && claim.control?.fails == true, "\(id): \(claim.measured) \(claim.reason ?? "")")
    }
    #expect(try #require(claims["F1"]).measured < 1e-10)
    // Not trained: above the floor, and no bug.
    let floor = try #require(claims["F3b"])
    #expect(floor.verdict == .fails && !floor.provesBug && abs(floor.expected - 0.941464401903) < 1e-9)
  }

  @Test("where the map is the identity no control could fail, and nothing is claimed") func identity() throws {
    let claims = try SmallFlow(SmallFlow.couplings, Self.mixture).claims()
    for id in ["F1", "F1b", "F1c", "F2b"] {
      #expect(
        claims[id]?.verdict == .notApplicable && claims[id]?.reason?.contains("control cannot fail") == true, "\(id)")
    }
    #expect(claims["F2"]?.verdict == .holds)
  }

  /// A bijector with a mistake.
  private struct Wrong: Bijector {
    let base: any Bijector
    /// The factor of the log-det both ways, and what the inverse is off by.
    var factor = 1.0, offset = 0.0

    func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
      let (y, logDet) = base.forwardAndLogDet(x)
      return (y, factor * logDet)
    }
    func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
      let (x, logDet) = base.inverseAndLogDet(y)
      return (x + offset, factor * logDet)
    }
  }

  @Test("a wrong log-det and a wrong inverse are found, as bugs") func mistakes() throws {
    var it = try SmallFlow(SmallFlow.couplings, Self.mixture, scale: 0.5)
    let right = it.model
    it.model = RealNVP(right) { Wrong(base: $0, factor: 1.01) }
    let determinant = try it.claims()
    for id in ["F1", "F1c", "F2b"] {
      #expect(determinant[id]?.verdict == .fails && determinant[id]?.provesBug == true, "\(id)")
    }
    it.model = RealNVP(right) { Wrong(base: $0, offset: 1e-7) }
    let inverse = try it.claims()
    #expect(inverse["F1b"]?.provesBug == true)
    #expect(inverse["F1"]?.verdict == .holds)
  }

  @Test("a short training is below the affine floor, and every claim holds") func trainedFlow() throws {
    var it = try SmallFlow(
      #"{"couplings": 6, "hidden": [32]}"#, .sample(GaussianMixture.fourClusters, rows: 4000))
    let (vector, _) = try train(it.model, on: it.data, steps: 400, rate: 0.01, precision: .float64)
    it = SmallFlow(it, vector)
    let claims = try it.claims()
    for id in ["F1", "F1b", "F1c", "F2", "F2b", "F3", "F3b"] {
      #expect(claims[id]?.verdict == .holds, "\(id): \(claims[id]?.measured ?? .nan) \(claims[id]?.reason ?? "")")
    }
    let kl = try #require(claims["F3"]).measured
    #expect(kl > 0 && kl < 0.3)
    // The sample of the same data says the same.
    let (mean, error) = it.model.sampledKL(try it.flow(), GaussianMixture.fourClusters, it.trained)
    #expect(abs(mean - kl) < 5 * error && error < 0.02)
  }

  @Test("more than two values: only what needs no grid") func manyValues() throws {
    let data = DataSplit.sample(
      GaussianMixture(
        name: "two balls", means: [[1, 0, 0, 1, 2], [-1, 0, 1, 0, 0]], sigmas: [0.5, 0.8]))
    let claims = try SmallFlow(SmallFlow.couplings, data, scale: 0.4).claims()
    #expect(["F1", "F1b", "F2"].allSatisfy { claims[$0]?.verdict == .holds })
    #expect(["F1c", "F2b"].allSatisfy { claims[$0]?.verdict == .notApplicable })
  }
}
