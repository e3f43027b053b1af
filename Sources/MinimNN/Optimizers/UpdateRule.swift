/// How a run updates its parameters: what a claim about its trajectory needs to know.
public struct UpdateRule: Sendable {
  /// What is done with the field.
  public let optimizer: any Optimizer
  /// How often and where a step asks for the field.
  public let dynamics: Dynamics
  /// The weight of consensus in the field.
  public let consensus: Double
  /// The rate of each step.
  public let schedule: Schedule
  /// How many steps the run takes.
  public let steps: Int
  /// Fields with a larger norm are scaled down to it; nil for none.
  public let clipNorm: Double?

  /// The rule of a run.
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
