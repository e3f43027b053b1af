import MinimConfiguration

/// What is done with the examples held out for validation: how often they are looked at, and what is decided by them.
package struct ValidationConfiguration: Sendable {
  /// Which parameters a run ends with.
  package enum Choice: String, CaseIterable, Sendable {
    /// Those with the lowest loss on the validation examples.
    case best
    /// Those of the last step.
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
      "keep", default: .best, "Which parameters samples, figures and claims use: best by validation, or last.")
    let evaluations = section.integer(
      "patience", default: 0, in: 0...1_000_000, "Evaluations without a new best after which training stops; 0: never.")
    patience = evaluations > 0 ? evaluations : nil
  }

  /// Whether the examples are looked at after a step of a run with so many.
  func isEvaluation(_ step: Int, of steps: Int) -> Bool { step % interval == 0 || step == steps }

  /// Whether the best evaluation is so long ago that training shall stop: a function of the steps, so that a resumed run
  /// decides alike.
  func hasStopped(_ step: Int, best: Int?) -> Bool {
    guard let patience, let best else { return false }
    return step - best >= patience * interval
  }
}
