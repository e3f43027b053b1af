import Minim
import MinimKernels

extension Workload {
  /// Variational inference without an encoder: 1,000 rows, each with a mean and a log sigma of its own (z 2), 8 samples of it,
  /// and a decoder like that of `vae`, which is fixed; closed-form KL; all rows in every step.
  static let svi: Workload = {
    let (inputs, latent, samples, rows, sigma) = (16, 2, 8, 1000, 0.1)
    let values = fixedDecoder(latent: latent, outputs: inputs)
    let decoder = sviDecoder(ParameterScope(fixedAt: values), latent: latent, outputs: inputs)
    let scope = ParameterScope()
    let posteriors = scope.parameter("posteriors", shape: [rows, 2 * latent], .uniform(bound: 0.5))
    @Sendable func noise(_ count: Int) -> Tensor { .normal(shape: [count, samples, latent], purpose: .model) }
    return Workload(
      name: "svi", examples: rows, shards: 16, optimizer: Adam(), rate: 1e-2, parameters: scope.layout,
      data: Dataset(
        name: "bell-shaped", exampleShape: [inputs], values: bellShaped(rows * inputs, seed: 8), entropy: nil),
      drawing: .epoch, noise: { [noise($0)] },
      constants: values.layout.entries.map { ($0.path, $0.shape, values[$0].map(Float.init)) }
    ) { batch in
      let n = batch.count
      let code = posteriors.gather(batch.indices)
      let mean = code.slice([0, 0], shape: [n, latent]), logSigma = code.slice([0, latent], shape: [n, latent])
      let z = mean.reshape([n, 1, latent]) + exp(logSigma).reshape([n, 1, latent]) * noise(n)  // [n, samples, latent]
      let kl = ((square(mean) + exp(2 * logSigma) - 1) * 0.5 - logSigma).sum(axes: [1])
      let error = batch.examples.reshape([n, 1, inputs]) - decoder(z)  // [n, samples, inputs]
      let distortion = (square(error) * (0.5 / (sigma * sigma))).sum(axes: [2]).mean(axes: [1])
      return Objective("negativeELBO", (distortion + kl).mean() + gaussianConstant(inputs, sigma: sigma))
    }
  }()

  private static func sviDecoder(_ scope: ParameterScope, latent: Int, outputs: Int) -> MultilayerPerceptron {
    MultilayerPerceptron(scope.scope("decoder"), widths: [latent, 64, 64, outputs], .tanh)
  }

  private static func fixedDecoder(latent: Int, outputs: Int) -> ParameterVector {
    let scope = ParameterScope()
    _ = sviDecoder(scope, latent: latent, outputs: outputs)
    guard let values = try? ParameterVector(scope.layout, precision: .float32) else {
      fatalError("there is always memory for a decoder of 5,000 numbers")
    }
    values.initialize(seed: WorkloadRun.seed)
    return values
  }
}
