import MinimSystem
import MinimConfiguration
import MinimKernels

/// The learning rate as a function of the step.
public struct Schedule: Sendable, Equatable {
  /// The course of the rate after the warm-up.
  public enum Shape: String, CaseIterable, Sendable {
    case constant
    /// Half a cosine from the peak to `final` times the peak (Loshchilov and Hutter 2017, "SGDR", equation 5).
    case cosine
  }

  /// The course of the rate after the warm-up.
  public let shape: Shape
  /// The largest rate.
  public let peak: Double
  /// Steps over which the rate rises linearly from 0.
  public let warmUp: Int
  /// The end of the cosine, as a share of the peak.
  public let final: Double
  /// The step at which the cosine ends.
  public let steps: Int

  /// Creates a schedule for a run of `steps` steps.
  public init(shape: Shape = .constant, peak: Double, warmUp: Int = 0, final: Double = 0, steps: Int) {
    self.shape = shape
    self.peak = peak
    self.warmUp = warmUp
    self.final = final
    self.steps = steps
  }

  /// Reads "schedule" of the optimizer's section.
  public init(_ section: ConfigurationSection, peak: Double, steps: Int) {
    let name = section.choice("name", default: Shape.constant, "How the learning rate changes after the warm-up.")
    let warmUp = section.integer(
      "warmUp", default: 0, in: 0...1_000_000_000, "Steps over which the rate rises linearly from 0.")
    let final =
      name == .cosine
      ? section.number("final", default: 0, in: 0...1, "Where the cosine ends, as a share of the learning rate.") : 0
    self.init(shape: name, peak: peak, warmUp: warmUp, final: final, steps: steps)
  }

  /// Whether the rate of a step depends on the number of all steps.
  public var dependsOnSteps: Bool {
    switch shape {
    case .constant: false
    case .cosine: true
    }
  }

  /// The rate of a step, counted from 1.
  public func rate(step: Int) -> Double {
    if step <= warmUp { return peak * Double(step) / Double(warmUp + 1) }
    switch shape {
    case .constant: return peak
    case .cosine:
      let progress = min(1, Double(step - 1 - warmUp) / Double(max(1, steps - warmUp)))
      let share = 0.5 * (1 + Elementary.cos(progress * Double.pi))
      return peak * (final + (1 - final) * share)
    }
  }
}

extension Schedule {
  /// The rate of a step by the formula alone, from the system's cosine: the oracle of `rate`.
  package func plainRate(step: Int) -> Double {
    guard step > warmUp else { return peak * Double(step) / Double(warmUp + 1) }
    switch shape {
    case .constant: return peak
    case .cosine:
      let angle = Double.pi * Double(step - 1 - warmUp) / Double(max(1, steps - warmUp))
      return peak * (final + (1 - final) * (1 + cos(min(angle, Double.pi))) / 2)
    }
  }

  /// The schedule with all rates times a factor.
  func scaled(by factor: Double) -> Schedule {
    Schedule(shape: shape, peak: factor * peak, warmUp: warmUp, final: final, steps: steps)
  }
}
