import MinimNN

extension TrainingLoop {
  /// What happens during training, in this order at each step.
  package enum Event {
    /// The model's diagnostics at the present step.
    case diagnostics(Diagnostics)
    /// A step was taken.
    case step(StepReport)
    /// The state after the present step is to be saved.
    case checkpoint
  }

  /// A step that was taken.
  package struct StepReport {
    /// Its number, from 1.
    package let step: Int
    /// The epoch, from 1, and the examples drawn so far.
    package let progress: (epoch: Int, examples: Int)
    /// The loss before its update, and the gradient's norm.
    package let result: StepEngine.Result
    /// The losses on whole parts of the data, if the step was one of evaluation.
    package let losses: HeldOutLoss.Losses?
    /// Whether its parameters are the best so far on the validation examples.
    package let isNewBest: Bool
    /// Whether no step follows.
    package let isLast: Bool
  }

  /// How training ended.
  package enum Ending {
    case done
    /// A signal asked to stop.
    case stopped(signal: Int32)
    /// A step was not finite. The parameters are those before it; if these are not finite either, the last checkpoint has
    /// some that are.
    case diverged(NonFiniteStep)
  }
}
