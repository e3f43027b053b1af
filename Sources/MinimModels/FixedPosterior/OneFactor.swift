import MinimKernels

/// z ~ N(0, 1), x given z ~ N(w z + b, s): factor analysis of one value with one factor, the smallest model with a
/// latent variable. All quantities are means over rows, in nats, in Double; rows enter only through their `Moments`.
public struct OneFactor: Sendable {
  /// w and b.
  public let weight: Double, bias: Double
  /// s, the variance of x given z.
  public let variance: Double

  /// Creates the model of a theta, which is w and b.
  public init(weight: Double, bias: Double, variance: Double) {
    precondition(variance > 0, "x given z has a positive variance, not \(variance)")
    self.weight = weight
    self.bias = bias
    self.variance = variance
  }

  /// w^2 + s, the variance of x.
  public var marginalVariance: Double { weight * weight + variance }

  /// p(z given x), by Bayes.
  public var posterior: LinearNormal {
    let slope = weight / marginalVariance
    return LinearNormal(slope: slope, intercept: -slope * bias, variance: variance / marginalVariance)
  }

  /// log p(x).
  public func logProb(_ rows: Moments) -> Double {
    -(rows.square(1, -bias) / marginalVariance + Elementary.log(marginalVariance) + Self.logTwoPi) / 2
  }

  /// E log p(x, z) over z ~ q(z given x): the expected complete-data log-likelihood (Dempster, Laird and Rubin 1977,
  /// "Maximum Likelihood from Incomplete Data via the EM Algorithm", section 2).
  public func expectedLogJoint(_ q: LinearNormal, _ rows: Moments) -> Double {
    let residual = rows.square(1 - weight * q.slope, -weight * q.intercept - bias) + weight * weight * q.variance
    let size = rows.square(q.slope, q.intercept) + q.variance
    return -(residual / variance + Elementary.log(variance) + size) / 2 - Self.logTwoPi
  }

  /// KL(q, p(z given x)).
  public func klToPosterior(_ q: LinearNormal, _ rows: Moments) -> Double {
    let p = posterior
    let off = rows.square(q.slope - p.slope, q.intercept - p.intercept)
    return ((off + q.variance) / p.variance - 1 - Elementary.log(q.variance / p.variance)) / 2
  }

  static let logTwoPi = Elementary.log(2 * .pi)
}

/// q(z given x) = N(slope x + intercept, variance).
public struct LinearNormal: Sendable {
  /// The linear dependence of the mean on x.
  public let slope: Double, intercept: Double
  /// Positive, and the same for every x.
  public let variance: Double

  /// Creates a normal whose mean is a linear function of x.
  public init(slope: Double, intercept: Double, variance: Double) {
    self.slope = slope
    self.intercept = intercept
    self.variance = variance
  }

  /// p(z), the same for every x.
  public static let prior = LinearNormal(slope: 0, intercept: 0, variance: 1)

  /// The differential entropy in nats, which is negative below a standard deviation of 0.242.
  public var entropy: Double { (OneFactor.logTwoPi + 1 + Elementary.log(variance)) / 2 }
}

/// The mean and the variance of x over rows; the sum of squares is divided by their number.
public struct Moments: Sendable {
  /// The moments, in the units of x and of x^2.
  public let mean: Double, variance: Double

  /// Creates the moments of values, at least one.
  public init(_ values: [Double]) {
    precondition(!values.isEmpty, "no values have no mean")
    let mean = values.reduce(0, +) / Double(values.count)
    self.mean = mean
    variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
  }

  /// The mean of (slope x + intercept)^2.
  public func square(_ slope: Double, _ intercept: Double) -> Double { product((slope, intercept), (slope, intercept)) }

  /// The mean of the product of two linear functions of x, each a slope and an intercept.
  func product(_ f: (slope: Double, intercept: Double), _ g: (slope: Double, intercept: Double)) -> Double {
    f.slope * g.slope * variance + (f.slope * mean + f.intercept) * (g.slope * mean + g.intercept)
  }
}
