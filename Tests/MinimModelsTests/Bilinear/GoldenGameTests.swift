import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// The engine's trajectories against those of an independent computation: exact rationals where the game is scalar.
@Suite struct GoldenGameTests {
  /// The rules by the names that the golden numbers have.
  static func rule(_ name: String, _ rate: Double, _ consensus: Double) throws -> LinearRule {
    switch name {
    case "simultaneous": LinearRule(rate: rate)
    case "alternating": LinearRule(rate: rate, .momentum(0), .alternating())
    case "extragradient": LinearRule(rate: rate, .momentum(0), .extragradient)
    case "optimistic": LinearRule(rate: rate, .optimistic)
    case "consensus": LinearRule(rate: rate, consensus: consensus)
    default: throw Unknown(name: name)
    }
  }

  struct Unknown: Error { let name: String }

  private static func check(_ json: JSON, _ game: SmallGame, _ end: (JSON) throws -> [Double]) throws {
    let rate = try #require(json["alpha"]?.number), gamma = try #require(json["gamma"]?.number)
    let algorithms = try #require(json["algorithms"]).members
    #expect(algorithms.count == 5)
    var ends: [(found: [Double], exact: [Double])] = []
    for (name, it) in algorithms {
      let rule = try rule(name, rate, gamma)
      let found = try game.trajectory(rule, steps: 100)
      let exact = try end(it)
      let norm = try #require(it["norm100"]?.number)
      #expect(found.count == 101)
      #expect(distance(found[100], exact) <= 1e-10 * norm, "\(name) at \(rate)")
      #expect(
        distance(ExactGame(rule, matrix: game.matrix, n: game.n).end(from: game.start, steps: 100), exact) <= 1e-10
          * norm)
      let radius = try GameRates(rule).spectralRadius(game.singularValues())
      #expect(abs(radius - (try #require(it["spectral_radius"]?.number))) < 1e-7, "\(name) at \(rate)")
      ends.append((found[100], exact))
    }
    // The control: a rule does not end where another one should. At the step size 1 two of them turn in place, and at 0.5 some
    // are at the origin to the last digit.
    var pairs = 0
    for i in ends.indices {
      for j in ends.indices where distance(ends[i].exact, ends[j].exact) > 1e-8 {
        #expect(distance(ends[i].found, ends[j].exact) > 1e-9)
        pairs += 1
      }
    }
    #expect(pairs >= 10)
  }

  @Test("scalar games, all rules, 100 steps")
  func scalar() throws {
    for json in try #require(Golden["game", "scalar"].array) {
      let start = try #require(json["z0"]?.numbers)
      try Self.check(json, SmallGame([1], [start[0]], [start[1]])) { try #require($0["z100"]?.numbers) }
    }
  }

  @Test("games of 2x2, all rules, 100 steps")
  func matrix() throws {
    for json in try #require(Golden["game", "matrix"].array) {
      let m = try #require(json["M"]?.matrix)
      let game = SmallGame(
        m.flatMap { $0 }, try #require(json["d0"]?.numbers), try #require(json["g0"]?.numbers))
      #expect(distance(try game.singularValues(), try #require(json["singular_values"]?.numbers)) < 1e-12)
      try Self.check(json, game) { try #require($0["d100"]?.numbers) + (try #require($0["g100"]?.numbers)) }
    }
  }

  /// More rules than the golden numbers have, against the plain matrix.
  @Test("momentum, several critic steps, the generator first and rules on top of each other follow their matrix")
  func otherRules() throws {
    let game = SmallGame([1, 0.5, -0.3, 0.8], [1, -0.5], [0.3, 0.7])
    let first = Dynamics.alternating(order: ["generator", "critic"])
    let rules = [
      LinearRule(rate: 0.3, .momentum(-0.5)), LinearRule(rate: 0.3, .momentum(-0.5), .alternating()),
      LinearRule(rate: 0.3, .momentum(0.3), .extragradient), LinearRule(rate: 0.3, .momentum(0), first),
      LinearRule(rate: 0.3, .momentum(0), .alternating(firstSteps: 3)),
      LinearRule(rate: 0.3, .momentum(0.2), .alternating(order: ["generator", "critic"], firstSteps: 2)),
      LinearRule(rate: 0.3, .optimistic, .alternating()), LinearRule(rate: 0.2, .optimistic, .extragradient),
      LinearRule(rate: 0.2, .momentum(0), .extragradient, consensus: 0.5),
      LinearRule(rate: 0.2, .momentum(0), .alternating(firstSteps: 2), consensus: 0.3),
      LinearRule(rate: 0.2, .optimistic, first, consensus: 0.3),
    ]
    let wrong = LinearRule(rate: 0.3, .momentum(0), .alternating())
    for rule in rules {
      let found = try game.trajectory(rule, steps: 60)
      let exact = ExactGame(rule, matrix: game.matrix, n: 2).trajectory(from: game.start, steps: 60)
      let other = ExactGame(wrong, matrix: game.matrix, n: 2).trajectory(from: game.start, steps: 60)
      for step in 0...60 {
        let norm = exact[step].reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(distance(found[step], exact[step]) <= 1e-10 * norm, "\(rule.name), step \(step)")
      }
      #expect(distance(found[60], other[60]) > 1e-6, "\(rule.name)")
    }
  }

  /// Each step needs the whole of the step before it. A worker that went ahead, or that read what another had not written yet,
  /// would play another game: alternating, or by the field of one step ago.
  @Test("over many workers the trajectory is that of simultaneous steps, neither alternating nor one step stale")
  func races() throws {
    let game = SmallGame([1], [1], [0.5])
    let rule = LinearRule(rate: 0.1)
    let engine = try StepEngine(
      parameters: game.trained().parameters, optimizer: SGD(), batchSizes: [64],
      options: .init(shards: 32, clipNorm: nil, seed: 1), pool: WorkerPool(workers: 8), kernels: .current(.float64)
    ) { game.model.objective(Batch(count: $0, of: SmallGame.data)) }
    let exact = ExactGame(rule, matrix: [1], n: 1).trajectory(from: game.start, steps: 2000)
    let turns = ExactGame(LinearRule(rate: 0.1, .momentum(0), .alternating()), matrix: [1], n: 1)
      .trajectory(from: game.start, steps: 2000)
    var stale = [game.start, game.start]
    for step in 1...2000 {
      _ = try engine.step(step, examples: 64, rate: 0.1) { _, _ in }
      let z = engine.parameters.layout.entries.flatMap { engine.parameters[$0] }
      #expect(distance(z, exact[step]) <= 1e-11 * norm(exact[step]), "step \(step)")
      let (now, before) = (stale[1], stale[0])
      stale = [now, [now[0] + 0.1 * before[1], now[1] - 0.1 * before[0]]]
      if step > 10 {
        #expect(distance(z, turns[step]) > 1e-3 && distance(z, stale[1]) > 1e-3)
      }
    }
  }
}
