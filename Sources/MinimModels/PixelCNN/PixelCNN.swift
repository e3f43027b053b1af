import MinimAutodiff
import MinimNN

/// An autoregressive model of images with masked convolutions (van den Oord et al. 2016, "Pixel Recurrent Neural
/// Networks", section 3.5): p(x) = product over pixels i in reading order of p(x_i | earlier pixels), all given a label
/// if the model is conditional. A pixel of two levels has a logit, one of more levels a softmax (section 2.2).
public struct PixelCNN: Sendable {
  /// The configuration.
  public let configuration: PixelCNNConfiguration
  /// Rows and columns of an image.
  public let height: Int, width: Int
  /// The number of labels that the model is conditional on; 0 if it is not.
  public let classes: Int
  /// The number of levels of a pixel: its values are 0 to levels - 1.
  public let levels: Int
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
  ///   - levels: the number of levels of a pixel, at least 2.
  ///   - scope: the scope of its parameters.
  public init(
    _ configuration: PixelCNNConfiguration, height: Int, width: Int, classes: Int = 0, levels: Int = 2,
    _ scope: ParameterScope = .init()
  ) {
    self.levels = levels
    self.configuration = configuration
    self.height = height
    self.width = width
    self.classes = configuration.isConditional ? classes : 0
    net =
      configuration.stack.wiring == .gated
      ? GatedNet(scope, configuration, classes: self.classes, levels: levels)
      : MaskedNet(scope, configuration, classes: self.classes, levels: levels)
    parameters = scope.layout
  }

  /// The logits of p(x_i = 1 | earlier pixels), or of p(x_i = k | earlier pixels) for more than two levels k: [n, h, w, 1]
  /// images to [n, h, w, 1] or [n, h, w, levels]. The images may have any extents: the weights are shared by all pixels.
  ///
  /// - Parameters:
  ///   - images: [n, h, w, 1], of levels.
  ///   - labels: [n, classes], each row with a single 1, if the model is conditional.
  public func logits(_ images: Tensor, labels: Tensor? = nil) -> Tensor {
    let brightness = levels == 2 ? images : images * (1 / Double(levels - 1))
    return net.logits(configuration.pixels == .centered ? brightness - 0.5 : brightness, labels)
  }

  /// log p(x) of each image, in nats: [n, h, w, 1] to [n].
  public func logProb(_ images: Tensor, labels: Tensor? = nil) -> Tensor {
    let logits = logits(images, labels: labels)
    if levels == 2 { return Bernoulli(logits: logits).logProb(images) }
    return (oneHot(images) * logits.logSoftmax()).sum(axes: [1, 2, 3])
  }

  /// 1 at the level of each pixel, otherwise 0: [n, h, w, 1] to [n, h, w, levels].
  private func oneHot(_ images: Tensor) -> Tensor {
    let shape = Shape(images.shape.dropLast() + [levels])
    let all = Tensor.constant((0..<levels).map(Double.init), shape: [levels]).broadcast(to: shape)
    let own = images.broadcast(to: shape)
    return greaterEqual(own, all) * greaterEqual(all, own)
  }

  /// The same weights in a net with other masks of the same sizes, for the control of a claim. A mask that sees more
  /// has more taps, so it draws weights of its own.
  package func twin(_ stack: MaskStack) -> PixelCNN {
    var other = configuration
    other.stack = stack
    return PixelCNN(other, height: height, width: width, classes: classes, levels: levels)
  }
}
