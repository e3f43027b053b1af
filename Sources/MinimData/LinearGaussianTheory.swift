import MinimKernels

/// The closed forms of a VAE with a linear Gaussian decoder: x given z ~ N(W z + b, s I), z ~ N(0, I). The encoder's
/// normal has independent dimensions with means m and variances v. All quantities are in nats, in Double.
///
/// With M = I + W^T W / s the posterior is N(mu, M^-1), mu = M^-1 W^T (x - b) / s (Tipping and Bishop 1999, section 3), and
///   log p(x) - ELBO(m, v) = approximation gap + amortization gap,
/// where the first is the loss of the best independent normal, and the second what this one loses in addition (Cremer,
/// Li and Duvenaud 2018).
public struct LinearGaussianTheory: Sendable {
  /// The decoder, and the data if they are its own.
  public let model: LinearGaussian
  /// M, [latent, latent].
  public let posteriorPrecision: Matrix
  /// M^-1, [latent, latent], the same for every x.
  public let posteriorCovariance: Matrix
  /// W W^T + s I, [inputs, inputs].
  public let covariance: Matrix
  /// M^-1 W^T / s, [latent, inputs], from x - b to the posterior's mean.
  public let encoder: Matrix
  /// The loss of every encoder with independent dimensions, the same for every x: (sum of log M_jj - log det M) / 2.
  public let approximationGap: Double
  /// The differential entropy of x.
  public let entropy: Double

  private let marginal: Cholesky

  /// Derives the closed forms of a model.
  public init(_ model: LinearGaussian) {
    let columns = model.weights.transposed  // [latent, inputs]
    let precision = Matrix(model.latent, model.latent) {
      dot(columns.row($0), columns.row($1)) / model.variance + ($0 == $1 ? 1 : 0)
    }
    let covariance = model.covariance
    guard let posterior = Cholesky(precision), let marginal = Cholesky(covariance) else {
      // Each is a product with the own transpose plus a positive number; claims check the condition of a trained model first.
      preconditionFailure("a positive number was added to each diagonal, so both matrices are positive definite")
    }
    self.model = model
    self.covariance = covariance
    self.marginal = marginal
    posteriorPrecision = precision
    posteriorCovariance = posterior.inverse
    encoder =
      Matrix(
        rows: model.weights.allRows.map { row in posterior.solve(row).map { $0 / model.variance } }
      ).transposed
    let logDiagonal = precision.diagonal.reduce(0) { $0 + Elementary.log($1) }
    approximationGap = (logDiagonal - posterior.logDeterminant) / 2
    entropy = (Double(model.inputs) * (1 + Self.logTwoPi) + marginal.logDeterminant) / 2
  }

  static let logTwoPi = Elementary.log(2 * .pi)

  /// mu, the mean of z given x, [latent].
  public func posteriorMean(_ x: [Double]) -> [Double] { encoder * centered(x) }

  /// The variances of the best independent normal, 1 / M_jj; its means are mu.
  public var optimalVariances: [Double] { posteriorPrecision.diagonal.map { 1 / $0 } }

  /// log p(x).
  public func logProb(_ x: [Double]) -> Double {
    let z = marginal.whiten(centered(x))
    return -(dot(z, z) + marginal.logDeterminant + Double(model.inputs) * Self.logTwoPi) / 2
  }

  /// KL(N(m, v), N(0, I)), the distance of the encoder's normal from the prior.
  public func klToPrior(mean m: [Double], variance v: [Double]) -> Double {
    m.indices.reduce(0) { $0 + (m[$1] * m[$1] + v[$1] - 1 - Elementary.log(v[$1])) / 2 }
  }

  /// KL(N(m, v), p(z given x)), the sum of the two gaps: log p(x) - ELBO.
  public func klToPosterior(_ x: [Double], mean m: [Double], variance v: [Double]) -> Double {
    approximationGap + amortizationGap(x, mean: m, variance: v)
  }

  /// E[log p(x given z)] - KL(N(m, v), N(0, I)) over z ~ N(m, v).
  public func elbo(_ x: [Double], mean m: [Double], variance v: [Double]) -> Double {
    let r = zip(centered(x), model.weights * m).map { $0 - $1 }
    let spread = model.weights.allRows.reduce(0) { $0 + zip($1, v).reduce(0) { $0 + $1.0 * $1.0 * $1.1 } }
    let logNoise = Double(model.inputs) * (Self.logTwoPi + Elementary.log(model.variance))
    return -((dot(r, r) + spread) / model.variance + logNoise) / 2 - klToPrior(mean: m, variance: v)
  }

  /// The loss of the normal in addition to that of the best independent one:
  /// (m - mu)^T M (m - mu) / 2 + sum of (M_jj v_j - 1 - log(M_jj v_j)) / 2.
  public func amortizationGap(_ x: [Double], mean m: [Double], variance v: [Double]) -> Double {
    let off = zip(m, posteriorMean(x)).map { $0 - $1 }
    return v.indices.reduce(dot(off, posteriorPrecision * off) / 2) { sum, j in
      let ratio = posteriorPrecision[j, j] * v[j]
      return sum + (ratio - 1 - Elementary.log(ratio)) / 2
    }
  }

  /// The derivatives of the ELBO: -M (m - mu) in the means and (1 - M_jj v_j) / 2 in the logarithms of the variances.
  public func gradient(_ x: [Double], mean m: [Double], variance v: [Double]) -> (
    mean: [Double], logVariance: [Double]
  ) {
    let off = zip(m, posteriorMean(x)).map { $0 - $1 }
    return (
      (posteriorPrecision * off).map { -$0 },
      v.indices.map { (1 - posteriorPrecision[$0, $0] * v[$0]) / 2 }
    )
  }

  private func centered(_ x: [Double]) -> [Double] { zip(x, model.bias).map { $0 - $1 } }
}
