import MinimData

/// The loss on whole parts of the data, over and over as the parameters change.
public final class HeldOutLoss {
  /// The mean losses of the examples that are trained on and of those held out for validation.
  public struct Losses: Sendable {
    /// On what is trained on, and on what is held out for validation.
    public let training: Double, validation: Double
  }

  /// The name of a metric on a part of the data: "trainingNLL" of "nll", "trainingNegativeELBO" of "negativeELBO".
  package static func key(_ part: String, _ metric: String) -> String {
    // A word of three letters is an abbreviation.
    part + (metric.count <= 3 ? metric.uppercased() : metric.prefix(1).uppercased() + metric.dropFirst())
  }

  private let training: Dataset, validation: Dataset
  private let evaluator: BatchEvaluator

  /// - Returns: nil where nothing is held out, or the model has no loss of a single example.
  /// - Throws: `KernelError` if there is not the memory.
  public init?(_ model: any Model, _ trained: Trained) throws {
    let data = trained.data
    guard let training = data.rows, let validation = data.validation else { return nil }
    let chunk = min(64, max(training.count, validation.count))
    guard let losses = model.losses(Batch(count: chunk, of: data)) else { return nil }
    self.training = training
    self.validation = validation
    evaluator = try BatchEvaluator([[losses]], chunk: chunk, trained)
  }

  /// With the parameters as they are now.
  public func losses() -> Losses {
    evaluator.update()
    return Losses(training: mean(training), validation: mean(validation))
  }

  private func mean(_ data: Dataset) -> Double {
    let losses = evaluator.values(of: data)
    return losses.reduce(0, +) / Double(losses.count)
  }
}
