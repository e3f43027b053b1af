import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

/// The variants of a SimSiam side by side, on the same views of the same images: with stop-gradient and predictor, with
/// one of them, with neither; and without stop-gradient but with normalized outputs, whose collapse the usual metric
/// does not see.
///
/// They share no parameters and are trained at once: the gradient of the sum is that of each.
public struct SimSiamVariants: Sendable {
  /// One of the variants.
  public struct Part: Sendable {
    /// The prefix of the names of its metrics, and a title in words.
    public let name: String, title: String
    /// The nets.
    public let model: SimSiam
  }

  /// The variants; the one with both comes first.
  public let parts: [Part]
  /// The weights and biases of all variants.
  public let parameters: ParameterLayout

  /// Reads the section "model": the keys of a SimSiam except those that make the variants.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    let exampleShape = data.requireImages("simsiam-variants", section)
    let both = SimSiamConfiguration(common: section, exampleShape: exampleShape)
    let scope = ParameterScope()
    func part(_ name: String, _ title: String, _ change: (inout SimSiamConfiguration) -> Void) -> Part {
      var configuration = both
      change(&configuration)
      return Part(
        name: name, title: title,
        model: SimSiam(configuration, exampleShape: exampleShape, scaling: data.scaling, scope.scope(name)))
    }
    parts = [
      part("both", "stop-gradient and predictor") { _ in },
      part("stopGradient", "stop-gradient alone") { $0.predictor = .none },
      part("predictor", "predictor alone") { $0.stopGradient = false },
      part("neither", "neither") { ($0.stopGradient, $0.predictor) = (false, .none) },
      part("normalized", "predictor alone, outputs normalized") { ($0.stopGradient, $0.outputNorm) = (false, true) },
    ]
    parameters = scope.layout
  }
}

extension SimSiamVariants: Model {
  /// The losses of all, added up.
  public func objective(_ batch: Batch) -> Objective {
    let values = parts.map { $0.model.objective(batch).value }
    return Objective("sumOfLosses", values.dropFirst().reduce(values[0], +))
  }

  /// Nil, as for each variant.
  public func losses(_ batch: Batch) -> Tensor? { nil }

  /// Returns samples of the variant with stop-gradient and predictor.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    try parts[0].model.samples(count, from: trained)
  }

  /// The measurements of a trained variant.
  struct Measurement {
    let metrics: CollapseMetrics
    /// Nil if there are no labels.
    var scores: RepresentationTest.Scores?
    /// The usual metric divided by its ideal.
    var stdMetric: Double { metrics.rmsDeviation * Double(metrics.spectrum.count).squareRoot() }
  }

  /// The measurements of each variant.
  func measurements(_ trained: Trained, withScores: Bool = true) throws -> [Measurement] {
    let test = withScores ? RepresentationTest(trained) : nil
    return try parts.map { part in
      let encoder = try TrainedEncoder(part.model, trained)
      return Measurement(
        metrics: try part.model.collapseMetrics(encoder, trained),
        scores: try test?.scores(width: encoder.width, encoder.representations))
    }
  }

  /// Returns the metrics of each variant: which metric sees which collapse.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let measured = try measurements(trained)
    let rows = zip(parts, measured).map { part, it in
      (
        part.title,
        [
          it.metrics.effectiveRank, it.metrics.relativeDeviation, it.stdMetric, it.scores?.clean ?? .nan,
          it.scores?.noisy ?? .nan, it.scores?.moved?.clean ?? .nan,
        ]
      )
    }
    return Evaluation(
      zip(parts, measured).map {
        .init("\($0.name)Rank", $1.metrics.effectiveRank, "effective rank of the projections' covariance, \($0.title)")
      },
      tables: [
        .init(
          "variant",
          columns: [
            ("rank", "effective rank of the covariance of projections: collapse takes it down to 1"),
            ("relativeDeviation", "deviation of a channel over the mean norm: collapse to one point takes it to 0"),
            ("stdMetric", "the usual metric divided by its ideal: blind if outputs are normalized"),
            ("clean", "share of test images whose class five neighbors tell: nearly blind to any collapse"),
            ("noisy", "the same with noise of 1 % of the mean norm"),
            ("shifted", "the same of test images moved by up to a pixel"),
          ], rows: rows)
      ])
  }

  /// SV1: which variants collapse. SV2: whether the usual metric sees it.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let measured = try measurements(trained, withScores: false)
    let ranks = measured.map(\.metrics.effectiveRank), width = measured[0].metrics.spectrum.count
    let bound = min(10, Double(width) / 4)
    let (kept, lost, blind) = (
      Claim.Theorem(
        "SV1", "with stop-gradient and predictor projections keep their directions",
        formula: #"\operatorname{erank}(\operatorname{Cov} z) \ge \min(10, k / 4)"#, .outcome),
      Claim.Theorem(
        "SV1b", "without both, projections collapse", formula: #"\operatorname{erank}(\operatorname{Cov} z) \le 3"#,
        .outcome),
      Claim.Theorem(
        "SV2", "the usual metric sees no collapse of normalized outputs",
        formula: #"\sqrt{k} \operatorname{Std}(z / \|z\|) \ge 0.9"#, .outcome)
    )
    guard bound > 3 else {
      return [kept, lost, blind].map { .notApplicable($0, "so few projections have no meaningful rank") }
    }
    return [
      Claim(
        kept, "effective rank of the projections' covariance", measured: ranks[0], .atLeast, bound, tolerance: 0,
        control: .init("a predictor alone", changed: "stop-gradient", measured: ranks[2])),
      Claim(
        lost, "largest effective rank of the other variants", measured: ranks.dropFirst().max() ?? .nan, .atMost, 3,
        tolerance: 0, details: zip(parts, ranks).dropFirst().map { ($0.name, $1) },
        control: .init("stop-gradient and predictor", changed: "the variant", measured: ranks[0])),
      Claim(
        blind, "deviation per channel of z / |z|, divided by its ideal", measured: measured[4].stdMetric, .atLeast, 0.9,
        tolerance: 0, details: [("rank", ranks[4])],
        control: .init(
          "the same variant without normalization", changed: "the outputs", measured: measured[2].stdMetric)),
    ]
  }

  /// Returns representations of held-out images by each variant.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    guard let data = trained.data.test ?? trained.data.rows else { return [] }
    let plots = try parts.map { part in
      try part.model.embedding(
        TrainedEncoder(part.model, trained), data, "\(part.title), on its own scale", trained.data.classNames)
    }
    let spectra = try zip(parts, measurements(trained, withScores: false)).map { part, it in
      let sum = max(1e-300, it.metrics.spectrum.reduce(0, +))
      return Plot.Series(
        .line(it.metrics.spectrum.enumerated().map { (Double($0 + 1), Elementary.log10(max($1 / sum, 1e-16))) }),
        name: part.title)
    }
    let spectrum = Plot(
      "spectra of the projections", xLabel: "index of the eigenvalue", yLabel: "share of the total", yRange: -8...0,
      yScale: .powersOfTen, spectra)
    return [Picture("variants", plots: plots + [spectrum], columns: 3)]
  }
}
