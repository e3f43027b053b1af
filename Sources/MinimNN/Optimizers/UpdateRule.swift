/// The rule by which a run updates its parameters, for claims about its trajectory.
public struct UpdateRule: Sendable {
  /// The optimizer, which turns the field into an update.
  public let optimizer: any Optimizer
  /// The rule for how often and where a step evaluates the field.
  public let dynamics: Dynamics
  /// The weight of consensus in the field.
  public let consensus: Double
  /// The rate of each step.
  public let schedule: Schedule
  /// The number of steps of the run.
  public let steps: Int
  /// The norm that larger fields are scaled down to; nil for none.
  public let clipNorm: Double?

  /// Creates the rule of a run.
  public init(
    optimizer: any Optimizer, dynamics: Dynamics = .simultaneous, consensus: Double = 0, schedule: Schedule, steps: Int,
    clipNorm: Double? = nil
  ) {
    self.optimizer = optimizer
    self.dynamics = dynamics
    self.consensus = consensus
    self.schedule = schedule
    self.steps = steps
    self.clipNorm = clipNorm
  }
}

extension UpdateRule {
  /// The rule with all rates times a factor.
  package func withRate(_ factor: Double) -> UpdateRule {
    UpdateRule(
      optimizer: optimizer, dynamics: dynamics, consensus: consensus, schedule: schedule.scaled(by: factor),
      steps: steps, clipNorm: clipNorm)
  }
}
