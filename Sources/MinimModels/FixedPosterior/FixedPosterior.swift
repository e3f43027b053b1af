import MinimAutodiff
import MinimKernels
import MinimNN

/// The expected complete-data log-likelihood with a fixed q as an objective. By
///   E_q log p(x, z) = log p(x) - KL(q, p(z given x)) - H(q),
/// its maximum is that of log p(x) if q is the posterior there. It need not be for another q, because of the KL term.
///
/// The model is a `OneFactor`, which has closed forms for everything, with one parameter that is learned.
public struct FixedPosterior: Sendable {
  /// The configuration.
  public let configuration: FixedPosteriorConfiguration
  /// The training data.
  public let rows: Moments
  /// The one parameter, "weight" or "bias", of shape [1].
  public let parameters: ParameterLayout

  let parameter: Tensor

  /// Creates the model for its data, with its parameter in `scope`.
  public init(_ configuration: FixedPosteriorConfiguration, rows: Moments, _ scope: ParameterScope = .init()) {
    self.configuration = configuration
    self.rows = rows
    parameter = scope.parameter(
      configuration.learned.rawValue, shape: [1], .constant(configuration.start[configuration.learned]))
    parameters = scope.layout
  }

  // MARK: - In numbers

  /// The initial model.
  public var start: OneFactor { configuration.start }
  /// The maximum of log p(x).
  public var best: OneFactor { start.maximizingLogProb(configuration.learned, rows) }

  /// The q of the objective at a given theta, which matters only for `current`.
  public func q(at model: OneFactor) -> LinearNormal {
    switch configuration.posterior {
    case .maximumLikelihood: best.posterior
    case .start: start.posterior
    case .current: model.posterior
    case .prior: .prior
    case .normal:
      LinearNormal(slope: 0, intercept: configuration.posteriorMean, variance: configuration.posteriorVariance)
    }
  }

  /// The maximum of the objective of a q.
  public func maximum(_ q: LinearNormal) -> OneFactor {
    start.maximizingExpectedLogJoint(q, configuration.learned, rows)
  }

  /// The model of trained parameters.
  public func model(_ vector: ParameterVector) -> OneFactor {
    start.with(configuration.learned, vector[parameters.entries[0]][0])
  }

  // MARK: - As expressions of the parameter

  /// A weight and a bias, each of shape [1].
  typealias Theta = (weight: Tensor, bias: Tensor)

  /// Theta with the given value of the parameter, by default its own.
  func theta(_ value: Tensor? = nil) -> Theta {
    let value = value ?? parameter
    return switch configuration.learned {
    case .weight: (value, .constant(start.bias, shape: [1]))
    case .bias: (.constant(start.weight, shape: [1]), value)
    }
  }

  /// log p(x) in nats, [n, 1] to [n].
  package func logProb(_ x: Tensor) -> Tensor {
    let (weight, bias) = theta()
    return DiagonalNormal(
      mean: bias.broadcast(to: x.shape), logStandardDeviation: 0.5 * log(square(weight) + start.variance)
    ).logProb(x)
  }

  /// E_q log p(x, z) in nats, [n, 1] to [n]: with the mean m and the variance v of q
  ///   -((x - w m - b)^2 + w^2 v) / (2 s) - (m^2 + v) / 2 - log(2 pi) - log(s) / 2.
  package func expectedLogJoint(_ x: Tensor, _ q: DiagonalNormal) -> Tensor {
    let (weight, bias) = theta()
    let (m, v) = (q.mean, exp(2 * q.logStandardDeviation))
    let reconstruction = (square(x - weight * m - bias) + square(weight) * v) / (2 * start.variance)
    let constant = OneFactor.logTwoPi + Elementary.log(start.variance) / 2
    return -(reconstruction + (square(m) + v) * 0.5).sum(axes: [1]) - constant
  }

  /// The posterior of a theta as values without a derivative, for x [n, 1].
  func posterior(_ x: Tensor, of theta: Theta) -> DiagonalNormal {
    let total = square(theta.weight) + start.variance
    return DiagonalNormal(
      mean: stopGradient(theta.weight / total * (x - theta.bias)),
      logStandardDeviation: stopGradient(0.5 * log(start.variance / total)))
  }

  /// The q of the objective for x [n, 1].
  package func q(_ x: Tensor) -> DiagonalNormal {
    if configuration.posterior == .current { return posterior(x, of: theta()) }
    let q = q(at: start)
    return DiagonalNormal(
      mean: q.slope * x + q.intercept, logStandardDeviation: .constant(Elementary.log(q.variance) / 2))
  }
}
