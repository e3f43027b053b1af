import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

extension RealNVP: Model {
  /// Returns nats.
  public var lossUnit: String? { "nats" }

  /// The objective, in nats per example: the negative log-likelihood of the data, or its upper bound for whole numbers;
  /// or KL(model, target).
  public func objective(_ batch: Batch) -> Objective {
    guard configuration.objective == .reverseKL, let target else {
      return Objective(levels == nil ? "nll" : "nllBound", (-logProb(unit.dequantized(batch))).mean())
    }
    let u = Tensor.normal(shape: [batch.count, dimensions], purpose: .model)
    return Objective("reverseKL", logRatio(u, to: target, factor: annealing(batch)).mean())
  }

  /// The factor of the target's log density, [1], which grows evenly over the first steps. Nil if it is always 1.
  private func annealing(_ batch: Batch) -> Tensor? {
    guard configuration.annealingSteps > 0 else { return nil }
    let (start, steps) = (configuration.annealingStart, Double(configuration.annealingSteps))
    return minimum((batch.step - 1) * ((1 - start) / steps) + start, .constant(1, shape: [1]))
  }

  /// The negative log-likelihood of each example, or its bound; nil if no examples are learned from.
  public func losses(_ batch: Batch) -> Tensor? {
    configuration.objective == .forwardKL ? -logProb(unit.dequantized(batch)) : nil
  }

  /// Draws of the base, mapped.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    unit.samples(try draws(count, trained), exampleShape: exampleShape, of: trained)
  }

  /// `count` samples, row-major: a function of the seed and a sample's number.
  package func draws(_ count: Int, _ trained: Trained) throws -> [Double] {
    let key = RandomKey(seed: trained.seed).folding(.sampling)
    let u = (0..<UInt64(count * dimensions)).map { key.normal(at: $0) }
    return try TrainedFlow(self, trained).forward(u).points
  }
}
