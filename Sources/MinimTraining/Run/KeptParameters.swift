import MinimConfiguration
import MinimFiles
import MinimNN

/// Which of a run's parameters its samples, figures and claims are of.
package struct KeptParameters: Sendable {
  /// Why those of this step.
  package enum Choice: String, Sendable {
    /// They have the lowest loss on the validation examples.
    case best
    /// They are the last.
    case last
    /// Somebody asked for them.
    case chosen
  }

  package let parameters: ParameterVector
  package let step: Int
  package let choice: Choice
  /// The decay of the running average that they are; nil if they are a step's own.
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

  /// Metrics with what they are of.
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
  /// The parameters of a run that its config keeps, or those of a step that somebody asks for, from its checkpoints.
  ///
  /// - Throws: `FileError` with exit code 66 if there is no such checkpoint, and what reading it throws.
  package func keptParameters(
    in directory: RunDirectory, step: Int? = nil, store: FileStore = FileStore()
  ) throws -> KeptParameters {
    let steps = try directory.checkpointSteps(store: store)
    guard let last = steps.last else {
      throw FileError(.open, directory.checkpoints, reason: "there is no checkpoint yet", exit: .missingInput)
    }
    if let step, !steps.contains(step) {
      throw FileError(
        .open, directory.checkpoints,
        reason: "there is no checkpoint of step \(step); there are \(steps.map(String.init).joined(separator: ", "))",
        exit: .missingInput)
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
