import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

extension FixedPosterior: Model {
  /// Returns nats.
  public var lossUnit: String? { "nats" }

  /// Returns true: the claims follow the parameter from the value in the config.
  public var definesStart: Bool { true }

  /// The objective, in nats per example: -E_q log p(x, z).
  public func objective(_ batch: Batch) -> Objective { Objective("negativeECLL", losses(of: batch).mean()) }

  /// The loss of each example.
  public func losses(_ batch: Batch) -> Tensor? { losses(of: batch) }

  private func losses(of batch: Batch) -> Tensor { -expectedLogJoint(batch.examples, q(batch.examples)) }

  /// Draws of x, next to the data.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    let model = model(trained.parameters)
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let draws = (0..<UInt64(count)).map { index in
      let (z, noise) = (key.normal(at: 2 * index), key.normal(at: 2 * index + 1))
      return model.weight * z + model.bias + model.variance.squareRoot() * noise
    }
    return Samples(draws, of: trained.data)
  }

  /// Returns where training ended, where it should have ended, and what the difference costs.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let learned = configuration.learned
    let model = model(trained.parameters)
    let q = q(at: model)
    let logProb = model.logProb(rows)
    return Evaluation([
      .init("theta", model[learned], "the \(learned) that was learned"),
      .init("maximumLikelihood", best[learned], "where log p(x) is largest"),
      .init("maximumECLL", maximum(q)[learned], "where E_q log p(x, z) is largest"),
      .init("logProb", logProb, "mean log p(x) of the training rows, nats"),
      .init("logProbLost", best.logProb(rows) - logProb, "what it is below its maximum"),
      .init("ecll", model.expectedLogJoint(q, rows), "mean E_q log p(x, z) = log p(x) - KL - entropy"),
      .init("kl", model.klToPosterior(q, rows), "mean KL(q, p(z given x)) of them"),
      .init("entropy", q.entropy, "the differential entropy of q, which does not depend on theta and may be negative"),
    ])
  }
}
