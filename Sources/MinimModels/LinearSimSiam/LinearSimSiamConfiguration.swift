import MinimNN
import MinimData
import MinimConfiguration
import MinimKernels

/// The configuration of a linear SimSiam.
public struct LinearSimSiamConfiguration: Sendable {
  /// Whether the second branch is a target without a gradient, and whether the first has a predictor.
  public let stopGradient: Bool, hasPredictor: Bool
  /// X, the covariance of what two views share, and X', the covariance of each view's own augmentation.
  package let shared: Matrix, augmentation: Matrix
  /// The initial encoder W, [k, d], and predictor Wp, [k, k].
  package let encoder: Matrix, predictor: Matrix
  /// eta, by which both matrices also shrink.
  public let weightDecay: Double
  /// alpha_p, the predictor's rate divided by the encoder's.
  public let predictorRate: Double
  /// Whether the loss is a mean over draws instead of the expectation.
  public let drawsViews: Bool
  /// Whether a run also plays whole families.
  public let phaseDiagram: Bool

  /// Reads the section "model".
  public init(_ section: ConfigurationSection) {
    let d = section.integer("inputs", default: 3, in: 1...16, "Values of a view, d.")
    let k = section.integer("outputs", default: 2, in: 1...16, "Values of a representation, k.")
    stopGradient = section.boolean(
      "stopGradient", default: true, "Whether no gradient goes through the second branch.")
    hasPredictor = section.boolean("predictor", default: true, "Whether the first branch has a predictor.")
    shared = Self.covariance(
      section, "shared", d, default: 1,
      "Covariance of what two views of an example share, row by row; one number times I.")
    augmentation = Self.covariance(
      section, "augmentation", d, default: 0.25,
      "Covariance of what each view has of its own, row by row; one number times I.")
    encoder = Self.start(section, "encoderStart", k, d, "Where the encoder starts, k rows of d; [] draws it.", salt: 1)
    predictor =
      hasPredictor
      ? Self.start(
        section, "predictorStart", k, k, "Where the predictor starts, k rows of k; [] is half of I.", salt: nil)
      : .scaledIdentity(k)
    weightDecay = section.number("weightDecay", default: 0, in: 0...100, "eta: both matrices shrink by it.")
    predictorRate =
      hasPredictor
      ? section.number("predictorRate", default: 1, in: 1e-3...1e3, "The predictor's rate over the encoder's.") : 1
    drawsViews = section.boolean(
      "drawsViews", default: false, "Whether the loss is a mean over drawn views instead of the expectation.")
    phaseDiagram = section.boolean(
      "phaseDiagram", default: false,
      "Whether a run also finds where weight decay and augmentation make others collapse.")
  }

  /// One value of an isotropic representation with stop-gradient and predictor, from the parabola W^2 = Wp^2.
  static func isotropic(predictor p: Double, augmentation: Double, weightDecay: Double) -> LinearSimSiamConfiguration {
    LinearSimSiamConfiguration(
      stopGradient: true, hasPredictor: true, shared: .scaledIdentity(1),
      augmentation: .scaledIdentity(1, augmentation),
      encoder: .scaledIdentity(1, p), predictor: .scaledIdentity(1, p), weightDecay: weightDecay)
  }

  /// Creates a configuration from its parts.
  ///
  /// - Precondition: the extents fit.
  package init(
    stopGradient: Bool, hasPredictor: Bool, shared: Matrix, augmentation: Matrix, encoder: Matrix,
    predictor: Matrix, weightDecay: Double = 0, predictorRate: Double = 1, phaseDiagram: Bool = false
  ) {
    precondition(
      shared.rows == encoder.columns && augmentation.rows == encoder.columns && predictor.rows == encoder.rows,
      "matrices of other extents")
    (self.stopGradient, self.hasPredictor) = (stopGradient, hasPredictor)
    (self.shared, self.augmentation) = (shared, augmentation)
    (self.encoder, self.predictor) = (encoder, predictor)
    (self.weightDecay, self.predictorRate) = (weightDecay, predictorRate)
    (drawsViews, self.phaseDiagram) = (false, phaseDiagram)
  }

  /// A symmetric matrix without negative eigenvalues.
  private static func covariance(
    _ section: ConfigurationSection, _ key: String, _ d: Int, default value: Double, _ help: String
  ) -> Matrix {
    let given = section.numbers(key, default: [value], in: -1e3...1e3, count: 1...256, help)
    if given.count == 1 {
      if given[0] <= 0 { section.report(key, "expected a positive number, got \(given[0])") }
      return .scaledIdentity(d, max(1e-3, given[0]))
    }
    guard given.count == d * d else {
      section.report(key, "expected one number or the \(d * d) of a \(d)x\(d) matrix, got \(given.count)")
      return .scaledIdentity(d)
    }
    let matrix = Matrix(d, d, given)
    let least = (try? matrix.symmetricEigenvalues().first) ?? -1
    guard matrix.distance(to: matrix.transposed) == 0, least > 0 else {
      section.report(key, "expected a symmetric matrix with positive eigenvalues")
      return .scaledIdentity(d)
    }
    return matrix
  }

  private static func start(
    _ section: ConfigurationSection, _ key: String, _ rows: Int, _ columns: Int, _ help: String, salt: UInt64?
  ) -> Matrix {
    let given = section.numbers(key, default: [], in: -1e3...1e3, count: 0...256, help)
    if given.count == rows * columns { return Matrix(rows, columns, given) }
    if !given.isEmpty {
      section.report(key, "expected the \(rows * columns) numbers of \(rows) rows, got \(given.count)")
    }
    guard let salt else { return .scaledIdentity(rows, 0.5) }
    let key = RandomKey(seed: salt).folding(.model)
    return Matrix(rows, columns, (0..<UInt64(rows * columns)).map { 0.5 * key.normal(at: $0) })
  }
}

extension LinearSimSiam {
  /// Reads the section "model" of a config; the views are drawn by the model itself.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    data.requireNothing("a simsiam-linear", section)
    self.init(LinearSimSiamConfiguration(section))
  }
}
