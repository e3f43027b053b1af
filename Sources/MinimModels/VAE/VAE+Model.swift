import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

extension VAE: Model {
  /// Returns nats.
  public var lossUnit: String? { "nats" }

  /// The objective, in nats per example: the negative ELBO, or the negative importance-weighted bound.
  public func objective(_ batch: Batch) -> Objective {
    Objective(configuration.isBound ? "negativeELBO" : "loss", training(batch).mean())
  }

  /// The loss of each example.
  public func losses(_ batch: Batch) -> Tensor? { training(batch) }

  /// The reconstruction and the KL of the bound, and the KL of each latent variable if they are few; nats.
  public func parts(_ batch: Batch) -> [(name: String, value: Tensor)] {
    let (reconstruction, kl) = elboParts(batch.examples, posterior(batch.examples))
    let each = (0..<(configuration.latent <= 16 ? configuration.latent : 0)).map {
      (name: "kl\($0)", value: kl.slice([0, $0], shape: [batch.count, 1]).reshape([batch.count]))
    }
    return [("reconstruction", reconstruction), ("kl", kl.sum(axes: [1]))] + each
  }

  /// The training loss of each example, [count].
  private func training(_ batch: Batch) -> Tensor {
    let q = posterior(batch.examples)
    if configuration.samples > 1 {
      return -importanceWeightedBound(batch.examples, q, samples: configuration.samples)
    }
    let (reconstruction, kl) = elboParts(batch.examples, q)
    let floor = configuration.freeBits
    let counted = floor > 0 ? maximum(kl, .constant(floor, shape: kl.shape)) : kl
    let weighted = configuration.beta == 1 ? counted.sum(axes: [1]) : configuration.beta * counted.sum(axes: [1])
    return weighted - reconstruction
  }

  /// Decoded draws of the prior: means, or probabilities of a 1.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let latent = configuration.latent
    let draws = Dataset(
      name: "draws", exampleShape: [latent],
      values: (0..<count * latent).map { Float(key.normal(at: UInt64($0))) })
    let rows = try trained.rows(of: draws, chunk: 256) { z in ["values": means(z)] }
    return Samples(rows["values"], of: trained.data)
  }
}
