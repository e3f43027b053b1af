import MinimData
import MinimKernels
import MinimNN

extension SimSiam {
  /// Returns the variation of the projections of the training images, by metrics that see a collapse and by one that
  /// does not, and the value of representations next to those without training.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let encoder = try TrainedEncoder(self, trained)
    let collapse = try collapseMetrics(encoder, trained)
    return Evaluation(
      collapse.metrics + alignment(encoder, trained)
        + [.init("alarm", collapse.alarm == nil ? 0 : 1, "1: the representation has collapsed")],
      tables: try RepresentationTest(trained).map { [try scores(encoder, $0, trained)] } ?? [])
  }

  /// The metrics of the projections of the training images.
  func collapseMetrics(_ encoder: TrainedEncoder, _ trained: Trained) throws -> CollapseMetrics {
    guard let data = trained.data.rows else { return try CollapseMetrics([0], channels: 1) }
    return try CollapseMetrics(encoder.projections(of: data.first(TrainedEncoder.most)), channels: projectionWidth)
  }

  /// The difference between the eigenvectors of a linear predictor and of the projections' correlation, which become
  /// equal by theory (Tian, Chen and Ganguli 2021, "Understanding self-supervised Learning Dynamics without Contrastive
  /// Pairs").
  private func alignment(_ encoder: TrainedEncoder, _ trained: Trained) -> [Evaluation.Metric] {
    guard configuration.predictor == .mlp, configuration.predictorHidden.isEmpty, let data = trained.data.rows,
      let weight = parameters.entries.first(where: { $0.path == "predictor.0.weight" })
    else { return [] }
    let (k, rows) = (projectionWidth, encoder.projections(of: data.first(TrainedEncoder.most)))
    let correlation = RowMoments.correlation(rows, k)
    return [
      .init(
        "alignment", correlation.commutator(with: Matrix(k, k, trained.parameters[weight])),
        "|F P - P F| / (|F| |P|), F = E z z^T and P the linear predictor: 0 where they have the same eigenvectors")
    ]
  }

  /// Returns the same metrics during training, with an alarm.
  public func diagnostics(_ trained: Trained) throws -> Diagnostics? {
    let encoder = try TrainedEncoder(self, trained)
    let collapse = try collapseMetrics(encoder, trained)
    return Diagnostics(
      collapse.metrics + alignment(encoder, trained), spectrum: collapse.spectrum, alarm: collapse.alarm)
  }

  /// The initial parameters.
  func untrained(_ trained: Trained) throws -> Trained {
    let vector = try ParameterVector(parameters, precision: trained.parameters.precision)
    vector.initialize(seed: trained.seed)
    return trained.with(vector)
  }

  private func scores(
    _ encoder: TrainedEncoder, _ test: RepresentationTest, _ trained: Trained
  ) throws -> Evaluation.Table {
    let untrained = try TrainedEncoder(self, untrained(trained))
    let pixels = exampleShape.reduce(1, *)
    let components = min(Self.components, pixels)
    let pca = try PrincipalComponents(trained.data.rows.map(\.pixels) ?? [], width: pixels)
    let rows: [(String, RepresentationTest.Scores)] = [
      ("trained", try test.scores(width: encoder.width, encoder.representations)),
      ("untrained", try test.scores(width: untrained.width, untrained.representations)),
      (isImage ? "pixels" : "the rows themselves", try test.scores(width: pixels, \.pixels)),
      (
        "\(components) principal components",
        try test.scores(width: components) { pca.coordinates(of: $0.pixels, components) }
      ),
    ]
    return isImage
      ? .init(
        "representation",
        columns: [
          ("clean", "share of test images whose class the five nearest training images predict, by cosine"),
          ("shifted", "the same of test images moved by up to a pixel along each axis"),
          ("noisy", "the same with noise of 1 % of the mean norm on every number of a representation"),
          ("oneLabel", "by the nearest of one labeled image per class, the mean over 50 draws of these"),
          ("linear", "by a linear map of representations to classes"),
          ("shiftedLinear", "by it, of test images moved by up to a pixel"),
        ],
        rows: rows.map {
          ($0, [$1.clean, $1.moved?.clean ?? .nan, $1.noisy, $1.oneLabel, $1.probe, $1.moved?.probe ?? .nan])
        })
      : .init(
        "representation",
        columns: [
          ("clean", "share of test rows whose class the five nearest training rows predict, by cosine"),
          ("noisy", "the same with noise of 1 % of the mean norm on every number of a representation"),
          ("oneLabel", "by the nearest of one labeled row per class, the mean over 50 draws of these"),
          ("linear", "by a linear map of representations to classes"),
        ], rows: rows.map { ($0, [$1.clean, $1.noisy, $1.oneLabel, $1.probe]) })
  }

  static let components = 32
}

extension Dataset {
  /// All values.
  var pixels: [Double] { values.map(Double.init) }

  /// The first examples.
  func first(_ most: Int) -> Dataset { count <= most ? self : selecting(Array(0..<most), name: name) }
}

extension CollapseMetrics {
  /// The metrics, in the order of a report.
  var metrics: [Evaluation.Metric] {
    let width = spectrum.count
    return [
      .init(
        "effectiveRank", effectiveRank, "of the covariance of the projections: how many of \(width) directions they use"
      ),
      .init("trace", trace, "of the covariance of the projections: the sum of its eigenvalues"),
      .init(
        "relativeDeviation", relativeDeviation,
        "deviation of a channel over the mean norm: how far projections are from being all the same"),
      .init(
        "stdMetric", rmsDeviation * Double(width).squareRoot(),
        "deviation per channel of z / |z|, divided by its ideal 1 / sqrt(\(width)): the usual metric, blind to some collapses"
      ),
    ]
  }

  /// One line that says what is wrong; nil if nothing is.
  var alarm: String? {
    guard spectrum.count > 3, !(effectiveRank >= 3) || !(relativeDeviation >= 1e-3) else { return nil }
    let rank = (effectiveRank * 10).rounded() / 10
    let share = relativeDeviation < 1e-3 ? ", and by less than a thousandth of their length" : ""
    return
      "Collapse: projections vary along \(rank) of \(spectrum.count) directions\(share), which the loss does not show. "
      + "Stop-gradient and a predictor, both, keep them apart."
  }
}
