import MinimAutodiff
import MinimNN

/// The map from images to the logits of their pixels, in which the kinds of PixelCNN differ.
protocol PixelNet: Sendable {
  /// Maps images [n, h, w, 1], and labels [n, classes] if the net is conditional, to [n, h, w, logits of a pixel].
  func logits(_ images: Tensor, _ labels: Tensor?) -> Tensor

  /// The convolutions whose taps the masks decide.
  var maskedConvolutions: [Convolution2D] { get }
}

/// 1x1 layers after the masked ones, the same at every pixel: h = layer(f(h)), and at last a pixel's logits: one for two
/// levels, otherwise one for each level.
struct PixelHead: Sendable {
  private let activation: Activation
  private let hidden: [Convolution2D]
  private let output: Convolution2D

  init(_ scope: ParameterScope, _ configuration: PixelCNNConfiguration, levels: Int) {
    let channels = configuration.channels
    activation = configuration.activation
    hidden = (0..<configuration.pointwiseLayers).map {
      .pointwise(scope.scope("pointwise.\($0)"), inputs: channels, outputs: channels)
    }
    output = .pointwise(scope.scope("output"), inputs: channels, outputs: levels == 2 ? 1 : levels)
  }

  /// Maps [n, h, w, channels] to [n, h, w, logits of a pixel].
  func callAsFunction(_ features: Tensor) -> Tensor {
    output(activation(hidden.reduce(features) { h, layer in layer(activation(h)) }))
  }
}
