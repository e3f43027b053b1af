import MinimNN
import Testing

extension SmallModel {
  /// The values of a batch of the first examples, by the names of the inputs of an objective.
  func inputs(_ count: Int) throws -> [String: [Double]] {
    let rows = try #require(data.rows)
    var inputs = [Batch.inputName: rows.values.prefix(count * rows.exampleCount).map(Double.init)]
    if data.classes > 0 {
      inputs[Batch.labelName] = rows.labels.prefix(count).flatMap { label in
        (0..<data.classes).map { $0 == label ? 1.0 : 0 }
      }
    }
    return inputs
  }
}
