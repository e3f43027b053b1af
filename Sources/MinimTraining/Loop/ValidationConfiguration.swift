import MinimConfiguration

/// The use of validation examples: the interval of evaluations, and what they decide.
package struct ValidationConfiguration: Sendable {
  /// The parameters that a run ends with.
  package enum Choice: String, CaseIterable, Sendable {
    /// The parameters with the lowest loss on the validation examples.
    case best
    /// The parameters of the last step.
    case last
  }

  /// Steps between evaluations.
  package let interval: Int
  package let keep: Choice
  /// Evaluations without a new best after which training stops; nil for never.
  package let patience: Int?

  init(_ section: ConfigurationSection) {
    interval = section.integer(
      "interval", default: 50, in: 1...1_000_000_000, "Steps between evaluations on the validation examples.")
    keep = section.choice(
      "keep", default: .best, "The parameters that samples, metrics and claims use: best by validation, or last.")
    let evaluations = section.integer(
      "patience", default: 0, in: 0...1_000_000, "Evaluations without a new best after which training stops; 0: never.")
    patience = evaluations > 0 ? evaluations : nil
  }

  /// Whether the examples are evaluated after a step of a run with `steps` steps.
  func isEvaluation(_ step: Int, of steps: Int) -> Bool { step % interval == 0 || step == steps }

  /// Whether the best evaluation is so long ago that training stops: a function of the steps, so that a resumed run
  /// decides in the same way.
  func hasStopped(_ step: Int, best: Int?) -> Bool {
    guard let patience, let best else { return false }
    return step - best >= patience * interval
  }
}
