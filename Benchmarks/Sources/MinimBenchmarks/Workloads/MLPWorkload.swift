import Minim
import MinimKernels

extension Workload {
  /// A classifier, 784-256-128-10, ReLU, cross-entropy, plain gradient descent; batches of 256. Two shards: a gradient slot
  /// is as large as the weights, 0.9 MB, so that many of them would cost more time than the arithmetic.
  static let mlp: Workload = {
    let (inputs, classes, rows) = (784, 10, 2048)
    let scope = ParameterScope()
    let net = MultilayerPerceptron(scope.scope("layers"), widths: [inputs, 256, 128, classes], .relu)
    // Each row: the inputs, then its class as one-hot.
    let pixels = bellShaped(rows * inputs, seed: 1)
    let values = (0..<rows).flatMap { row in
      let label = RandomKey(seed: 2).index(below: classes, at: UInt64(row))
      return pixels[row * inputs..<(row + 1) * inputs] + (0..<classes).map { $0 == label ? 1 : 0 }
    }
    return Workload(
      name: "mlp", examples: 256, shards: 2, optimizer: SGD(), rate: 0.05, parameters: scope.layout,
      data: Dataset(name: "bell-shaped", exampleShape: [inputs + classes], values: values, entropy: nil)
    ) { batch in
      let x = batch.examples.slice([0, 0], shape: [batch.count, inputs])
      let label = batch.examples.slice([0, inputs], shape: [batch.count, classes])
      return Objective("nll", crossEntropy(net(x), label).mean())
    }
  }()
}

/// -log softmax(logits)[label] in nats, for one-hot labels: [n, classes] to [n].
func crossEntropy(_ logits: Tensor, _ label: Tensor) -> Tensor {
  let largest = stopGradient(logits.max(axis: 1))
  let shifted = logits - largest.reshape([logits.shape[0], 1])
  return log(exp(shifted).sum(axes: [1])) - (label * shifted).sum(axes: [1])
}
