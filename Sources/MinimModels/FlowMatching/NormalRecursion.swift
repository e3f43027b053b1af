import MinimKernels
import MinimNN

/// One direction of a normal under the steps of `FieldSampler`: mean and variance are exact.
package struct NormalRecursion {
  private let path: ProbabilityPath
  private let mean: Double, variance: Double

  /// Creates the recursion for data of a mean and a variance.
  package init(_ path: ProbabilityPath, mean: Double, variance: Double) {
    (self.path, self.mean, self.variance) = (path, mean, variance)
  }

  /// How far the mean of the sampler with the best noise, g^2 = 2 w sigma / alpha, is off at a time if its velocity is off by a
  /// constant e: V / alpha int 2 e alpha / V dt, with V the variance of x_t.
  package func shift(at end: Double, error: Double) -> Double {
    let rule = GaussLegendre(64), last = path.factors(end)
    let integral = zip(rule.nodes, rule.weights).reduce(0.0) { sum, node in
      let f = path.factors(node.0 * end)
      return sum + node.1 * end * 2 * error * f.alpha / spread(f)
    }
    return spread(last) / last.alpha * integral
  }

  /// KL at a time between normals whose means are off by `shift`; nats.
  package func kl(at end: Double, shift: Double) -> Double { shift * shift / (2 * spread(path.factors(end))) }

  private func spread(_ f: ProbabilityPath.Factors<Double>) -> Double {
    f.alpha * f.alpha * variance + f.sigma * f.sigma
  }

  /// Mean and variance at t = 1.
  ///
  /// - Parameters:
  ///   - drift: r in the drift, at a time.
  ///   - noise: r in the noise.
  package func ends(
    _ steps: Int, drift: (Double) -> Double, noise: (Double) -> Double
  ) -> (mean: Double, variance: Double) {
    var (center, square) = (0.0, 1.0)
    let h = 1 / Double(steps)
    for step in 0..<steps {
      let t = Double(step) * h, f = path.factors(t)
      let rate: Double = (f.alpha * f.alphaRate * variance + f.sigma * f.sigmaRate) / spread(f)
      let velocity: Double = f.alphaRate * mean + rate * (center - f.alpha * mean)
      let change: Double = velocity + drift(t) * (f.alpha * velocity - f.alphaRate * center)
      let slope: Double = rate + drift(t) * (f.alpha * rate - f.alphaRate)
      let w: Double = f.alphaRate * f.sigma - f.alpha * f.sigmaRate
      center += h * change
      square = (1 + h * slope) * (1 + h * slope) * square + 2 * noise(t) * w * f.sigma * h
    }
    return (center, square)
  }
}
