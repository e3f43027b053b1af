import MinimAutodiff
import MinimNN

/// An autoregressive model of binary images with masked convolutions (van den Oord et al. 2016, "Pixel Recurrent Neural
/// Networks", section 3.5): p(x) = product over pixels i in reading order of p(x_i | earlier pixels), all given a label
/// if the model is conditional.
public struct PixelCNN: Sendable {
  /// The configuration.
  public let configuration: PixelCNNConfiguration
  /// Rows and columns of an image.
  public let height: Int, width: Int
  /// The number of labels that the model is conditional on; 0 if it is not.
  public let classes: Int
  /// The weights and biases, layer by layer.
  public let parameters: ParameterLayout

  let net: any PixelNet

  /// Creates a net for images of the given extents, with its parameters in `scope`.
  ///
  /// - Parameters:
  ///   - configuration: masks and widths.
  ///   - height: rows of an image.
  ///   - width: columns of an image.
  ///   - classes: the number of labels of the data; ignored unless the configuration is conditional.
  ///   - scope: the scope of its parameters.
  public init(
    _ configuration: PixelCNNConfiguration, height: Int, width: Int, classes: Int = 0, _ scope: ParameterScope = .init()
  ) {
    self.configuration = configuration
    self.height = height
    self.width = width
    self.classes = configuration.isConditional ? classes : 0
    net =
      configuration.stack.wiring == .gated
      ? GatedNet(scope, configuration, classes: self.classes) : MaskedNet(scope, configuration, classes: self.classes)
    parameters = scope.layout
  }

  /// The logits of p(x_i = 1 | earlier pixels): [n, h, w, 1] images of 0 and 1 to [n, h, w, 1]. The images may have any
  /// extents: the weights are shared by all pixels.
  ///
  /// - Parameters:
  ///   - images: [n, h, w, 1], of 0 and 1.
  ///   - labels: [n, classes], each row with a single 1, if the model is conditional.
  public func logits(_ images: Tensor, labels: Tensor? = nil) -> Tensor {
    net.logits(configuration.pixels == .centered ? images - 0.5 : images, labels)
  }

  /// log p(x) of each image, in nats: [n, h, w, 1] to [n].
  public func logProb(_ images: Tensor, labels: Tensor? = nil) -> Tensor {
    Bernoulli(logits: logits(images, labels: labels)).logProb(images)
  }

  /// The same weights in a net with other masks of the same sizes, for the control of a claim. A mask that sees more
  /// has more taps, so it draws weights of its own.
  package func twin(_ stack: MaskStack) -> PixelCNN {
    var other = configuration
    other.stack = stack
    return PixelCNN(other, height: height, width: width, classes: classes)
  }
}
