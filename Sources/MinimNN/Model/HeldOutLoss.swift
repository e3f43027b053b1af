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
  private let evaluator: BatchEvaluator
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
    let columns = ([losses] + parts.map(\.value)).map { $0.reshape([chunk, 1]) }
    evaluator = try BatchEvaluator(
      [[columns.count == 1 ? losses : concatenate(columns, axis: 1)]], chunk: chunk, trained)
    require(
      !evaluator.depends(on: Batch.stepName),
      "the loss of an example, or a part of it, depends on the number of the step, which an evaluation has none of")
  }

  /// Computes the losses with the present parameters.
  public func losses() -> Losses {
    evaluator.update()
    let (training, validation) = (means(training), means(validation))
    return Losses(
      training: training[0], validation: validation[0],
      parts: names.enumerated().map { ($1, training[$0 + 1], validation[$0 + 1]) })
  }

  /// The mean loss, and those of its parts.
  private func means(_ data: Dataset) -> [Double] {
    let width = names.count + 1
    let values = evaluator.values(of: data, width: width)
    return (0..<width).map { column in
      stride(from: column, to: values.count, by: width).reduce(0) { $0 + values[$1] } / Double(data.count)
    }
  }
}
