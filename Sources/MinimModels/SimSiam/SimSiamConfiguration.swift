import MinimData
import MinimConfiguration
import MinimNN

/// The configuration of a SimSiam.
public struct SimSiamConfiguration: Sendable {
  /// The kinds of nets that make a representation of an image.
  public enum Encoder: String, CaseIterable, Sendable { case mlp, convolution }

  /// The kinds of predictors of the other view's projection.
  public enum Predictor: String, CaseIterable, Sendable {
    /// A perceptron, which is learned.
    case mlp
    /// The projection itself.
    case none
    /// A linear map that is set from the spectrum of the projections' correlation (Tian, Chen and Ganguli 2021,
    /// "Understanding self-supervised Learning Dynamics without Contrastive Pairs", DirectPred).
    case direct
  }

  /// The kind of the encoder.
  public let encoder: Encoder
  /// Hidden widths of a perceptron, or the channels of convolutions; the width of a representation.
  public let hidden: [Int], outputs: Int
  /// The widths of the layers between representation and projection; none if they are the same.
  public let projector: [Int]
  /// Whether hidden layers are normalized by their batch.
  public let batchNorm: Bool
  /// Whether projections are normalized.
  public internal(set) var outputNorm: Bool
  /// The kind of the predictor.
  public internal(set) var predictor: Predictor
  /// The hidden widths of a perceptron as the predictor; none make it linear.
  public let predictorHidden: [Int]
  /// The addend of DirectPred to every eigenvalue of the predictor; the largest is about 1.
  public private(set) var regularization: Double
  /// Whether the other view's projection is a target without a gradient.
  public internal(set) var stopGradient: Bool
  /// The augmentation that makes views.
  public let augmentation: Augmentation

  /// Reads the section "model", for examples of given extents: [height, width, channels] of images, or the number of values
  /// of a row.
  public init(_ section: ConfigurationSection, exampleShape: [Int]) {
    self.init(common: section, exampleShape: exampleShape)
    outputNorm = section.boolean("outputNorm", default: false, "What is compared is normalized too.")
    predictor = section.choice(
      "predictor", default: .mlp, "What predicts the other view: mlp, direct (from the spectrum) or none.")
    regularization = section.number(
      "regularization", default: 0.1, in: 0...10, "Added to the eigenvalues (at most 1) of the direct predictor.")
    stopGradient = section.boolean(
      "stopGradient", default: true, "Whether the other view is a target of which nothing is learned.")
  }

  /// Reads the keys that all variants have: a learned predictor, stop-gradient and outputs as they are.
  init(common section: ConfigurationSection, exampleShape: [Int]) {
    func widths(_ key: String, default value: [Int], _ help: String) -> [Int] {
      section.integers(key, default: value, in: 1...65_536, count: 0...16, help)
    }
    let asked = section.choice(
      "encoder", default: Encoder.mlp, "What represents an image: mlp, or convolution (3x3, then means of 2x2).")
    if asked == .convolution, exampleShape.count != 3 {
      section.report("encoder", "convolution is for images, and the data are rows of numbers: take mlp")
    }
    encoder = exampleShape.count == 3 ? asked : .mlp
    hidden = widths(
      "hidden", default: encoder == .mlp ? [256, 256] : [16, 32], "Hidden widths, or the channels of convolutions.")
    outputs = section.integer("outputs", default: 64, in: 1...4096, "The width of a representation.")
    projector = widths(
      "projector", default: [], "Widths of the layers from the representation to what is compared; [] for none.")
    batchNorm = section.boolean("batchNorm", default: true, "Hidden layers are normalized by the whole batch.")
    predictorHidden = widths("predictorHidden", default: [64], "The predictor's hidden widths; [] makes it linear.")
    let views = section.section("augmentation", "How two views of an example differ.")
    augmentation =
      exampleShape.count == 3
      ? Augmentation(views, height: exampleShape[0], width: exampleShape[1]) : Augmentation(ofRows: views)
    (outputNorm, predictor, regularization, stopGradient) = (false, .mlp, 0, true)
  }
}

extension SimSiam {
  /// Reads the section "model" of a config, for given images or rows.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    let isRows = data.exampleShape.count == 1 && data.rows != nil && data.name != NoData.name
    let shape = isRows ? data.exampleShape : data.requireImages("a simsiam", section)
    self.init(SimSiamConfiguration(section, exampleShape: shape), exampleShape: shape, scaling: data.scaling)
  }
}
