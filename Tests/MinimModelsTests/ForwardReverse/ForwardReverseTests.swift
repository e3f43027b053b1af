import MinimConfiguration
import MinimData
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct ForwardReverseTests {
  private static func make(_ section: String, _ data: DataSplit) throws -> any Model {
    try ModelName.forwardReverse.make(section, data)
  }

  private static func optima(_ target: any DifferentiableDensity & KnownDensity) throws -> [Double] {
    let it = try SmallFlow(SmallFlow.couplings, .sample(target))
    return try AffineOptimum.all(of: target, it.trained)
  }

  /// One mode, and the solution with the symmetry of the whole.
  @Test("the optima of affine maps under reverse KL: one mode 1.378436, the symmetric one 1.731819") func optima()
    throws
  {
    let found = try Self.optima(GaussianMixture.fourClusters)
    try #require(found.count == 2)
    #expect(abs(found[0] - 1.378436) < 2e-5 && abs(found[1] - 1.731819) < 2e-4, "\(found)")
    // A normal is an affine map of a normal.
    let normal = try Self.optima(
      GaussianMixture.correlatedNormal(mean: [1, -1], deviations: [1, 1], correlation: 0.8))
    #expect(normal.count == 1 && abs(normal[0]) < 1e-5)
  }

  @Test("four flows with parameters of their own, and the sum of their losses") func parts() throws {
    let data = DataSplit.sample(GaussianMixture.fourClusters)
    let model = try #require(
      try Self.make(#"{"couplings": 2, "hidden": [8], "affineStart": [1, 0.1], "affineDeviation": 0.5}"#, data)
        as? ForwardReverse)
    #expect(model.parts.map(\.name) == ["affineForward", "affineReverse", "flowForward", "flowReverse"])
    let counts = model.parts.map { part in
      model.parameters.entries.count { $0.path.hasPrefix(part.name + ".") }
    }
    #expect(counts.allSatisfy { $0 > 0 } && counts.reduce(0, +) == model.parameters.entries.count)
    #expect(model.losses(Batch(count: 1, of: data)) == nil)
  }

  @Test("claims: affine maps that have arrived hold, and those that have not are not reached") func claims() throws {
    let data = DataSplit.sample(GaussianMixture.fourClusters, rows: 4000)
    let model = try Self.make(
      #"{"couplings": 4, "hidden": [16], "affineStart": [1, 0.1], "affineDeviation": 0.5}"#, data)
    func claims(_ steps: Int) throws -> [String: Claim] {
      let (vector, _) = try train(model, on: data, steps: steps, rate: 0.01, precision: .float64)
      let claims = try model.claims(trained(vector, data: data))
      return Dictionary(uniqueKeysWithValues: claims.map { ($0.id, $0) })
    }
    let (early, late) = (try claims(2), try claims(600))
    #expect(early["D1b"]?.verdict == .fails && early["D2"]?.verdict == .fails)
    #expect(early.values.allSatisfy { !$0.provesBug })
    for id in ["D1", "D1b", "D2", "D3"] {
      #expect(late[id]?.verdict == .holds, "\(id) \(late[id]?.measured ?? .nan) \(late[id]?.reason ?? "")")
    }
    #expect(abs((late["D2"]?.expected ?? 0) - 1.378436) < 1e-4)
  }

  @Test(
    "what is wrong with a config is said",
    arguments: [
      (#"{"affineStart": [1]}"#, "expected 2 numbers or none"), (#"{"couplings": 0}"#, "needs couplings"),
      (#"{"affineDeviation": 0}"#, "0.01...100"),
    ])
  func mistakes(_ section: String, _ words: String) throws {
    let error = #expect(throws: ConfigurationErrors.self) {
      try Self.make(section, .sample(GaussianMixture.fourClusters))
    }
    #expect("\(try #require(error))".contains(words))
  }

  @Test("a density alone, and one without a gradient, are refused") func data() throws {
    let energy = Energy(.u1)
    let alone = DataSplit(name: energy.name, training: .none(exampleShape: [2]), distribution: energy)
    for (data, words) in [(alone, "forward KL needs samples"), (DataSplit.sample(Checkerboard()), "there is none")] {
      let error = #expect(throws: ConfigurationErrors.self) { try Self.make("{}", data) }
      #expect("\(try #require(error))".contains(words))
    }
  }
}
