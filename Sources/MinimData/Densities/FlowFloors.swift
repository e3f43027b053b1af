import MinimKernels

extension KnownDensity {
  /// The least forward KL(p, model) over all models that are an affine map of a normal, in nats:
  ///   h(N(mean, covariance)) - h(p),
  /// since the best of them has p's own moments. Nil if the entropy is unknown, or if the covariance is so flat that
  /// its determinant cannot be distinguished from 0 in Double.
  public func affineFloor() -> QuadratureEstimate? {
    guard let factor = Cholesky(Matrix(rows: covariance)) else { return nil }
    let normal = (Double(dimensions) * (1 + LinearGaussianTheory.logTwoPi) + factor.logDeterminant) / 2
    return entropy().map { QuadratureEstimate(normal - $0.value, error: $0.error) }
  }

  /// The least forward KL(p, model) over all models that map each value of a standard normal by itself, in nats: the
  /// mutual information I(x1; x2), or 0 for a single value. Nil beyond two dimensions.
  public func entrywiseFloor() -> QuadratureEstimate? {
    switch dimensions {
    case 1: QuadratureEstimate(0)
    case 2: estimate(\.mutualInformation)
    default: nil
    }
  }
}
