import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Moments of games with noise.
@Suite struct NoisyGameTests {
  private static func model(_ noise: Double) -> Bilinear {
    Bilinear(BilinearConfiguration(matrix: [1.5], critic: [1], generator: [0.5], noise: noise))
  }

  private static let game = SmallGame([1.5], [1], [0.5])

  @Test("the first steps by hand, and the recursion of simultaneous steps") func byHand() throws {
    let (a, s, m) = (0.2, 0.3, 1.5)
    let it = try #require(NoisyGame(LinearRule(rate: a), matrix: [m], n: 1, variance: s))
    let one = it.moments(from: [1, 0.5], steps: 1)
    #expect(distance(one.mean, [1 + a * m * 0.5, 0.5 - a * m]) < 1e-15)
    #expect(distance(one.covariance, [a * a * s, 0, 0, 0]) < 1e-15)
    // Cov' = A Cov A^T + a^2 diag(s, 0), A = [[1, a m], [-a m, 1]].
    let two = it.moments(from: [1, 0.5], steps: 2)
    #expect(
      distance(two.covariance, [2 * a * a * s, -a * m * a * a * s, -a * m * a * a * s, a * m * a * m * a * a * s])
        < 1e-15)
    // Alternating: the generator sees the noise through the critic at once.
    let turns = try #require(
      NoisyGame(LinearRule(rate: a, .momentum(0), .alternating()), matrix: [m], n: 1, variance: s))
    #expect(
      distance(
        turns.moments(from: [1, 0.5], steps: 1).covariance,
        [a * a * s, -a * a * a * m * s, -a * a * a * m * s, a * a * a * a * m * m * s]) < 1e-15)
  }

  @Test(
    "the engine's runs have these moments, and not those of half the noise",
    arguments: [
      Dynamics.simultaneous, .alternating(), .alternating(order: ["generator", "critic"]), .extragradient,
    ])
  func moments(_ dynamics: Dynamics) throws {
    let rule = LinearRule(rate: 0.2, .momentum(0), dynamics).updateRule(steps: 50)
    let claim = try #require(try Self.model(0.7).claims(Self.game.trained(rule: rule)).first { $0.id == "G3" })
    #expect(claim.verdict == .holds && claim.measured > 0.1, "\(claim.measured)")
    #expect((claim.control?.measured ?? 0) > 10)
  }

  @Test("other rules, and games without noise, are not judged") func notApplicable() throws {
    let plain = LinearRule(rate: 0.2).updateRule(steps: 50)
    let optimistic = LinearRule(rate: 0.2, .optimistic).updateRule(steps: 50)
    func claim(_ noise: Double, _ rule: UpdateRule) throws -> Claim? {
      try Self.model(noise).claims(Self.game.trained(rule: rule)).first { $0.id == "G3" }
    }
    #expect(try claim(0, plain)?.verdict == nil)
    #expect(try claim(0.7, optimistic)?.verdict == .notApplicable)
    // With noise the run's end is no power of a matrix, all else is of the game without it.
    let noisy = try Self.model(0.7).claims(Self.game.trained(rule: plain))
    #expect(noisy.first { $0.id == "G1b" }?.verdict == .notApplicable)
    #expect(noisy.first { $0.id == "G1" }?.verdict == .holds)
  }

  @Test("a batch has the mean of its examples' noise") func batches() throws {
    func variance(_ examples: Int) throws -> Double {
      let model = Self.model(1)
      let rule = LinearRule(rate: 1).updateRule(steps: 1)
      let play = try Trajectories(model.parameters, rule, Self.game.trained(), examples: examples) {
        model.objective(Batch(count: $0, of: SmallGame.data))
      }
      let ends = (1...4000).map { play.trajectory(from: [0, 0], steps: 1, firstStep: $0).last?[0] ?? .nan }
      return ends.reduce(0) { $0 + $1 * $1 } / 4000
    }
    #expect(abs(try variance(1) - 1) < 0.12)
    #expect(abs(try variance(16) * 16 - 1) < 0.12)
  }
}
