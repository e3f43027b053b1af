import MinimConfiguration
import MinimFiles
import MinimNN

/// The parameters that a run's samples, metrics and claims are computed from.
package struct KeptParameters: Sendable {
  /// The reason for choosing a step.
  package enum Choice: String, Sendable {
    /// It has the lowest loss on the validation examples.
    case best
    /// It is the last.
    case last
    /// A user asked for it.
    case chosen
  }

  package let parameters: ParameterVector
  package let step: Int
  package let choice: Choice
  /// The decay of the running average, if they are averaged; nil for those of a single step.
  package let averageDecay: Double?

  /// "Parameters of step 650, the best on the validation examples, averaged with decay 0.999".
  package var description: String {
    let why =
      switch choice {
      case .best: ", the best on the validation examples"
      case .last: ", the last"
      case .chosen: ""
      }
    let weights = averageDecay.map { "averaged with decay \($0)" } ?? "raw, not averaged"
    return "Parameters of step \(step)\(why), \(weights)"
  }

  /// The reason why a step cannot be chosen.
  static func missing(_ step: Int, among steps: [Int]) -> String {
    let others = steps.isEmpty ? "none" : steps.map(String.init).joined(separator: ", ")
    return "there is no checkpoint at step \(step); there are \(others)"
  }

  /// Metrics, with the parameters that they belong to.
  package func json(with evaluation: Evaluation) -> JSON {
    var json: JSON = [
      "step": .integer(step), "choice": .string(choice.rawValue),
      "weights": .string(averageDecay == nil ? "raw" : "averaged"),
    ]
    for member in evaluation.json.object?.members ?? [] { json[member.key] = member.value }
    return json
  }
}

extension Experiment {
  /// Loads the parameters that the run's config keeps, or those of a requested step, from its checkpoints.
  ///
  /// - Throws: `FileError` with exit code 66 if there is no such checkpoint, and the errors of reading it.
  package func keptParameters(
    in directory: RunDirectory, step: Int? = nil, store: FileStore = FileStore()
  ) throws -> KeptParameters {
    let steps = try directory.checkpointSteps(store: store)
    guard let last = steps.last else {
      throw FileError(.open, directory.checkpoints, reason: "there is no checkpoint yet", exit: .missingInput)
    }
    if let step, !steps.contains(step) {
      throw FileError(
        .open, directory.checkpoints, reason: KeptParameters.missing(step, among: steps), exit: .missingInput)
    }
    var checkpoint = try Checkpoint(directory.checkpoint(step: step ?? last), experiment: self, store: store)
    var choice = step == nil ? KeptParameters.Choice.last : .chosen
    if step == nil, validation?.keep == .best, let best = checkpoint.best?.step {
      checkpoint = try Checkpoint(directory.checkpoint(step: best), experiment: self, store: store)
      choice = .best
    }
    let parameters = try ParameterVector(model.parameters, precision: configuration.precision)
    let path = directory.checkpoint(step: checkpoint.step)
    let average = configuration.averageDecay.map { _ in Averaged.stateName }
    try checkpoint.restore(parameters, average: average, file: path)
    return KeptParameters(
      parameters: parameters, step: checkpoint.step, choice: choice, averageDecay: configuration.averageDecay)
  }
}
