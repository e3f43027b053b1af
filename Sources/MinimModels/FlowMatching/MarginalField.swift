import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The field that moves noise to a mixture of normals, in closed form (flow matching's u, the mean of dx_t/dt given x_t).
///
/// Given component k, x_t is normal with mean alpha m_k and covariance V_k = alpha^2 S_k + sigma^2 I, and so x1 and x0 have the
/// means m_k + alpha S_k V_k^-1 (x - alpha m_k) and sigma V_k^-1 (x - alpha m_k); the components count by their posterior
/// weights. Everything is an expression in the eigenvectors of the S_k, so that it can be differentiated again.
package struct MarginalField: Sendable {
  private let path: ProbabilityPath
  private let components: Int, dimensions: Int
  /// log w_k, [1, components].
  private let logWeights: Tensor
  /// m_k, [components, d].
  private let means: Tensor
  /// U_k side by side, [d, components * d], and m_k U_k, [1, components * d].
  private let rotations: Tensor, rotatedMeans: Tensor
  /// The eigenvalues of the S_k, [1, components * d].
  private let variances: Tensor

  /// Creates the field of a mixture with the given means, covariances and weights.
  package init(_ path: ProbabilityPath, means: [[Double]], covariances: [Matrix], weights: [Double]) {
    let (count, d) = (means.count, means[0].count)
    let eigen = covariances.map { SymmetricEigen($0) }
    (self.path, components, dimensions) = (path, count, d)
    logWeights = .constant(weights.map { Elementary.log($0) }, shape: [1, count])
    self.means = .constant(means.flatMap { $0 }, shape: [count, d])
    rotations = .constant((0..<d).flatMap { row in eigen.flatMap { $0.vectors.row(row) } }, shape: [d, count * d])
    rotatedMeans = .constant(
      zip(means, eigen).flatMap { mean, eigen in eigen.vectors.transposed * mean }, shape: [1, count * d])
    // Rounding may leave an eigenvalue of a flat direction below 0.
    variances = .constant(eigen.flatMap(\.values).map { max(0, $0) }, shape: [1, count * d])
  }

  /// Creates the field of a known mixture.
  package init(_ path: ProbabilityPath, _ mixture: GaussianMixture) {
    self.init(
      path, means: mixture.means, covariances: mixture.covariances.map { Matrix(rows: $0) }, weights: mixture.weights)
  }

  /// What is known of a point x at a time t.
  package struct Posterior: Sendable {
    /// E[x1 given x_t] and E[x0 given x_t], [n, d].
    package let data: Tensor, noise: Tensor
    /// log p_t(x), [n], in nats.
    package let logProb: Tensor
  }

  /// The posterior of points [n, d] at times [n, 1].
  package func posterior(_ x: Tensor, _ t: Tensor) -> Posterior {
    let factors = path.factors(t)
    return posterior(x, alpha: factors.alpha, sigma: factors.sigma)
  }

  /// The posterior of points alpha x1 + sigma x0, [n, d], for factors [n, 1].
  package func posterior(_ x: Tensor, alpha: Tensor, sigma: Tensor) -> Posterior {
    let (n, d, count) = (x.shape[0], dimensions, components)
    // [n, count * d]: deviations from the means along the eigenvectors, their variances, and their quotients.
    let y = matmul(x, rotations) - alpha * rotatedMeans
    let variance = square(alpha) * variances + square(sigma)
    let z = y / variance
    // [n, count]
    let squares = (y * z).reshape([n, count, d]).sum(axes: [2])
    let logDeterminants = log(variance).reshape([n, count, d]).sum(axes: [2])
    let logs = (squares + logDeterminants) * -0.5 + logWeights - Double(d) * halfLogTwoPi
    guard count > 1 else {
      return Posterior(
        data: means + alpha * rotated(variances * z), noise: sigma * rotated(z), logProb: logs.reshape([n]))
    }
    let logProb = logs.logSumExp(axis: 1)
    let shares = exp(logs - logProb.reshape([n, 1]))
    let weighted = (shares.reshape([n, count, 1]) * z.reshape([n, count, d])).reshape([n, count * d])
    return Posterior(
      data: matmul(shares, means) + alpha * rotated(variances * weighted), noise: sigma * rotated(weighted),
      logProb: logProb)
  }

  /// sum_k U_k y_k, [n, components * d] to [n, d].
  private func rotated(_ y: Tensor) -> Tensor { matmul(y, rotations.transpose([1, 0])) }

  /// V^(-1/2) (x - alpha m) of a single component: [n, d] and [n, 1] to [n, d]. If x_t has its distribution, this is
  /// standard normal at every time.
  package func whitened(_ x: Tensor, _ t: Tensor) -> Tensor {
    require(components == 1, "a mixture of \(components) components has no single covariance")
    let factors = path.factors(t)
    let y = matmul(x, rotations) - factors.alpha * rotatedMeans
    return rotated(y / sqrt(square(factors.alpha) * variances + square(factors.sigma)))
  }

  /// u(x, t) = alpha' E[x1 given x_t] + sigma' E[x0 given x_t]: [n, d] and [n, 1] to [n, d].
  package func velocity(_ x: Tensor, _ t: Tensor) -> Tensor {
    let (factors, posterior) = (path.factors(t), posterior(x, t))
    return factors.alphaRate * posterior.data + factors.sigmaRate * posterior.noise
  }
}
