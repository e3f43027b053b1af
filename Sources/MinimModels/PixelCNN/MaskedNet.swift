import MinimAutodiff
import MinimNN

/// Masked convolutions one after the other, with or without residual connections (van den Oord et al. 2016, "Pixel
/// Recurrent Neural Networks", section 3.5).
struct MaskedNet: PixelNet {
  let maskedConvolutions: [Convolution2D]
  private let labels: LabelBias?
  private let head: PixelHead
  private let activation: Activation
  private let isResidual: Bool

  init(_ scope: ParameterScope, _ configuration: PixelCNNConfiguration, classes: Int, levels: Int) {
    let channels = configuration.channels
    activation = configuration.activation
    isResidual = configuration.stack.wiring == .residual
    maskedConvolutions = configuration.stack.masks.enumerated().map { depth, mask in
      .masked(scope.scope("masked.\(depth)"), mask, inputs: depth == 0 ? 1 : channels, outputs: channels)
    }
    labels = LabelBias(scope.scope("labels"), classes: classes, channels: channels)
    head = PixelHead(scope, configuration, levels: levels)
  }

  func logits(_ images: Tensor, _ labels: Tensor?) -> Tensor {
    var h = maskedConvolutions[0](images)
    if let bias = self.labels?(labels) { h = h + bias }
    for layer in maskedConvolutions.dropFirst() {
      h = isResidual ? h + layer(activation(h)) : layer(activation(h))
    }
    return head(h)
  }
}

/// V y, the term that a label adds to every pixel's features.
struct LabelBias: Sendable {
  /// [classes, channels]
  private let weight: Tensor

  /// - Returns: nil if there are no classes.
  init?(_ scope: ParameterScope, classes: Int, channels: Int) {
    guard classes > 0 else { return nil }
    weight = scope.parameter("weight", shape: [classes, channels], .fanIn(classes))
  }

  /// Maps [n, classes] to [n, 1, 1, channels]; nil without labels.
  func callAsFunction(_ labels: Tensor?) -> Tensor? {
    labels.map { matmul($0, weight).reshape([$0.shape[0], 1, 1, weight.shape[1]]) }
  }
}
