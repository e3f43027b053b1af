import Minim

extension Workload {
  /// SimSiam (Chen and He 2021): encoder 64-128-32 and predictor 32-16-32, ReLU; two noisy views, negative cosine with
  /// stop-gradient, both ways round; momentum; batches of 256.
  static let simsiam: Workload = {
    let inputs = 64
    let scope = ParameterScope()
    let encoder = MultilayerPerceptron(scope.scope("encoder"), widths: [inputs, 128, 32], .relu)
    let predictor = MultilayerPerceptron(scope.scope("predictor"), widths: [32, 16, 32], .relu)
    @Sendable func noise(_ count: Int) -> [Tensor] {
      [0, 1].map { .normal(shape: [count, inputs], purpose: .model, stream: $0) }
    }
    return Workload(
      name: "simsiam", examples: 256, shards: 8, optimizer: SGD(momentum: 0.9), rate: 0.05, parameters: scope.layout,
      data: Dataset(
        name: "bell-shaped", exampleShape: [inputs], values: bellShaped(4096 * inputs, seed: 5), entropy: nil),
      noise: noise
    ) { batch in
      let z = noise(batch.count).map { encoder(batch.examples + 0.1 * $0) }
      let p = z.map(predictor.callAsFunction)
      let similarity = cosine(p[0], stopGradient(z[1])) + cosine(p[1], stopGradient(z[0]))
      return Objective("loss", (similarity * -0.5).mean())
    }
  }()
}

/// The cosine of the angle between the rows: [n, d] and [n, d] to [n].
func cosine(_ a: Tensor, _ b: Tensor) -> Tensor {
  (a * b).sum(axes: [1]) / (sqrt(square(a).sum(axes: [1])) * sqrt(square(b).sum(axes: [1])))
}
