import MinimFiles

/// A reason why a step of a run cannot be looked at.
package enum InspectionError: ReportedError, Equatable {
  /// The run has no step of this number.
  case noStep(Int, of: Int, String)
  /// No step was asked for, and the run has no bad one.
  case notDiverged(String)
  /// The run diverged, and the same steps do not.
  case doesNotDiverge(String)

  package var exit: ExitStatus {
    switch self {
    case .noStep, .notDiverged: .usage
    case .doesNotDiverge: .bug
    }
  }

  package var description: String {
    switch self {
    case .noStep(let step, let count, let run): "--step: expected 1 to \(count), the steps of \(run), got \(step)"
    case .notDiverged(let run): "\(run) did not diverge. To look at any other step: --step N"
    case .doesNotDiverge(let run):
      "\(run) diverged, and its steps, taken again, do not. Its files were changed, or what made them had other bits: see "
        + "minim verify"
    }
  }
}
