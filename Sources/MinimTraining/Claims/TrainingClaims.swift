import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel

/// The claims about training itself, which hold for every model, each with a control that must fail. They protect whoever
/// changes the code or writes a model: a step, a gradient, a batch, a split and a draw are compared with their definitions.
package struct TrainingClaims {
  let experiment: Experiment
  /// The kept parameters.
  let trained: Trained
  /// The lowest loss on the validation examples during training; nil if there was none.
  let leastValidationLoss: Double?

  /// Prepares the claims of a run.
  package init(_ experiment: Experiment, _ trained: Trained, leastValidationLoss: Double?) {
    (self.experiment, self.trained, self.leastValidationLoss) = (experiment, trained, leastValidationLoss)
  }

  /// All of them, in the order of their numbers.
  package func all() throws -> [Claim] {
    var claims = [try trained.checking("T1") { try stepClaim() }]
    claims += rateClaims()
    claims.append(try trained.checking("T3") { try gradientClaim() })
    claims += try trained.checking("T4") { try drawClaims() }
    claims += batchClaims() + splitClaims()
    claims += try trained.checking("T7") { try keptClaims() }
    claims += momentClaims()
    return claims
  }

  var model: any Model { experiment.model }
  var data: DataSplit { experiment.data }
  var configuration: RunConfiguration { experiment.configuration }

  /// The shards and the examples of a small batch, which is cut unevenly if it can be. With consensus a batch is one shard:
  /// the square of a mean is not the mean of squares.
  var smallBatch: (examples: Int, shards: Int) {
    let batch = configuration.batch
    let shards = configuration.consensus == 0 ? batch.shards : 1
    return (min(batch.examples, 2 * shards + 1, data.training.count ?? .max), shards)
  }

  /// The values of the inputs of a step, by their names.
  func inputs(_ indices: [Int], step: Int) -> [String: [Double]] {
    var inputs = [Batch.stepName: [Double(step)], Batch.indexName: indices.map(Double.init)]
    let last = indices.max() ?? 0
    guard let rows = data.training.rows(drawing: last + 1, name: data.name) else { return inputs }
    inputs[Batch.inputName] = indices.flatMap { rows.example($0).map(Double.init) }
    guard rows.classes > 0 else { return inputs }
    inputs[Batch.labelName] = indices.flatMap { index in
      (0..<rows.classes).map { rows.labels[index] == $0 ? 1 : 0 }
    }
    return inputs
  }

  /// The objective of a number of examples.
  var objective: (Int) -> Objective {
    let (model, data) = (model, data)
    return { model.objective(Batch(count: $0, of: data)) }
  }
}
