import MinimKernels
import MinimModels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Many games side by side against each by itself, and against the theory.
@Suite struct GameFamilyTests {
  private static let game = SmallGame([1, 0.5, -0.3, 0.8], [1, -0.5], [0.3, 0.7])

  private static func growth(
    _ rule: LinearRule, _ games: [GameFamily.Parameters], steps: Int = 400, workers: Int = 1
  ) throws -> [Double] {
    var trained = try game.trained()
    trained = Trained(
      parameters: trained.parameters, data: trained.data, pool: WorkerPool(workers: workers), level: .preferred,
      seed: 1)
    return try GameFamily(rule, matrix: game.matrix, n: 2, trained).growth(games, from: game.start, steps: steps)
  }

  private static let rules: [LinearRule] = [
    LinearRule(rate: 1), LinearRule(rate: 1, .momentum(0), .alternating()),
    LinearRule(rate: 1, .momentum(0), .extragradient), LinearRule(rate: 1, .optimistic),
    LinearRule(rate: 1, .optimistic, .alternating()), LinearRule(rate: 1, consensus: 1),
    LinearRule(rate: 1, .momentum(0), .alternating(order: ["generator", "critic"])),
    LinearRule(rate: 1, .momentum(0), .alternating(firstSteps: 2)),
  ]

  @Test("each game grows as the engine's trajectory of it does, and as its spectral radius says", arguments: rules)
  func sideBySide(_ rule: LinearRule) throws {
    let rates = [0.05, 0.2, 0.35, 0.5, 0.9, 1.3]
    let games = rates.map { GameFamily.Parameters(rate: $0, consensus: rule.consensus) }
    let found = try Self.growth(rule, games)
    for (rate, factor) in zip(rates, found) {
      let own = LinearRule(rate: rate, rule.descent, rule.dynamics, consensus: rule.consensus)
      let path = try Self.game.trajectory(own, steps: 400)
      // The same stretches, at the ends of ten steps.
      func most(_ range: Range<Int>) -> Double {
        stride(from: range.lowerBound + 10, through: range.upperBound, by: 10).map { step in
          step < path.count ? path[step].map(abs).max() ?? 0 : .infinity
        }.max() ?? 0
      }
      let exact = Elementary.exp(Elementary.log(most(300..<400) / most(200..<300)) / 100)
      if exact.isFinite, most(300..<400) > 1e-280 {
        #expect(abs(factor - exact) < 1e-9 * exact, "\(own.name), \(rate)")
      }
      let radius = try GameRates(own).spectralRadius(Self.game.singularValues())
      let isOver = factor.isInfinite && radius > 4
      #expect(abs(factor / radius - 1) < 0.02 || isOver, "\(own.name), \(rate): \(factor), \(radius)")
    }
  }

  @Test("momentum differs from game to game") func momentum() throws {
    let rule = LinearRule(rate: 1, .momentum(-0.5), .alternating())
    let momenta = [-0.7, -0.3, 0, 0.2]
    let found = try Self.growth(rule, momenta.map { .init(rate: 0.4, momentum: $0) }, steps: 800)
    for (momentum, factor) in zip(momenta, found) {
      let own = LinearRule(rate: 0.4, .momentum(momentum), .alternating())
      #expect(abs(factor - (try GameRates(own).spectralRadius(Self.game.singularValues()))) < 0.01)
    }
    #expect(Set(found).count == 4)
  }

  @Test("a game that ends has grown without bound, one that arrives has not grown") func ends() throws {
    let plain = LinearRule(rate: 1)
    #expect(try Self.growth(plain, [.init(rate: 1000)], steps: 2000) == [.infinity])
    let damped = LinearRule(rate: 1, .momentum(0), .extragradient)
    #expect(try Self.growth(damped, [.init(rate: 0.7)], steps: 20_000) == [0])
  }

  @Test("100,000 games of 100 steps have the same bits for any number of workers") func many() throws {
    let rule = LinearRule(rate: 1, .momentum(0), .alternating())
    let games = (0..<100_000).map { GameFamily.Parameters(rate: 2e-5 * Double($0 + 1), momentum: -0.3) }
    let alone = try Self.growth(rule, games, steps: 120)
    let team = try Self.growth(rule, games, steps: 120, workers: 3)
    #expect(alone.map(\.bitPattern) == team.map(\.bitPattern))
    #expect(alone.contains { $0 < 0.97 } && alone.contains { $0 > 1.1 })
  }

  @Test("step sizes at which rules turn, by runs: 1/sqrt 3, 1 and 2, within 1e-3; and all rules side by side")
  func boundaries() throws {
    let model = Bilinear(
      BilinearConfiguration(
        matrix: Self.game.matrix, critic: [1, -0.5], generator: [0.3, 0.7], phaseDiagram: true))
    let rule = LinearRule(rate: 0.3, .momentum(0), .extragradient).updateRule(steps: 100)
    let found = try model.measuredBoundaries(Self.game.trained(rule: rule))
    #expect(distance(found, [1, 1 / 3.0.squareRoot(), 2]) < 1e-3)
    let claims = try model.claims(Self.game.trained(rule: rule))
    for id in ["G2b", "G2c", "G2d"] { #expect(claims.first { $0.id == id }?.verdict == .holds, "\(id)") }
  }
}
