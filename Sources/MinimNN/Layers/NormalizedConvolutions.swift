import MinimAutodiff

/// Convolutions of 3x3 with batch normalization and ReLU, each followed by the mean over 2x2 pixels, and a final linear
/// layer.
public struct NormalizedConvolutions: Sendable {
  private let layers: [(convolution: Convolution2D, norm: BatchNorm?)]
  private let last: NormalizedPerceptron

  /// - Parameters:
  ///   - scope: the scope of its parameters.
  ///   - shape: height, width and channels of an image.
  ///   - channels: the channels of each convolution.
  ///   - outputs: the number of outputs.
  ///   - isNormalized: whether hidden layers are normalized.
  ///   - normalizesOutputs: whether the last layer is normalized.
  public init(
    _ scope: ParameterScope, shape: [Int], channels: [Int], outputs: Int, isNormalized: Bool,
    normalizesOutputs: Bool = false
  ) {
    let taps = (-1...1).flatMap { row in (-1...1).map { Tap(row: row, column: $0) } }
    var extent = shape
    layers = channels.enumerated().map { index, count in
      let layer = scope.scope("\(index)")
      let convolution = Convolution2D(layer, taps: taps, inputs: extent[2], outputs: count)
      extent = Self.pooled(extent)
      extent[2] = count
      return (convolution, isNormalized ? BatchNorm(layer.scope("norm"), channels: count) : nil)
    }
    last = NormalizedPerceptron(
      scope.scope("last"), widths: [extent.reduce(1, *), outputs], isNormalized: isNormalized,
      normalizesOutputs: normalizesOutputs)
  }

  /// The extents after pooling. An odd last row or column stays as it is.
  private static func pooled(_ extent: [Int]) -> [Int] {
    (0..<3).map { $0 < 2 && canPool(extent) ? extent[$0] / 2 : extent[$0] }
  }

  private static func canPool(_ extent: [Int]) -> Bool { extent[0] % 2 == 0 && extent[1] % 2 == 0 }

  /// [n, height, width, channels] to [n, outputs].
  public func callAsFunction(_ images: Tensor, _ statistics: inout NormStatistics) -> Tensor {
    var h = images
    for layer in layers {
      h = layer.convolution(h)
      if let norm = layer.norm { h = norm(h, &statistics) }
      h = pool(relu(h))
    }
    return last(h.reshape([h.shape[0], h.shape.dropFirst().reduce(1, *)]), &statistics)
  }

  private func pool(_ h: Tensor) -> Tensor {
    let (n, extent) = (h.shape[0], Array(h.shape.dropFirst()))
    guard Self.canPool(extent) else { return h }
    return h.reshape([n, extent[0] / 2, 2, extent[1] / 2, 2, extent[2]]).mean(axes: [2, 4])
  }
}
