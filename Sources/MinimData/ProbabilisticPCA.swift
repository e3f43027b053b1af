import MinimKernels

/// The maximum likelihood of x ~ N(b, W W^T + s I) over W [inputs, latent], b and s, from the covariance of the data
/// (divided by their number): Tipping and Bishop 1999, "Probabilistic Principal Component Analysis", section 3.2. It is
/// also the best ELBO of a linear VAE with independent posteriors: the columns of W can be rotated to be orthogonal,
/// and no gap is left.
public struct ProbabilisticPCA: Sendable {
  /// The eigenvalues of the covariance, descending.
  public let eigenvalues: [Double]
  /// The variance of the noise, s: the mean of the eigenvalues beyond the latents.
  public let variance: Double
  /// The largest mean log-likelihood per row, in nats.
  public let logLikelihood: Double
  /// The mean log-likelihood per row of a normal with any covariance, in nats: the limit for more latents.
  public let fullLogLikelihood: Double

  /// - Parameters:
  ///   - covariance: [inputs, inputs], positive definite.
  ///   - latent: the number of latents, less than the inputs.
  /// - Throws: `KernelError` if the covariance is not a finite square matrix.
  public init(covariance: Matrix, latent: Int) throws(KernelError) {
    let n = covariance.rows
    precondition((0..<n).contains(latent), "\(n) inputs have fewer latents than \(latent)")
    eigenvalues = try covariance.symmetricEigenvalues().reversed()
    variance = eigenvalues[latent...].reduce(0, +) / Double(n - latent)
    func logLikelihood(_ variances: [Double]) -> Double {
      -variances.reduce(0) { $0 + Elementary.log($1) + 1 + LinearGaussianTheory.logTwoPi } / 2
    }
    let noise = [Double](repeating: variance, count: n - latent)
    self.logLikelihood = logLikelihood(eigenvalues[..<latent] + noise)
    fullLogLikelihood = logLikelihood(eigenvalues)
  }
}
