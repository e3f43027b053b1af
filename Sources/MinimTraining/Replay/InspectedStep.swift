import MinimNN

/// A step of a run, taken again, with what the run does not write: the gradient and the update of each parameter, or where a
/// number stopped being finite.
package struct InspectedStep: Sendable {
  /// A step before it.
  package struct Earlier: Sendable {
    package let step: Int
    /// The loss before the update, the gradient's norm before clipping, and the learning rate.
    package let loss: Double, gradientNorm: Double, rate: Double
  }

  /// What a step did to a parameter.
  package struct ParameterStep: Sendable {
    package let path: String
    package let shape: [Int]
    /// The norms of the gradient and of the parameter before the step.
    package let gradientNorm: Double, norm: Double
    /// The largest change of an element, with its sign, and the indices of that element.
    package let update: Double, position: [Int]
  }

  /// What came of it.
  package enum Outcome: Sendable {
    /// The step was taken.
    case taken(StepEngine.Result)
    /// A number was not finite.
    case diverged(NonFiniteStep, Cause)
  }

  /// What was not finite.
  package enum Cause: Sendable {
    /// The loss or the gradient: the step was not taken.
    case gradient
    /// A parameter, or the optimizer's state, after the update.
    case update
  }

  package let step: Int
  /// The step of the checkpoint that the steps were taken again from; 0 for the start of the run.
  package let start: Int
  package let outcome: Outcome
  package let rate: Double
  /// The norm that larger gradients are scaled down to; nil for none.
  package let clipNorm: Double?
  /// The last ten steps before, as far as they were taken again.
  package let history: [Earlier]
  /// The parameters, in the order of the layout.
  package let parameters: [ParameterStep]
  /// Whether the gradients are those of the last of several fields of the step.
  package let isOfLastField: Bool
  /// The numbers of the batch's examples among the training examples, or of the draws if these have no end; empty if the
  /// model reads none.
  package let examples: [Int]
  package let metric: String
  package let agreement: MetricsAgreement

  /// The examples of the batch for which the bad value was computed.
  package var badExamples: [Int] {
    guard case .diverged(let bad, _) = outcome, let range = bad.examples else { return [] }
    return Array(examples.dropFirst(range.lowerBound).prefix(range.count))
  }
}
