import MinimKernels

/// A distribution whose means and variances are known by a formula of its own.
package protocol KnownMoments: KnownDistribution {
  /// The mean and the variance of each value.
  var moments: (mean: [Double], variance: [Double]) { get }
}

extension KnownDistribution {
  /// The mean and the variance of each value; nil if they are unknown.
  package var knownMoments: (mean: [Double], variance: [Double])? {
    if let known = self as? any KnownMoments { return known.moments }
    guard let density = self as? any KnownDensity else { return nil }
    return (density.mean, density.covariance.enumerated().map { $1[$0] })
  }
}

extension LinearGaussian: KnownMoments {
  package var moments: (mean: [Double], variance: [Double]) { (bias, covariance.diagonal) }
}

extension TanhGaussian: KnownMoments {
  /// By a sum over a grid of both latent variables, which has converged: the integrand is smooth.
  package var moments: (mean: [Double], variance: [Double]) {
    let nodes = (-48...48).map { Double($0) / 8 }
    var mass = 0.0
    var sums = [Double](repeating: 0, count: Self.inputs), squares = sums
    for a in nodes {
      for b in nodes {
        let weight = Elementary.exp(-(a * a + b * b) / 2)
        mass += weight
        for (i, x) in decode([a, b]).enumerated() {
          sums[i] += weight * x
          squares[i] += weight * x * x
        }
      }
    }
    let mean = sums.map { $0 / mass }
    return (mean, squares.indices.map { squares[$0] / mass - mean[$0] * mean[$0] + sigma * sigma })
  }
}
