import MinimAutodiff

/// An optimizer whose rule is also written as its paper has it, in plain loops of Double: the oracle of its kernels.
package protocol PlainOptimizer: Optimizer {
  /// Takes one step of one parameter.
  func step(_ parameter: inout PlainParameter, _ gradient: [Double], rate: Double, update: Int)
}

/// A parameter and its state in an optimizer, in plain arrays.
package struct PlainParameter {
  /// The extents.
  let shape: Shape
  /// The values, row-major.
  package var values: [Double]
  /// One vector per state of the optimizer, zeros before the first update.
  var state: [[Double]]
}

extension SGD: PlainOptimizer {
  package func step(_ it: inout PlainParameter, _ gradient: [Double], rate: Double, update: Int) {
    for i in it.values.indices {
      let g = gradient[i] + weightDecay * it.values[i]
      guard momentum != 0 else {
        it.values[i] -= rate * g
        continue
      }
      it.state[0][i] = momentum * it.state[0][i] + g
      it.values[i] -= rate * (nesterov ? g + momentum * it.state[0][i] : it.state[0][i])
    }
  }
}

extension Optimistic: PlainOptimizer {
  package func step(_ it: inout PlainParameter, _ gradient: [Double], rate: Double, update: Int) {
    for i in it.values.indices {
      let before = update == 1 ? gradient[i] : it.state[0][i]
      it.values[i] -= rate * (2 * gradient[i] - before)
      it.state[0][i] = gradient[i]
    }
  }
}

extension Adam: PlainOptimizer {
  package func step(_ it: inout PlainParameter, _ gradient: [Double], rate: Double, update: Int) {
    var (power1, power2) = (1.0, 1.0)
    for _ in 0..<update { (power1, power2) = (power1 * beta1, power2 * beta2) }
    for i in it.values.indices {
      let g = gradient[i]
      it.state[0][i] = beta1 * it.state[0][i] + (1 - beta1) * g
      it.state[1][i] = beta2 * it.state[1][i] + (1 - beta2) * g * g
      let (mean, square) = (it.state[0][i] / (1 - power1), it.state[1][i] / (1 - power2))
      it.values[i] -= rate * (mean / (square.squareRoot() + epsilon) + weightDecay * it.values[i])
    }
  }
}

extension Averaged {
  /// The average of the parameters after each of some updates, by its definition: parameters of step k of t have the
  /// weight d^(t - k).
  static func plainAverage(of history: [[Double]], decay: Double) -> [Double] {
    var sum = history[0].map { _ in 0.0 }, weights = 0.0
    for values in history {
      for i in sum.indices { sum[i] = decay * sum[i] + values[i] }
      weights = decay * weights + 1
    }
    return sum.map { $0 / weights }
  }
}
