import MinimData
import MinimConfiguration
import MinimNN

/// The configuration of a PixelCNN.
public struct PixelCNNConfiguration: Sendable {
  /// The values of pixels as inputs of the net.
  public enum Pixels: String, CaseIterable, Sendable {
    /// 0 for black and 1 for white: a black pixel looks like the padding outside the image.
    case binary
    /// -1/2 for black and +1/2 for white: a black pixel differs from the padding.
    case centered
  }

  /// The masks of the layers.
  public internal(set) var stack: MaskStack
  /// Feature maps of each hidden layer.
  public let channels: Int
  /// Hidden 1x1 layers between the masked layers and the output.
  public let pointwiseLayers: Int
  /// The function between layers.
  public let activation: Activation
  /// The values of pixels as inputs of the net.
  public let pixels: Pixels
  /// Whether the model is conditional on labels.
  public let isConditional: Bool

  /// Creates a configuration from its parts.
  public init(
    stack: MaskStack, channels: Int, pointwiseLayers: Int, activation: Activation = .relu, pixels: Pixels = .centered,
    isConditional: Bool = false
  ) {
    self.stack = stack
    self.channels = channels
    self.pointwiseLayers = pointwiseLayers
    self.activation = activation
    self.pixels = pixels
    self.isConditional = isConditional
  }

  /// Reads the section "model", for images of the given extents.
  ///
  /// - Parameters:
  ///   - section: the section "model".
  ///   - height: rows of an image.
  ///   - width: columns of an image.
  ///   - classes: the number of labels of the data; 0 if they have none.
  public init(_ section: ConfigurationSection, height: Int, width: Int, classes: Int = 0) {
    let isGated = section.boolean(
      "gated", default: false, "Two stacks of gated layers, which leave no blind spot, instead of one of plain layers.")
    let names = section.strings(
      "masks", default: ["A7", "B3", "B3", "B3"], count: 1...64,
      "The masked layers: A (without the own pixel) or B (with it), then the kernel's size.",
      check: Mask.problem)
    let isResidual = section.boolean(
      "residual", default: true, "Whether each masked layer but the first adds its input to its output.")
    if isGated, !isResidual { section.report("residual", "gated layers are always residual: leave this out") }
    stack = MaskStack(names.compactMap { Mask($0) }, isGated ? .gated : isResidual ? .residual : .plain)
    channels = section.integer("channels", default: 32, in: 1...4096, "Feature maps of each hidden layer.")
    pointwiseLayers = section.integer(
      "pointwiseLayers", default: 2, in: 0...64, "Hidden 1x1 layers after the masked ones.")
    activation = section.choice("activation", default: .relu, "The function between layers.")
    pixels = section.choice(
      "pixels", default: .centered, "How black and white enter the net: binary (0, 1) or centered (-1/2, +1/2).")
    isConditional = section.boolean(
      "conditional", default: false, "Whether the model is one of images given their labels.")
    if isConditional, classes == 0 {
      section.report("conditional", "the data have no labels. Give them with \"data.labels\", or leave this out")
    }
    let allowLeak = section.boolean(
      "allowLeak", default: false, "Accept a stack that lets a pixel see itself: a control that must fail its claims.")
    if !allowLeak, !stack.masks.isEmpty, !stack.isAutoregressive(height: height, width: width) {
      section.report(
        "masks",
        "the stack \(stack) lets a pixel see itself, so the model is not a distribution. Every path to a pixel, skipped layers "
          + "included, needs a mask A: begin with A. For a control set \"allowLeak\": true")
    }
  }
}

extension PixelCNN {
  /// Reads the section "model" of a config, for images of some levels.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    let (shape, levels) = data.requireLevels("a pixelcnn", section)
    let configuration = PixelCNNConfiguration(section, height: shape[0], width: shape[1], classes: data.classes)
    self.init(configuration, height: shape[0], width: shape[1], classes: data.classes, levels: levels)
  }
}
