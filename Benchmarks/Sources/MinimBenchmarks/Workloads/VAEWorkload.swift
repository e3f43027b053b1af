import Foundation
import Minim

extension Workload {
  /// A variational autoencoder (Kingma and Welling 2014): x 16, z 2, MLPs of 64-64 tanh, Gaussian with fixed sigma 0.1, one
  /// reparameterised sample, closed-form KL; batches of 128.
  static let vae: Workload = {
    let (inputs, latent, sigma) = (16, 2, 0.1)
    let scope = ParameterScope()
    let encoder = MultilayerPerceptron(scope.scope("encoder"), widths: [inputs, 64, 64, 2 * latent], .tanh)
    let decoder = MultilayerPerceptron(scope.scope("decoder"), widths: [latent, 64, 64, inputs], .tanh)
    @Sendable func noise(_ count: Int) -> Tensor { .normal(shape: [count, latent], purpose: .model) }
    return Workload(
      name: "vae", examples: 128, shards: 2, optimizer: Adam(), rate: 1e-3, parameters: scope.layout,
      data: Dataset(
        name: "bell-shaped", exampleShape: [inputs], values: bellShaped(4096 * inputs, seed: 3), entropy: nil),
      noise: { [noise($0)] }
    ) { batch in
      let x = batch.examples
      let code = encoder(x)
      let mean = code.slice([0, 0], shape: [batch.count, latent])
      let logSigma = code.slice([0, latent], shape: [batch.count, latent])
      let z = mean + exp(logSigma) * noise(batch.count)
      let kl = ((square(mean) + exp(2 * logSigma) - 1) * 0.5 - logSigma).sum(axes: [1])
      let nll =
        (square(x - decoder(z)) * (0.5 / (sigma * sigma))).sum(axes: [1]) + gaussianConstant(inputs, sigma: sigma)
      return Objective("negativeELBO", (nll + kl).mean())
    }
  }()
}

/// n log(sigma sqrt(2 pi)): what a Gaussian's negative log density is at its mean.
func gaussianConstant(_ n: Int, sigma: Double = 1) -> Double {
  Double(n) * (log(sigma) + 0.5 * log(2 * .pi))
}
