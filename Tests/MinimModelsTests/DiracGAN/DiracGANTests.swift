import MinimConfiguration
import MinimData
import MinimModels
import MinimNN
import TestSupport
import Testing

/// The Dirac-GAN against golden numbers, and what is claimed of it.
@Suite struct DiracGANTests {
  private static func trained(_ model: DiracGAN, _ rule: UpdateRule? = nil, end: [Double]? = nil) throws -> Trained {
    let vector = try ParameterVector(model.parameters, precision: .float64)
    for (entry, value) in zip(model.parameters.entries, end ?? model.start) { vector[entry] = [value] }
    var it = MinimModelsTests.trained(vector, data: SmallGame.data)
    it.rule = rule
    return it
  }

  private static func path(_ model: DiracGAN, _ rule: UpdateRule, steps: Int) throws -> [[Double]] {
    let objective = model.objective(Batch(count: 1, of: SmallGame.data))
    return try Trajectories(model.parameters, rule, trained(model)) { _ in objective }
      .trajectory(from: model.start, steps: steps)
  }

  private static let generatorFirst = Dynamics.alternating(order: ["generator", "critic"])

  @Test("trajectories and rates of the golden numbers") func golden() throws {
    let cases = try #require(Golden["game", "dirac_gan", "cases"].array)
    #expect(cases.count == 4)
    for json in cases {
      let gamma = try #require(json["gamma"]?.number), rate = try #require(json["h"]?.number)
      let isSimultaneous = json["alg"]?.string == "sim"
      let model = DiracGAN(
        gradientPenalty: gamma, critic: try #require(json["psi0"]?.number),
        generator: try #require(json["theta0"]?.number))
      let rule = LinearRule(rate: rate, .momentum(0), isSimultaneous ? .simultaneous : Self.generatorFirst)
      let end = try #require(try Self.path(model, rule.updateRule(steps: 100), steps: 100).last)
      let exact = [try #require(json["psi100"]?.number), try #require(json["theta100"]?.number)]
      #expect(distance(end, exact) <= 1e-10 * norm(exact))
      let plain = DiracRule(rate: rate, isSimultaneous ? .simultaneous : .generatorFirst)
      #expect(distance(plain.trajectory(from: model.start, steps: 100, gamma)[100], exact) <= 1e-10 * norm(exact))
      let radius = try #require(json["local_spectral_radius"]?.number)
      #expect(abs(try plain.spectralRadius(gamma) - radius) < 1e-7)
    }
  }

  @Test("claims hold with R1; without it the run does not converge, and all else holds", arguments: [0.5, 0])
  func claims(_ gamma: Double) throws {
    let model = DiracGAN(gradientPenalty: gamma, critic: 1, generator: 1)
    for dynamics in [Dynamics.simultaneous, .alternating(), Self.generatorFirst] {
      let rule = LinearRule(rate: 0.1, .momentum(0), dynamics).updateRule(steps: 300)
      let end = try Self.path(model, rule, steps: 300).last
      let claims = try model.claims(Self.trained(model, rule, end: end))
      #expect(claims.map(\.id) == ["G1", "G7b", "G7", "G0"])
      for claim in claims where claim.id != "G0" { #expect(claim.verdict == .holds, "\(claim.id), \(dynamics)") }
      if gamma > 0 { #expect(claims[3].verdict == .holds) }
      if dynamics == .simultaneous, gamma == 0 { #expect(claims[3].verdict == .fails) }
    }
  }

  @Test("steps that make chaos are no failure, and other rules are not judged by a matrix") func limits() throws {
    let model = DiracGAN(gradientPenalty: 0, critic: 1, generator: 1)
    for rule in [
      LinearRule(rate: 50, .momentum(0), .alternating()).updateRule(steps: 300),
      LinearRule(rate: 0.1, .momentum(0), .extragradient).updateRule(steps: 300),
      UpdateRule(optimizer: Adam(), schedule: Schedule(peak: 0.1, steps: 100), steps: 100),
    ] {
      let claims = try model.claims(Self.trained(model, rule))
      #expect(claims[0].verdict == .notApplicable || claims[0].verdict == .holds)
      #expect(claims.allSatisfy { !$0.provesBug })
    }
  }

  @Test("a start at the equilibrium is refused") func equilibrium() throws {
    let found = try readSection(#"{"critic": 0, "generator": 0}"#) { DiracGAN($0, NoData($0).load(from: [], seed: 0)) }
    #expect(found.problems == ["critic"])
  }
}
