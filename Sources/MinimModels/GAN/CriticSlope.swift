import MinimKernels
import MinimNN

/// The slope of a critic in plain loops: the product of its layers' matrices, W_1 D_1 W_2 D_2 ... W_n, with the slopes
/// D of the functions between them. Gradients of the same critic are compared with it.
struct CriticSlope {
  private let layers: [(weight: [Double], bias: [Double])]
  private let activation: Activation

  /// Creates the slope of a critic of one value with its trained parameters.
  init(_ critic: MultilayerPerceptron, _ activation: Activation, _ layout: ParameterLayout, _ vector: ParameterVector) {
    self.activation = activation
    layers = critic.layers.map { layer in
      let both = [layer.weight, layer.bias].map { tensor in
        layout.entries.first { $0.tensor === tensor }.map { vector[$0] } ?? []
      }
      return (both[0], both[1])
    }
  }

  /// |grad critic(x)|^2.
  ///
  /// - Parameter gates: whether to use D; otherwise every D is 1.
  func squared(at x: [Double], gates: Bool) -> Double {
    let slopes = self.slopes(at: x)
    var row = [1.0]
    for (index, layer) in layers.enumerated().reversed() {
      let n = row.count
      row = (0..<layer.weight.count / n).map { i in
        let sum = (0..<n).reduce(0) { $0 + layer.weight[i * n + $1] * row[$1] }
        return gates && index > 0 ? sum * slopes[index - 1][i] : sum
      }
    }
    return row.reduce(0) { $0 + $1 * $1 }
  }

  /// D_1, D_2, ...
  private func slopes(at x: [Double]) -> [[Double]] {
    var h = x
    return layers.dropLast().map { layer in
      let n = layer.bias.count
      let y = (0..<n).map { j in
        h.indices.reduce(layer.bias[j]) { $0 + h[$1] * layer.weight[$1 * n + j] }
      }
      switch activation {
      case .relu:
        h = y.map { max(0, $0) }
        return y.map { $0 > 0 ? 1 : 0 }
      case .tanh:
        h = y.map { Elementary.tanh($0) }
        return h.map { 1 - $0 * $0 }
      }
    }
  }
}
