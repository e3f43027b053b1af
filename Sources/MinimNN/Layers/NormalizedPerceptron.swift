import MinimAutodiff

/// Linear layers, each but the last followed by batch normalization and ReLU; without normalization a plain perceptron.
/// The last may be normalized too, without factor and summand, like the projections of Chen and He (2021, "Exploring
/// Simple Siamese Representation Learning").
public struct NormalizedPerceptron: Sendable {
  private let layers: [(linear: Linear, norm: BatchNorm?)]
  /// The number of outputs.
  public let outputs: Int

  /// Creates layers "0", "1", ... of the scope, with "norm" below.
  ///
  /// - Parameters:
  ///   - scope: the scope of its parameters.
  ///   - widths: the inputs, the hidden widths, the outputs; a single width makes it the identity.
  ///   - isNormalized: whether hidden layers are normalized.
  ///   - normalizesOutputs: whether the last layer is normalized.
  public init(_ scope: ParameterScope, widths: [Int], isNormalized: Bool, normalizesOutputs: Bool = false) {
    require(!widths.isEmpty, "a perceptron has inputs")
    outputs = widths[widths.count - 1]
    layers = widths.indices.dropLast().map { index in
      let (isLast, layer) = (index == widths.count - 2, scope.scope("\(index)"))
      let linear = Linear(layer, inputs: widths[index], outputs: widths[index + 1])
      let norm =
        (isLast ? normalizesOutputs : isNormalized)
        ? BatchNorm(layer.scope("norm"), channels: widths[index + 1], isAffine: !isLast) : nil
      return (linear, norm)
    }
  }

  /// [n, inputs] to [n, outputs].
  public func callAsFunction(_ x: Tensor, _ statistics: inout NormStatistics) -> Tensor {
    var h = x
    for (index, layer) in layers.enumerated() {
      h = layer.linear(h)
      if let norm = layer.norm { h = norm(h, &statistics) }
      if index < layers.count - 1 { h = relu(h) }
    }
    return h
  }
}
