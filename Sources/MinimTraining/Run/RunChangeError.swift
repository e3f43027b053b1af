import MinimFiles

/// A reason why a run that has begun cannot continue under a changed config: exit code 78.
package enum RunChangeError: ReportedError, Equatable {
  /// A key that affects the result, with the value that it has in the run and the one that was asked for; nil for none.
  package struct Key: Equatable, Sendable {
    package let path: String
    package let old: JSON?, new: JSON?

    package var description: String {
      "\(path): \(old.map(RunRecord.text) ?? "not there") -> \(new.map(RunRecord.text) ?? "not there")"
    }
  }

  /// Keys that part of the result depends on already.
  case keys([Key])
  /// The learning rate of the steps that were taken depends on the number of all steps.
  case schedule(name: String, old: Int, new: Int)
  /// So many steps are taken already.
  case tooFew(taken: Int, old: Int, new: Int)
  /// Training ended by itself.
  case stoppedImproving(step: Int)
  /// The end of the shorter run left traces that the longer run does not have, and no checkpoint from before is left.
  case noCheckpoint(before: Int)

  package var exit: ExitStatus { .badConfiguration }

  package var description: String {
    switch self {
    case .keys(let keys):
      let lines = keys.map { "  \($0.description)" }.joined(separator: "\n")
      return "a run that has begun keeps every key that affects its result. Different here:\n\(lines)"
    case .schedule(let name, let old, let new):
      return "training.steps: \(old) -> \(new) would change the steps that are already taken: "
        + "optimizer.schedule.name is \(name), whose learning rates depend on the number of all steps."
    case .tooFew(let taken, let old, let new):
      return "training.steps: \(old) -> \(new), but the run has taken \(taken) steps already."
    case .stoppedImproving(let step):
      return "training ended at step \(step), because the validation loss had stopped improving "
        + "(validation.patience). More training.steps change nothing."
    case .noCheckpoint(let step):
      return "the last step \(step) was evaluated because it was the last, which a longer run does not do, and no "
        + "checkpoint from before it is left to continue from."
    }
  }
}
