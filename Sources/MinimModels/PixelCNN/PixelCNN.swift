import MinimAutodiff
import MinimNN

/// An autoregressive model of binary images by masked convolutions (van den Oord et al. 2016, "Pixel Recurrent Neural
/// Networks", section 3.5): p(x) = product over pixels i in reading order of p(x_i | earlier pixels).
public struct PixelCNN: Sendable {
  /// What the config says.
  public let configuration: PixelCNNConfiguration
  /// Rows and columns of an image.
  public let height: Int, width: Int
  /// The weights and biases, layer by layer.
  public let parameters: ParameterLayout

  package let masked: [Convolution2D]
  private let pointwise: [Convolution2D]
  private let output: Convolution2D

  /// A net for images of the given extents, with its parameters in `scope`.
  public init(_ configuration: PixelCNNConfiguration, height: Int, width: Int, _ scope: ParameterScope = .init()) {
    let channels = configuration.channels
    self.configuration = configuration
    self.height = height
    self.width = width
    masked = configuration.stack.masks.enumerated().map { depth, mask in
      .masked(scope.scope("masked.\(depth)"), mask, inputs: depth == 0 ? 1 : channels, outputs: channels)
    }
    pointwise = (0..<configuration.pointwiseLayers).map {
      .pointwise(scope.scope("pointwise.\($0)"), inputs: channels, outputs: channels)
    }
    output = .pointwise(scope.scope("output"), inputs: channels, outputs: 1)
    parameters = scope.layout
  }

  /// The logits of p(x_i = 1 | earlier pixels): [n, h, w, 1] images of 0 and 1 to [n, h, w, 1]. The images may have any
  /// extents: the weights are shared by all pixels.
  public func logits(_ images: Tensor) -> Tensor {
    let f = configuration.activation
    var h = masked[0](configuration.pixels == .centred ? images - 0.5 : images)
    for layer in masked.dropFirst() {
      h = configuration.stack.residual ? h + layer(f(h)) : layer(f(h))
    }
    for layer in pointwise { h = layer(f(h)) }
    return output(f(h))
  }

  /// log p(x) of each image, in nats: [n, h, w, 1] to [n].
  public func logProb(_ images: Tensor) -> Tensor {
    -bernoulliNLL(logits(images), images).sum(axes: [1, 2, 3])
  }

  /// The same weights read as a net with other masks of the same sizes: the control of a claim. A mask that sees more has
  /// more taps, so it draws weights of its own.
  package func twin(_ stack: MaskStack) -> PixelCNN {
    PixelCNN(
      PixelCNNConfiguration(
        stack: stack, channels: configuration.channels, pointwiseLayers: configuration.pointwiseLayers,
        activation: configuration.activation, pixels: configuration.pixels), height: height, width: width)
  }
}

/// -log p(x) of a Bernoulli with logit l: softplus(l) - x l, in nats, element by element.
public func bernoulliNLL(_ logits: Tensor, _ x: Tensor) -> Tensor {
  softplus(logits) - x * logits
}
