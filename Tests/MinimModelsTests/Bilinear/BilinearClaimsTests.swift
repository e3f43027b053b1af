import MinimConfiguration
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// The claims of a game: that they hold where they must, and fail where they must.
@Suite struct BilinearClaimsTests {
  private static func verdicts(
    _ game: SmallGame, _ rule: UpdateRule, _ precision: Precision = .float64, end: [Double]? = nil
  ) throws -> [String: Claim.Verdict] {
    let last = try end ?? game.trajectory(rule, steps: rule.steps).last
    let claims = try game.model.claims(game.trained(last, rule: rule, precision: precision))
    return Dictionary(uniqueKeysWithValues: claims.map { ($0.id, $0.verdict) })
  }

  private static let scalar = SmallGame([1], [1], [0.5])
  private static let plane = SmallGame([1, 0.5, -0.3, 0.8], [1, -0.5], [0.3, 0.7])

  @Test("a simultaneous run diverges, and everything else that is said of it holds")
  func simultaneous() throws {
    let rule = LinearRule(rate: 0.1).updateRule(steps: 300)
    let found = try Self.verdicts(Self.scalar, rule)
    #expect(found.count == 7)
    for (id, verdict) in found { #expect(verdict == (id == "G0" ? .fails : .holds), "\(id)") }
    let other = try Self.verdicts(Self.plane, rule)
    for (id, verdict) in other {
      #expect(verdict == (id == "G0" ? .fails : id == "G10" ? .notApplicable : .holds), "\(id)")
    }
  }

  @Test("rules that converge do")
  func converging() throws {
    for rule in [
      LinearRule(rate: 0.4, .momentum(0), .extragradient), LinearRule(rate: 0.3, .optimistic),
      LinearRule(rate: 0.2, consensus: 1), LinearRule(rate: 0.4, .momentum(-0.5), .alternating()),
    ] {
      for game in [Self.scalar, Self.plane] {
        let found = try Self.verdicts(game, rule.updateRule(steps: 100))
        for (id, verdict) in found where id != "G10" { #expect(verdict == .holds, "\(id), \(rule.name)") }
      }
    }
  }

  @Test("a run in Float ends where the matrix leads, to its digits; one that ended elsewhere does not")
  func ending() throws {
    let rule = LinearRule(rate: 0.1, .momentum(0), .extragradient).updateRule(steps: 100)
    #expect(try Self.verdicts(Self.plane, rule, .float32)["G1b"] == .holds)
    #expect(try Self.verdicts(Self.plane, rule, end: [1, 0, 0, 0])["G1b"] == .fails)
  }

  @Test("Adam's step is no matrix: G1 and G2 say so, the claims of the sheet are checked all the same")
  func adam() throws {
    let rule = UpdateRule(
      optimizer: Adam(), dynamics: .extragradient, schedule: Schedule(peak: 0.05, steps: 50), steps: 50)
    let found = try Self.verdicts(Self.scalar, rule)
    #expect(found["G1"] == .notApplicable && found["G2"] == .notApplicable)
    #expect(found["G8"] == .holds && found["G9"] == .holds && found["G10"] == .holds)
  }

  @Test("the sheet's argument for a constant norm fails for alternating steps: the norms of the theory")
  func alternatingNorms() throws {
    for (rate, expected) in [(0.1, 1.147317), (0.5, 1.183114)] {
      let path = try Self.scalar.trajectory(LinearRule(rate: rate, .momentum(0), .alternating()), steps: 100)
      #expect(abs(norm(path[100]) - expected) < 1e-6)
      #expect(abs(norm(path[0]) - 1.118034) < 1e-6)
      // d^2 + g^2 + a d g stays what it was.
      for z in path { #expect(abs(z[0] * z[0] + z[1] * z[1] + rate * z[0] * z[1] - 1.25 - rate / 2) < 1e-12) }
    }
  }

  @Test("a random matrix has the singular values that are asked for, and another seed is another matrix")
  func randomMatrix() throws {
    func matrix(_ seed: Int) throws -> [Double] {
      let it = try readSection(#"{"singularValues": [2, 0.5, 1], "matrixSeed": \#(seed)}"#) {
        BilinearConfiguration($0)
      }
      #expect(it.problems == [])
      return it.value.matrix
    }
    let found = try matrix(1)
    #expect(distance(try LAPACK.singularValues(found, n: 3), [2, 1, 0.5]) < 1e-13)
    #expect(try distance(found, matrix(2)) > 0.1)
    #expect(try found == matrix(1))
  }

  @Test(
    "wrong games are refused at their place",
    arguments: [
      (#"{"matrix": [1, 2, 3]}"#, ["matrix"]), (#"{"matrix": [0]}"#, ["matrix"]),
      (#"{"singularValues": [0, 0]}"#, ["singularValues"]), (#"{"singularValues": [1], "matrix": [1]}"#, ["matrix"]),
      (#"{"matrix": [1, 0, 0, 1], "critic": [1]}"#, ["critic"]),
      (#"{"critic": [0], "generator": [0]}"#, ["critic"]), (#"{"start": [0]}"#, ["start"]),
    ])
  func wrong(_ text: String, _ problems: [String]) throws {
    #expect(try readSection(text) { BilinearConfiguration($0) }.problems == problems)
  }
}
