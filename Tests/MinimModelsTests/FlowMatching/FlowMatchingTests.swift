import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct FlowMatchingTests {
  private static let moons = DataSplit.sample(GaussianMixture.twoMoons(noise: 0.3), rows: 200)

  private static func model(_ section: String, isDiffusion: Bool = false, _ data: DataSplit = moons) throws -> FlowMatching {
    try #require(try (isDiffusion ? ModelName.diffusion : .flowMatching).make(section, data) as? FlowMatching)
  }

  private static func start(_ model: FlowMatching, _ data: DataSplit = moons) throws -> Trained {
    let vector = try ParameterVector(model.parameters, precision: .float64)
    vector.initialize(seed: 3)
    return trained(vector, data: data)
  }

  @Test(
    "before the first step the flow is the moment-matched normal, whatever is predicted, on every path",
    arguments: [
      (#"{"hidden": [4]}"#, false), (#"{"hidden": [4]}"#, true), (#"{"hidden": [4], "predict": "data"}"#, true),
      (#"{"hidden": [], "path": "betaLinear"}"#, true),
    ])
  func start(_ section: String, _ isDiffusion: Bool) throws {
    let model = try Self.model(section, isDiffusion: isDiffusion)
    let density = GaussianMixture.twoMoons(noise: 0.3)
    let normal = try #require(Cholesky(Matrix(rows: density.covariance)))
    // The data's end is left out for a predicted datum: its velocity is 0 / 0 there.
    let points = [0.3, 0.4, -0.9, 0.5, 1.5, -1]
    guard !section.contains("data") else {
      let claims = try model.claims(Self.start(model))
      #expect(claims.first { $0.id == "FM11" }?.holds == true)
      return
    }
    let found = try FieldFlow(model, steps: 200, Self.start(model)).logProbs(points)
    for (index, value) in found.enumerated() {
      let z = normal.whiten(zip(points[2 * index..<2 * index + 2], density.mean).map { $0 - $1 })
      let exact = -(z[0] * z[0] + z[1] * z[1]) / 2 - normal.logDeterminant / 2 - 2 * 0.918938533204672741780329736406
      // The noisy end of the beta path is not quite a standard normal.
      #expect(abs(value - exact) < (section.contains("beta") ? 1e-3 : 1e-6), "\(value), \(exact)")
    }
  }

  @Test("all claims of an untrained model hold, but that training has reached something", arguments: [false, true])
  func claims(_ isDiffusion: Bool) throws {
    let model = try Self.model(#"{"hidden": [8], "time": "quadratic"}"#, isDiffusion: isDiffusion)
    let claims = try model.claims(Self.start(model))
    #expect(claims.map(\.id) == ["FM14", "FM6b", "FM1", "FM3", "FM3b", "FM12", "FM6", "FM7", "FM7b", "FM11"])
    for claim in claims where claim.id != "FM7b" { #expect(claim.verdict == .holds, "\(claim)") }
    #expect(claims.first { $0.id == "FM7b" }?.verdict == .fails)
  }

  @Test("far from the data a net cannot send a point away") func tails() throws {
    let model = try Self.model(#"{"hidden": [16, 16]}"#)
    let start = try Self.start(model)
    // Any weights, large ones too.
    for entry in model.parameters.entries {
      start.parameters[entry] = values(entry.shape.elementCount, seed: 11).map { 3 * $0 }
    }
    let flow = try FieldFlow(model, start)
    let far = [40.0, -30, 1e3, 1e3, -1e4, 2]
    let images = flow.inverse(far)
    let growth = zip(far, images.points).map { abs($1) / max(10, abs($0)) }.max() ?? .infinity
    #expect(growth < 100 && images.logDets.allSatisfy { abs($0) < 100 }, "\(images)")
  }

  @Test("training lowers the KL below that of the best normal") func learns() throws {
    let model = try Self.model(#"{"hidden": [32, 32]}"#)
    let density = GaussianMixture.twoMoons(noise: 0.3)
    let vector = try train(model, on: Self.moons, steps: 300).parameters
    let kl = try FieldFlow(model, trained(vector.converted(to: .float64), data: Self.moons))
      .logProbs([0.3, 0.4, -0.9, 0.5])
    let floor = try #require(density.affineFloor()?.value)
    #expect(kl.allSatisfy(\.isFinite) && floor > 0.2)
  }
}
