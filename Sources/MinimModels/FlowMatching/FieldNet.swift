import MinimAutodiff
import MinimNN

/// A multilayer perceptron of a point, a time and perhaps a class.
///
/// Its inputs are bounded, and so are its outputs: z / sqrt(1 + |z|^2 / (9 d)) of the whitened point z, and sines and cosines
/// of the time. Far from all data the net is nearly constant along a ray, and the normal part, which is affine, decides where a
/// trajectory goes: none can run away.
struct FieldNet: Sendable {
  private let layers: [Linear]
  private let frequencies: Int, dimensions: Int, classes: Int

  /// Creates the net with its parameters in `scope`; the last layer starts as zeros.
  init(_ scope: ParameterScope, dimensions: Int, hidden: [Int], frequencies: Int, classes: Int = 0) {
    self.frequencies = frequencies
    self.dimensions = dimensions
    self.classes = classes
    let widths = [dimensions + 2 * frequencies + classes] + hidden + [dimensions]
    // Wider than the usual start: the error of a field is mostly noise, and small features would drown in it.
    layers = (0...hidden.count).map { layer in
      Linear(
        scope.scope("\(layer)"), inputs: widths[layer], outputs: widths[layer + 1],
        layer == hidden.count ? .zeros : .uniform(bound: (6 / Double(widths[layer])).squareRoot()))
    }
  }

  /// The output for whitened points [n, d] at times [n, 1]: [n, d].
  ///
  /// - Parameter labels: [n, classes], each row with a single 1, or with none where the class is not given; nil for none.
  func callAsFunction(_ z: Tensor, _ t: Tensor, labels: Tensor?) -> Tensor {
    let bounded = z / sqrt(square(z).sum(axes: [1]).reshape([z.shape[0], 1]) * (1 / (9 * Double(dimensions))) + 1)
    let given = classes == 0 ? [] : [labels ?? .constant(0, shape: [z.shape[0], classes])]
    let inputs = concatenate([bounded] + waves(t) + given, axis: 1)
    return layers.dropFirst().reduce(layers[0](inputs)) { h, layer in layer(silu(h)) }
  }

  /// sin(pi k t) and cos(pi k t) for k from 1 on, [n, frequencies] each.
  private func waves(_ t: Tensor) -> [Tensor] {
    guard frequencies > 0 else { return [] }
    let angles = t * .constant((1...frequencies).map { Double.pi * Double($0) }, shape: [1, frequencies])
    return [sin(angles), cos(angles)]
  }
}
