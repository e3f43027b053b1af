import MinimAutodiff
import MinimData

/// Computes the loss on whole splits, repeatedly as the parameters change.
public final class HeldOutLoss {
  /// The mean losses on the training examples and on the validation examples.
  public struct Losses: Sendable {
    /// The loss on the training examples, or on the first draws if they have no end, and on the validation examples.
    public let training: Double, validation: Double
    /// The means of the losses' parts, by name, in the order of the model.
    public let parts: [(name: String, training: Double, validation: Double)]
  }

  /// The name of a metric on a split: "trainingNLL" for "nll", "trainingNegativeELBO" for "negativeELBO".
  package static func key(_ part: String, _ metric: String) -> String {
    // A word of three letters is an abbreviation.
    part + (metric.count <= 3 ? metric.uppercased() : metric.prefix(1).uppercased() + metric.dropFirst())
  }

  private let training: Dataset, validation: Dataset
  private let evaluator: RowEvaluator
  private let names: [String]

  /// - Returns: nil if nothing is held out, or if the model has no loss per example.
  /// - Throws: `KernelError` if there is not enough memory.
  public init?(_ model: any Model, _ trained: Trained) throws {
    let data = trained.data
    guard let validation = data.validation,
      let training = data.training.rows(drawing: validation.count, name: data.name)
    else { return nil }
    let chunk = min(64, max(training.count, validation.count))
    guard let losses = model.losses(Batch(count: chunk, of: data)) else { return nil }
    self.training = training
    self.validation = validation
    let parts = model.parts(Batch(count: chunk, of: data))
    names = parts.map(\.name)
    require(!names.contains(Self.loss), "a part of a loss is named \"\(Self.loss)\", as is the whole")
    evaluator = try RowEvaluator([(Self.loss, losses)] + parts, chunk: chunk, trained)
    require(
      !evaluator.depends(on: Batch.stepName),
      "the loss of an example, or a part of it, depends on the number of the step, but an evaluation has no steps")
  }

  /// Computes the losses with the present parameters.
  public func losses() -> Losses {
    evaluator.update()
    let (training, validation) = (evaluator.values(of: training), evaluator.values(of: validation))
    return Losses(
      training: training.mean(Self.loss), validation: validation.mean(Self.loss),
      parts: names.map { ($0, training.mean($0), validation.mean($0)) })
  }

  /// The name of the whole loss next to those of its parts.
  private static let loss = "loss"
}
