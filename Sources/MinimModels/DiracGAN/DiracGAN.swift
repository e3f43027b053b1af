import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

/// The Dirac-GAN (Mescheder, Geiger and Nowozin 2018, "Which Training Methods for GANs do actually Converge?", section
/// 2): the data are one point at 0, the generator is one point at theta, the critic is the line psi x, and the game is
/// L = f(psi theta) + f(0) with f(t) = -log(1 + exp(-t)). It is the smallest GAN whose equilibrium, 0, is reached with
/// R1 and not by plain steps: near it the field rotates.
public struct DiracGAN: Sendable {
  /// gamma, the weight of R1: the critic also minimizes gamma / 2 psi^2, the square of its slope at the data.
  public let gradientPenalty: Double
  /// "critic" and "generator", each [1].
  public let parameters: ParameterLayout
  /// The initial values of critic and generator.
  public let start: [Double]

  let critic: Tensor, generator: Tensor

  /// Creates a game from a start.
  public init(gradientPenalty: Double, critic: Double, generator: Double, _ scope: ParameterScope = .init()) {
    self.gradientPenalty = gradientPenalty
    start = [critic, generator]
    self.critic = scope.parameter("critic", shape: [1], .values([critic]))
    self.generator = scope.parameter("generator", shape: [1], .values([generator]))
    parameters = scope.layout
  }

  /// Reads the section "model".
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    data.requireNothing("a dirac-gan", section)
    let penalty = section.number(
      "gradientPenalty", default: 1, in: 0...100, "gamma of R1; 0 for none, and then nothing plain converges.")
    let critic = section.number("critic", default: 1, in: -10...10, "Where the critic's slope starts.")
    let generator = section.number("generator", default: 1, in: -10...10, "Where the generator's point starts.")
    if critic == 0, generator == 0 {
      section.report("critic", "both players start at their equilibrium, which they never leave: start elsewhere")
    }
    self.init(gradientPenalty: penalty, critic: critic, generator: critic == 0 && generator == 0 ? 1 : generator)
  }

  /// L, of one element; f(0) is -log 2.
  var value: Tensor { (-softplus(-(critic * generator))).sum() - Elementary.log(2) }

  /// The critic maximizes L and pays for its slope, the generator minimizes L.
  var game: Objective {
    let penalty = gradientPenalty / 2 * square(critic).sum()
    return Objective(
      "value", value,
      players: [
        .init("critic", minimizing: penalty - value, by: [critic]),
        .init("generator", minimizing: value, by: [generator]),
      ])
  }
}

extension DiracGAN: Model {
  /// Returns true: the claims follow the parameters from the values in the config.
  public var definesStart: Bool { true }

  /// The game, with L as the metric.
  public func objective(_ batch: Batch) -> Objective { game }

  /// Nil: a game has no loss per example.
  public func losses(_ batch: Batch) -> Tensor? { nil }

  /// The generator's only point, `count` times: one pixel each, black at -4 and white at 4.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    let theta = Float(players(trained)[1])
    // A point that has diverged may have no place at all.
    let reach = theta.isFinite ? 2 + Double(abs(theta)) : 2, draws = [Float](repeating: theta, count: count)
    let plot = Plot(
      "the generator's point next to that of the data", xLabel: "x", yLabel: "probability", xRange: -reach...reach,
      yRange: 0...1.1,
      [
        .init(.dots([(0, 1, 0)]), name: "data", color: 1),
        .init(.dots([(Double(theta), 1, 0)]), name: "generator", color: 0),
      ])
    return Samples(draws, exampleShape: [1], content: .plots([plot], columns: 1))
  }

  /// The critic and the generator.
  func players(_ trained: Trained) -> [Double] { parameters.entries.flatMap { trained.parameters[$0] } }

  /// Returns the players' values, and the rates near 0.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let z = players(trained)
    var metrics: [Evaluation.Metric] = [
      .init("norm", euclideanNorm(z), "the distance of the players from 0, the equilibrium"),
      .init("startNorm", euclideanNorm(start), "what it was at the start"),
      .init("critic", z[0], "the critic's slope, psi"), .init("generator", z[1], "the generator's point, theta"),
    ]
    guard let rule = trained.rule.flatMap(DiracRule.init) else { return Evaluation(metrics) }
    metrics.append(
      .init("spectralRadius", try rule.spectralRadius(gradientPenalty), "of the run's step near 0: \(rule.name)"))
    return Evaluation(metrics)
  }

  /// Returns the players' path, and their distance from 0 with and without R1.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    guard let rule = trained.rule else { return [] }
    let games = [("the run", gradientPenalty), ("gamma 0", 0), ("gamma 0.5", 0.5), ("gamma 1", 1)]
    let paths = try games.map { try play(rule, trained, gradientPenalty: $0.1).trajectory(from: start, steps: 500) }
    let plane = zip(games, paths).enumerated().prefix(2).map { index, it in
      Plot.Series(.line(it.1.map { ($0[0], $0[1]) }), name: it.0.0, color: index)
    }
    let perDecade = Elementary.log(10)
    let distances = zip(games, paths).enumerated().map { index, it in
      Plot.Series(
        .line(it.1.enumerated().map { (Double($0), Elementary.log(max(euclideanNorm($1), 1e-300)) / perDecade) }),
        name: it.0.0, color: index)
    }
    return [
      Picture(
        "game",
        plots: [
          Plot("psi and theta", xLabel: "critic", yLabel: "generator", isSquare: true, Array(plane)),
          Plot("distance from 0", xLabel: "step", yLabel: "|z|", yScale: .powersOfTen, distances),
        ], columns: 2)
    ]
  }

  /// The same game with another weight of R1, played by the engine in Double.
  func play(_ rule: UpdateRule, _ trained: Trained, gradientPenalty: Double? = nil) throws -> Trajectories {
    let it = DiracGAN(
      gradientPenalty: gradientPenalty ?? self.gradientPenalty, critic: start[0], generator: start[1])
    let game = it.game
    return try Trajectories(it.parameters, rule, trained) { _ in game }
  }
}
