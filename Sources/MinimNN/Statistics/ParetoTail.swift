import MinimKernels

/// The heaviness of the tail of importance weights: the shape k of a generalized Pareto distribution of the largest
/// ones (Vehtari, Simpson, Gelman, Yao and Gabry 2024, "Pareto Smoothed Importance Sampling", section 2.4). Weights
/// have 1 / k moments: a finite variance for k < 1/2, a finite mean for k < 1. Above 0.7 so many draws would be needed
/// that an estimate is meaningless.
public struct ParetoTail: Sendable {
  /// The estimate k-hat. -infinity if the largest weights are all alike, and infinity if so few rise above the others
  /// that no distribution fits.
  public let shape: Double
  /// The number of weights in the tail: the lesser of a fifth of all and three times the root of their number.
  public let count: Int

  /// The tail of weights whose logarithms are given up to a common constant. Nil if there are fewer than 25, or if they
  /// are not weights: NaN or infinity among them, or all of them zero.
  public init?(logWeights: [Double]) {
    guard logWeights.count >= 25, let most = logWeights.max(), most.isFinite,
      logWeights.allSatisfy({ $0 < .infinity })
    else { return nil }
    let n = Double(logWeights.count)
    count = Int(min(n / 5, 3 * n.squareRoot()).rounded(.up))
    var largest = Array(logWeights.sorted().suffix(count + 1)).map { $0 - most }
    Elementary.exp(&largest)
    let threshold = largest.removeFirst()
    let exceedances = largest.map { $0 - threshold }
    // Weights that are equal up to rounding have no tail, only noise.
    guard 1 - threshold > 1e-9 else {
      shape = -.infinity
      return
    }
    // The information of ten weights with a tail of shape 1/2, so that few weights do not give an extreme (appendix C).
    let (size, prior) = (Double(count), 10.0)
    shape = (size * Self.shape(exceedances: exceedances) + prior * 0.5) / (size + prior)
  }

  /// The shape of a generalized Pareto distribution of given values, by the estimate of Zhang and Stephens (2009, "A
  /// New and Efficient Estimation Method for the Generalized Pareto Distribution"): the mean of a posterior over theta
  /// = -shape / scale, for which the likelihood has its maximum over the other parameter in closed form. Infinity if
  /// the values do not determine it.
  ///
  /// - Parameter exceedances: ascending, at least five, none negative.
  package static func shape(exceedances x: [Double]) -> Double {
    let n = Double(x.count)
    guard x.count >= 5, let most = x.last, most > 0 else { return .infinity }
    // The prior of theta takes its width from the lower quartile (their equation 12).
    let quartile = x[Int(n / 4 + 0.5) - 1]
    guard quartile > 0 else { return .infinity }
    let points = 30 + Int(n.squareRoot())
    let thetas = (0..<points).map { index -> Double in
      let root: Double = (Double(points) / (Double(index) + 0.5)).squareRoot()
      return 1 / most + (1 - root) / (3 * quartile)
    }
    let logLikelihoods = thetas.map { theta -> Double in
      let shape = shape(x, theta: theta)
      // At 0 the distribution is exponential.
      let rate = theta == 0 ? n / x.reduce(0, +) : -theta / shape
      return n * (Elementary.log(rate) - shape - 1)
    }
    guard let best = logLikelihoods.max(), best.isFinite else { return .infinity }
    var weights = logLikelihoods.map { $0 - best }
    Elementary.exp(&weights)
    let mean = dot(weights, thetas) / weights.reduce(0, +)
    let result = shape(x, theta: mean)
    return result.isNaN ? .infinity : result
  }

  /// The shape with the highest likelihood for a theta: the mean of log(1 - theta x).
  private static func shape(_ x: [Double], theta: Double) -> Double {
    var terms = x.map { -theta * $0 }
    Elementary.log1p(&terms)
    return terms.reduce(0, +) / Double(x.count)
  }
}
