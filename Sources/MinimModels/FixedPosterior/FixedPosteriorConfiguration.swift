import MinimNN
import MinimData
import MinimConfiguration

/// The configuration of the expected complete-data log-likelihood as an objective.
public struct FixedPosteriorConfiguration: Sendable {
  /// The q(z given x) of the expectation.
  public enum Posterior: String, CaseIterable, Sendable {
    /// The posterior at the theta with the largest log p(x).
    case maximumLikelihood
    /// The posterior at the initial theta.
    case start
    /// The posterior at the theta of each step, without a derivative.
    case current
    /// p(z).
    case prior
    /// One normal for all x.
    case normal
  }

  /// The learned parameter of theta.
  public let learned: OneFactor.Learned
  /// The initial model: the parameter that is learned, the other one, and the variance of x given z.
  public let start: OneFactor
  /// The q of the expectation.
  public let posterior: Posterior
  /// The mean and the variance of `normal`.
  public let posteriorMean: Double, posteriorVariance: Double

  /// Reads the section "model".
  public init(_ section: ConfigurationSection) {
    learned = section.choice("learn", default: .weight, "What is learned of x given z ~ N(weight z + bias, variance).")
    let first = section.number("start", default: 0.5, in: -1000...1000, "Where what is learned starts.")
    let known =
      switch learned {
      case .weight: section.number("bias", default: 0, in: -1000...1000, "The bias, which is known.")
      case .bias: section.number("weight", default: 1, in: -1000...1000, "The weight, which is known.")
      }
    let variance = section.number("variance", default: 1, in: 1e-4...1e4, "Known variance of x given z.")
    start =
      switch learned {
      case .weight: OneFactor(weight: first, bias: known, variance: variance)
      case .bias: OneFactor(weight: known, bias: first, variance: variance)
      }
    posterior = section.choice(
      "posterior", default: .start,
      "The q of the expectation. The posterior of the maximumLikelihood, the start or the current theta; the prior; a normal."
    )
    let isNormal = posterior == .normal
    posteriorMean =
      isNormal ? section.number("posteriorMean", default: 0, in: -1000...1000, "The mean of q, for every x.") : 0
    posteriorVariance =
      isNormal ? section.number("posteriorVariance", default: 0.1, in: 1e-6...1e6, "The variance of q.") : 1
    if start.weight == 0 {
      switch learned {
      case .weight:
        section.report("start", "a weight of 0 is a saddle point, from which nothing moves: start elsewhere")
      case .bias: section.report("weight", "with a weight of 0 x says nothing of z: take another")
      }
    }
  }
}

extension FixedPosterior {
  /// Reads the section "model" of a config, for rows of one value.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    let rows = Moments(data.requireSingleValues("a fixed-q", section))
    self.init(FixedPosteriorConfiguration(section), rows: rows)
  }
}
