import MinimConfiguration
import MinimData
import MinimNN

/// The configuration of a RealNVP.
public struct RealNVPConfiguration: Sendable {
  /// The objective that is minimized.
  public enum Objective: String, CaseIterable, Sendable {
    /// KL(data, model) by samples of the data: the negative log-likelihood, which differs by the entropy of the data.
    case forwardKL
    /// KL(model, data) by draws of the model, if the density of the data can be evaluated.
    case reverseKL
  }

  /// The values that a coupling keeps; the next one keeps the others.
  public enum Masking: String, CaseIterable, Sendable {
    /// Every second value.
    case alternating
    /// The first half of the values.
    case half
    /// The pixels of one color of a board.
    case checkerboard
  }

  /// The objective that is minimized.
  public internal(set) var objective: Objective
  /// The number of couplings.
  public internal(set) var couplings: Int
  /// The values that a coupling keeps.
  public let masking: Masking
  /// The widths of the hidden layers of a coupling's net; none: linear.
  public let hidden: [Int]
  /// The function between layers.
  public let activation: Activation
  /// The bound of the logarithm of a coupling's scale.
  public let bound: AffineCoupling.Bound
  /// Whether an affine map with a full triangular matrix comes first, next to the base.
  public internal(set) var affine: Bool
  /// Whether an `ActNorm` follows every coupling, on the side of the data.
  public internal(set) var actNorm: Bool
  /// The factor of the target's log density at the first step of a reverse KL, and the steps over which it grows to 1.
  public let annealingStart: Double, annealingSteps: Int
  /// Whether the gradient of a reverse KL uses the path through the draws alone.
  public let pathGradient: Bool
  /// The initial bias of the affine map, zeros by default, and its deviations.
  var start: [Double] = [], startDeviation = 1.0

  /// Reads the section "model", for data.
  ///
  /// - Parameters:
  ///   - section: the section "model".
  ///   - data: the data to learn.
  ///   - given: the objective; nil: the section has it as a key.
  public init(_ section: ConfigurationSection, _ data: DataSplit, objective given: Objective? = nil) {
    let d = data.exampleShape.reduce(1, *)
    let isImage = data.exampleShape.count == 3
    objective =
      given
      ?? section.choice(
        "objective", default: .forwardKL,
        "forwardKL: by samples of the data. reverseKL: by draws of the model, for data of which the density is known.")
    let asked = section.integer("couplings", default: d > 1 ? 8 : 0, in: 0...64, "Affine couplings.")
    if asked > 0, d == 1 {
      section.report("couplings", "a coupling needs two values or more, and the data have one: expected 0")
    }
    couplings = d > 1 ? asked : 0
    let hasCouplings = couplings > 0
    let mask =
      hasCouplings
      ? section.choice(
        "mask", default: isImage ? Masking.checkerboard : .alternating,
        "What a coupling keeps; the next one keeps the rest.") : .alternating
    if mask == .checkerboard, !isImage {
      section.report("mask", "checkerboard is for images, and the data are \(data.name)")
    }
    masking = isImage || mask != .checkerboard ? mask : .alternating
    hidden =
      hasCouplings
      ? section.integers(
        "hidden", default: [64, 64], in: 1...65_536, count: 0...16,
        "Widths of the hidden layers of a coupling's net; [] makes it linear.") : []
    activation =
      hasCouplings ? section.choice("activation", default: .tanh, "The function between layers of a net.") : .tanh
    bound =
      hasCouplings
      ? section.choice(
        "bound", default: AffineCoupling.Bound.perDimension,
        "What bounds the log scale: a learned range times tanh, one for each value or one for all; or nothing.")
      : .perDimension
    if bound == .none, hasCouplings, hidden.isEmpty || activation != .tanh {
      section.report(
        "bound", "without a bound the scale of far points overflows: take \"activation\": \"tanh\" with hidden layers")
    }
    affine = section.boolean(
      "affine", default: !hasCouplings, "Whether an affine map with a full triangular matrix comes next to the base.")
    if affine, d > 64 { section.report("affine", "its matrix is for up to 64 values, and the data have \(d)") }
    actNorm = section.boolean(
      "actNorm", default: false,
      "Whether a scale and a shift of each value, which start from the data, follow a coupling.")
    if !hasCouplings, !affine, !actNorm {
      section.report("couplings", "nothing is left to learn: expected couplings, or \"affine\" or \"actNorm\": true")
    }
    let isReverse = objective == .reverseKL
    annealingSteps =
      isReverse
      ? section.integer(
        "annealingSteps", default: 0, in: 0...1_000_000_000,
        "Steps over which the factor of the target's log density grows from annealingStart to 1; 0 for none.") : 0
    annealingStart =
      isReverse
      ? section.number(
        "annealingStart", default: 0.1, in: 0...1,
        "That factor at the first step, if there are such steps: a small one lets draws cross valleys.")
      : 1
    pathGradient =
      isReverse
      && section.boolean(
        "pathGradient", default: false,
        "Whether the gradient leaves out the part whose mean is 0: no noise where model and target are one.")
    if isReverse, data.distribution?.differentiable == nil {
      section.report(
        "objective", "reverseKL needs a density with a gradient, and of \(data.name) there is none. Take forwardKL")
    }
    if !isReverse, case .none = data.training {
      section.report("objective", "forwardKL needs samples, and \(data.name) is a density alone. Take reverseKL")
    }
  }

  /// An affine map alone, under reverse KL.
  static let affine = RealNVPConfiguration()

  private init() {
    (objective, couplings, masking, hidden, activation) = (.reverseKL, 0, .alternating, [], .tanh)
    (bound, affine, actNorm, annealingStart, annealingSteps) = (.perDimension, true, false, 1, 0)
    pathGradient = false
  }
}

extension RealNVP {
  /// Reads the section "model" of a config, for vectors, images, or a density alone.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    self.init(RealNVPConfiguration(section, data), of: data)
  }
}
