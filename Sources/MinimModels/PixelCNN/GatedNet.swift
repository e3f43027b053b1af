import MinimAutodiff
import MinimNN

/// Gated layers in two stacks, without a blind spot (van den Oord et al. 2016, "Conditional Image Generation with
/// PixelCNN Decoders", section 2 and figure 2). The vertical stack sees whole rows; its features of the rows above
/// enter the horizontal stack, which sees its own row to the left.
struct GatedNet: PixelNet {
  private let layers: [GatedLayer]
  private let head: PixelHead

  init(_ scope: ParameterScope, _ configuration: PixelCNNConfiguration, classes: Int, levels: Int) {
    let channels = configuration.channels
    layers = configuration.stack.masks.enumerated().map { depth, mask in
      GatedLayer(
        scope.scope("layers.\(depth)"), mask, inputs: depth == 0 ? 1 : channels, channels: channels, classes: classes,
        isResidual: depth > 0)
    }
    head = PixelHead(scope, configuration, levels: levels)
  }

  var maskedConvolutions: [Convolution2D] { layers.flatMap { [$0.vertical, $0.horizontal] } }

  func logits(_ images: Tensor, _ labels: Tensor?) -> Tensor {
    var (v, h) = (images, images)
    for layer in layers { (v, h) = layer(v, h, labels) }
    return head(h)
  }
}

/// One layer of both stacks: each has a convolution to 2p features, which a gate turns into p.
struct GatedLayer: Sendable {
  let vertical: Convolution2D, horizontal: Convolution2D
  /// The link from the vertical features of the row above to the horizontal ones.
  private let link: Convolution2D
  private let output: Convolution2D
  private let verticalLabels: LabelBias?, horizontalLabels: LabelBias?
  private let isResidual: Bool

  init(_ scope: ParameterScope, _ mask: Mask, inputs: Int, channels: Int, classes: Int, isResidual: Bool) {
    vertical = Convolution2D(
      scope.scope("vertical"), taps: mask.verticalTaps, inputs: inputs, outputs: 2 * channels)
    horizontal = Convolution2D(
      scope.scope("horizontal"), taps: mask.horizontalTaps, inputs: inputs, outputs: 2 * channels)
    link = Convolution2D(scope.scope("link"), taps: [MaskStack.link], inputs: 2 * channels, outputs: 2 * channels)
    output = .pointwise(scope.scope("output"), inputs: channels, outputs: channels)
    verticalLabels = LabelBias(scope.scope("verticalLabels"), classes: classes, channels: 2 * channels)
    horizontalLabels = LabelBias(scope.scope("horizontalLabels"), classes: classes, channels: 2 * channels)
    self.isResidual = isResidual
  }

  /// Maps v and h, each [n, height, width, channels], to those of the next layer.
  func callAsFunction(_ v: Tensor, _ h: Tensor, _ labels: Tensor?) -> (v: Tensor, h: Tensor) {
    let down = vertical(v)
    var right = horizontal(h) + link(down)
    if let bias = horizontalLabels?(labels) { right = right + bias }
    let y = output(Self.gate(right))
    return (Self.gate(verticalLabels?(labels).map { down + $0 } ?? down), isResidual ? h + y : y)
  }

  /// tanh(a) * sigmoid(b) of the halves a and b of the features (equation 2).
  private static func gate(_ features: Tensor) -> Tensor {
    let half = Shape(features.shape.dropLast() + [features.shape[3] / 2])
    return tanh(features.slice([0, 0, 0, 0], shape: half))
      * sigmoid(features.slice([0, 0, 0, half[3]], shape: half))
  }
}
