import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

extension Bilinear: Model {
  /// Returns true: the claims follow the parameters from the values in the config.
  public var definesStart: Bool { true }

  /// The game as training sees it, with its value V as the metric.
  public func objective(_ batch: Batch) -> Objective {
    game(noise: configuration.noise > 0 ? noise(batch.count) : nil)
  }

  /// The critic minimizes -V, the generator V.
  ///
  /// - Parameter noise: added to the critic's gradient of V, [n]; nil for none.
  func game(noise: Tensor?) -> Objective {
    let seen = noise.map { value + (critic * $0).sum() } ?? value
    return Objective(
      "value", value,
      players: [
        .init("critic", minimizing: -seen, by: [critic]), .init("generator", minimizing: value, by: [generator]),
      ])
  }

  /// The mean over a batch of the random terms that data and generator add to M g, [n]; each of `count` examples has a
  /// draw of its own. The generator's gradient M^T d has no such terms.
  func noise(_ count: Int) -> Tensor {
    configuration.noise * Tensor.normal(shape: [count, n], purpose: .model).mean(axes: [0])
  }

  /// Nil: a game has no loss per example.
  public func losses(_ batch: Batch) -> Tensor? { nil }

  /// Draws of the generator whose mean the game is: g plus a standard normal for each value. Each is a row of pixels,
  /// black at -4 and white at 4.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    let g = players(trained.parameters).suffix(n)
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let values = (0..<count).flatMap { index in
      g.enumerated().map { Float($1 + key.normal(at: UInt64(index * n + $0))) }
    }
    return Samples(values, exampleShape: [n], content: Self.picture(values.map(Double.init), around: Array(g)))
  }

  /// Draws of the generator, whose mean is 0 at the equilibrium: a histogram of one value, points of two, images of more.
  private static func picture(_ values: [Double], around g: [Double]) -> Picture.Content {
    // Players of a game that diverges are far away, and may have no place at all.
    let far = g.map(abs).filter(\.isFinite).max() ?? 0, reach = 4 + min(far, 1e30)
    switch g.count {
    case 1:
      let plot = Plot.histogram(
        "samples of the generator; the equilibrium's mean is 0", xLabel: "x", range: -reach...reach,
        [("samples", values)])
      return .plots([plot], columns: 1)
    case 2:
      let window = (x: -reach...reach, y: -reach...reach)
      let series: [Plot.Series] = [
        .init(.points(Plot.points(values)), name: "samples", color: 0),
        .init(.dots([(0, 0, 0)]), name: "mean of the equilibrium", color: 1),
      ]
      return .plots([.plane("samples of the generator", window, series)], columns: 1)
    default: return .sheet(SampleSheet(height: 1, width: g.count, pixels: values.map { Float(0.5 + $0 / 8) }))
    }
  }

  /// Returns the players' values, and the rates of rules at the run's step size.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let z = players(trained.parameters)
    let singular = try singularValues()
    let value = zip(z.prefix(n), matrix * Array(z.suffix(n))).reduce(0) { $0 + $1.0 * $1.1 }
    var metrics: [Evaluation.Metric] = [
      .init("norm", euclideanNorm(z), "the distance of the players from 0, the equilibrium"),
      .init("startNorm", euclideanNorm(start), "what it was at the start"),
      .init("value", value, "V = d^T M g"),
      .init("largestSingularValue", singular.first ?? .nan, "of M"),
      .init("smallestSingularValue", singular.last ?? .nan, "of M"),
    ]
    guard let rule = trained.rule else { return Evaluation(metrics) }
    metrics.append(.init("rate", rule.schedule.peak, "the step size"))
    if let own = LinearRule(rule) {
      metrics.append(
        .init("spectralRadius", try GameRates(own).spectralRadius(singular), "of the run's step: \(own.name)"))
    }
    return Evaluation(metrics)
  }
}
