import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

extension LinearSimSiam: Model {
  /// Returns true: the claims follow the parameters from the values in the config.
  public var definesStart: Bool { true }

  /// J, as the expectation or as the mean over drawn views; examples of the data are not used.
  public func objective(_ batch: Batch) -> Objective {
    guard configuration.drawsViews else { return objective(expectation) }
    let (first, second) = views(batch.count)
    return objective(loss(views: first, second))
  }

  /// Nil: weight decay is not a loss per example, and a stop-gradient does not change a value.
  public func losses(_ batch: Batch) -> Tensor? { nil }

  /// Representations of fresh views: points in the plane, or rows of pixels, black at -2 and white at 2.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    let values = outputs(count, of: matrices(trained).encoder, seed: trained.seed)
    let k = outputs
    guard k == 2 else {
      return Samples(
        values.map { Float($0) }, exampleShape: [k],
        content: .sheet(SampleSheet(height: 1, width: k, pixels: values.map { Float(0.5 + $0 / 4) })))
    }
    let before = outputs(count, of: configuration.encoder, seed: trained.seed)
    let plot = Plot.plane(
      "representations of views", labels: ("z1", "z2"), Plot.window(of: before + values),
      [
        .init(.points(Plot.points(before)), name: "before training", color: Plot.background),
        .init(.points(Plot.points(values)), name: "after training", color: 0),
      ])
    return Samples(values.map { Float($0) }, exampleShape: [k], content: .plots([plot], columns: 1))
  }

  /// W x for normal views x in pairs x and -x, [count, k] row-major: their mean is exactly 0.
  package func outputs(_ count: Int, of w: Matrix, seed: UInt64) -> [Double] {
    let (d, k) = (inputs, outputs)
    let factor = Cholesky(total)?.factor ?? .identity(d)
    let key = RandomKey(seed: seed).folding(.sampling)
    let map = w * factor
    return (0..<count).flatMap { index -> [Double] in
      let pair = index / 2 * d
      let z = Matrix(d, 1, (0..<d).map { key.normal(at: UInt64(pair + $0)) })
      let sign: Double = index % 2 == 0 ? 1 : -1
      return (map * z).values.prefix(k).map { sign * $0 }
    }
  }

  /// Returns the size and the effective rank of the representation, by metrics that see its collapse and by one that
  /// does not.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let z = matrices(trained)
    let covariance = z.encoder * total * z.encoder.transposed
    let spectrum = try covariance.symmetricEigenvalues()
    let collapse = try CollapseMetrics(
      outputs(Self.views, of: z.encoder, seed: trained.seed), channels: outputs)
    var metrics: [Evaluation.Metric] = [
      .init("loss", laws.loss(z), "J = E |Wp W x1 - W x2|^2 / 2"),
      .init("encoderNorm", z.encoder.norm, "Frobenius norm of W"),
      .init("startNorm", configuration.encoder.norm, "what it was at the start"),
      .init(
        "trace", covariance.trace, "of the covariance W (X + X') W^T of the representation: collapse takes it to 0"),
      .init(
        "effectiveRank", CollapseMetrics.effectiveRank(spectrum), "of that covariance: collapse takes it down to 1"),
      .init(
        "stdMetric", collapse.rmsDeviation,
        "root mean square over channels of the deviation of z / |z|: 1 / sqrt(k) whatever happens, where means are 0"),
      .init("meanStdMetric", collapse.meanDeviation, "the mean of these deviations"),
    ]
    if let p = z.predictor {
      let symmetric = p.adding(p.transposed).scaled(by: 0.5)
      let eigenvalues = try symmetric.symmetricEigenvalues()
      metrics += [
        .init("leastPredictor", eigenvalues.first ?? .nan, "the least eigenvalue of the predictor's symmetric part"),
        .init("largestPredictor", eigenvalues.last ?? .nan, "the largest"),
        .init(
          "alignment", covariance.commutator(with: p), "|F Wp - Wp F| / (|F| |Wp|), F that covariance: 0 if aligned"),
      ]
    }
    if let equilibria, let (edge, stable) = equilibria.predictors {
      metrics += [
        .init("predictedEdge", edge, "p-: a predictor p I on the parabola below it collapses"),
        .init("predictedStable", stable, "p+: where it ends otherwise"),
      ]
    }
    return Evaluation(metrics)
  }

  static let views = 2000

  /// The equilibria of isotropic views, which are known.
  var equilibria: SimSiamEquilibria? {
    let variance = configuration.augmentation[0, 0]
    guard configuration.stopGradient, configuration.hasPredictor,
      configuration.shared == .scaledIdentity(inputs), configuration.augmentation == .scaledIdentity(inputs, variance)
    else { return nil }
    return SimSiamEquilibria(augmentation: variance, weightDecay: configuration.weightDecay)
  }

  /// Returns the four variants from the same start along their flows, and the spectrum along the run's own.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    let times = (0...100).map { 0.3 * Double($0) }
    func log10(_ x: Double) -> Double { Elementary.log10(max(x, 1e-16)) }
    let variants = [(true, true), (true, false), (false, true), (false, false)].enumerated().map { index, it in
      let laws = laws.with(stopGradient: it.0)
      var z = SimSiamLaws.State(
        encoder: configuration.encoder,
        predictor: it.1 ? (configuration.hasPredictor ? configuration.predictor : .scaledIdentity(outputs, 0.5)) : nil)
      let line = times.map { time -> (x: Double, y: Double) in
        if time > 0 { z = laws.flow(z, time: times[1]) }
        return (time, log10(z.encoder.norm))
      }
      let name =
        switch it {
        case (true, true): "stop-gradient and predictor"
        case (true, false): "stop-gradient alone"
        case (false, true): "predictor alone"
        case (false, false): "neither"
        }
      return Plot.Series(.line(line), name: name, color: index)
    }
    var z = start
    var lines = [[(x: Double, y: Double)]](repeating: [], count: outputs)
    for time in times {
      if time > 0 { z = laws.flow(z, time: times[1]) }
      let f = z.encoder * total * z.encoder.transposed
      guard f.values.allSatisfy(\.isFinite) else { break }
      for (index, value) in try f.symmetricEigenvalues().enumerated() {
        lines[index].append((time, log10(value)))
      }
    }
    let spectra = lines.enumerated().map { index, line in
      Plot.Series(.line(line), name: "eigenvalue \(outputs - index)", color: index)
    }
    var plots = [
      Plot(
        "norm of the encoder for four variants", xLabel: "time of the flow", yLabel: "|W|",
        yScale: .powersOfTen, variants),
      Plot(
        "spectrum of the representation in this run", xLabel: "time of the flow", yLabel: "eigenvalue",
        yScale: .powersOfTen, spectra),
    ]
    if configuration.phaseDiagram { plots.append(try phaseDiagram(trained)) }
    return [Picture("collapse", plots: plots, columns: plots.count)]
  }
}
