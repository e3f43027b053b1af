import MinimKernels
import MinimNN

/// A rule whose step in a linear field is a matrix: constant rate, no clipping, no division by a gradient.
public struct LinearRule: Sendable {
  /// The optimizer's use of the field.
  public enum Descent: Sendable, Hashable {
    /// u = momentum u + v, z -= rate u; momentum 0 is plain descent.
    case momentum(Double)
    /// z -= rate (2 v - previous v).
    case optimistic
  }

  /// The step size.
  public let rate: Double
  /// The optimizer's use of the field.
  public let descent: Descent
  /// The rule for how often and where a step evaluates the field.
  public let dynamics: Dynamics
  /// The weight of consensus in the field.
  public let consensus: Double

  /// Creates a rule from its parts.
  public init(
    rate: Double, _ descent: Descent = .momentum(0), _ dynamics: Dynamics = .simultaneous, consensus: Double = 0
  ) {
    self.rate = rate
    self.descent = descent
    self.dynamics = dynamics
    self.consensus = consensus
  }

  /// The rule of a run; nil if its step is not a matrix, or is unknown here.
  public init?(_ rule: UpdateRule) {
    guard rule.clipNorm == nil, rule.schedule.shape == .constant, rule.schedule.warmUp == 0 else { return nil }
    let descent: Descent
    switch (rule.optimizer as? Averaged)?.base ?? rule.optimizer {
    case let it as SGD where !it.nesterov && it.weightDecay == 0: descent = .momentum(it.momentum)
    case is Optimistic: descent = .optimistic
    default: return nil
    }
    if case .alternating(_, let times) = rule.dynamics, times > 1, descent != .momentum(0) { return nil }
    self.init(rate: rule.schedule.peak, descent, rule.dynamics, consensus: rule.consensus)
  }

  /// The rule in the form of a run.
  package func updateRule(steps: Int) -> UpdateRule {
    let optimizer: any Optimizer =
      switch descent {
      case .momentum(let momentum): SGD(momentum: momentum)
      case .optimistic: Optimistic()
      }
    return UpdateRule(
      optimizer: optimizer, dynamics: dynamics, consensus: consensus,
      schedule: Schedule(peak: rate, steps: steps), steps: steps)
  }

  /// The rule with other dynamics and plain descent.
  func plain(_ dynamics: Dynamics) -> LinearRule { LinearRule(rate: rate, .momentum(0), dynamics) }

  /// Whether the step's matrix is normal, so that norms on a singular pair change by the same factor in every step.
  var isNormal: Bool {
    if case .alternating = dynamics { return false }
    return descent == .momentum(0)
  }

  /// The name in pictures.
  public var name: String {
    let moves =
      switch dynamics {
      case .simultaneous: "simultaneous"
      case .alternating(_, let times): times > 1 ? "alternating, \(times) to 1" : "alternating"
      case .extragradient: "extragradient"
      }
    let how =
      switch descent {
      case .momentum(let momentum): momentum == 0 ? "" : ", momentum \(momentum)"
      case .optimistic: ", optimistic"
      }
    return moves + how + (consensus == 0 ? "" : ", consensus \(consensus)")
  }

  /// Rules to compare side by side.
  static func all(rate: Double) -> [LinearRule] {
    [
      LinearRule(rate: rate), LinearRule(rate: rate, .momentum(0), .alternating()),
      LinearRule(rate: rate, .momentum(0), .extragradient), LinearRule(rate: rate, .optimistic),
      LinearRule(rate: rate, consensus: 1), LinearRule(rate: rate, .momentum(-0.5), .alternating()),
    ]
  }
}
