import MinimNN

extension TrainingLoop {
  /// The events of training, in this order at each step.
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
    /// The step's number, from 1.
    package let step: Int
    /// The epoch, from 1, and the examples drawn so far.
    package let progress: (epoch: Int, examples: Int)
    /// The loss before the update, and the gradient's norm.
    package let result: StepEngine.Result
    /// The losses on whole splits, if they were evaluated after the step.
    package let losses: HeldOutLoss.Losses?
    /// Whether the parameters are the best so far on the validation examples.
    package let isNewBest: Bool
    /// Whether this is the last step.
    package let isLast: Bool
  }

  /// The way in which training ended.
  package enum Ending {
    case done
    /// A signal asked to stop.
    case stopped(signal: Int32)
    /// A step was not finite. The parameters are those before it; if these are not finite either, those of the last
    /// checkpoint are.
    case diverged(NonFiniteStep)
  }
}
