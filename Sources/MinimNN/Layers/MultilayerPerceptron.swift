import MinimAutodiff

/// Linear layers with an activation between them, and none after the last.
public struct MultilayerPerceptron: Layer {
  /// The layers, from the inputs on.
  public let layers: [Linear]
  private let activation: Activation

  /// Creates layers "0", "1", ... of the scope; two widths are a single linear layer.
  ///
  /// - Parameters:
  ///   - scope: the scope of its parameters.
  ///   - widths: the inputs, the hidden widths, the outputs.
  ///   - activation: the activation of the hidden layers.
  ///   - last: the initializer of the last layer, if it differs from the others': with zeros the net's outputs start as
  ///     zeros.
  public init(_ scope: ParameterScope, widths: [Int], _ activation: Activation, last: Initializer? = nil) {
    require(widths.count >= 2, "a multilayer perceptron of the widths \(widths) has no inputs and outputs")
    layers = widths.indices.dropLast().map {
      Linear(
        scope.scope("\($0)"), inputs: widths[$0], outputs: widths[$0 + 1], $0 == widths.count - 2 ? last : nil)
    }
    self.activation = activation
  }

  /// Creates a net of existing layers, at least one.
  public init(_ layers: [Linear], _ activation: Activation) {
    require(!layers.isEmpty, "a multilayer perceptron has at least one layer")
    self.layers = layers
    self.activation = activation
  }

  /// [..., inputs] to [..., outputs].
  public func callAsFunction(_ x: Tensor) -> Tensor {
    // One matrix all the way: then nothing separates products and activations in a plan.
    let inputs = layers[0].weight.shape[0]
    let rows = x.reshape([x.shape.elementCount / max(1, inputs), inputs])
    let y = layers.dropFirst().reduce(layers[0](rows)) { h, layer in layer(activation(h)) }
    return y.reshape(x.shape.dropLast() + [y.shape[1]])
  }
}
