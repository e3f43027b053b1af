import MinimKernels

extension KnownDensity {
  /// The least forward KL(p, model) of all models that are an affine map of a normal, in nats:
  ///   h(N(mean, covariance)) - h(p),
  /// since among them the one of p's own moments is best. Nil where the entropy is not known, or where the covariance is so
  /// flat that Double cannot tell its determinant from 0.
  public func affineFloor() -> QuadratureEstimate? {
    guard let factor = Cholesky(Matrix(rows: covariance)) else { return nil }
    let normal = (Double(dimensions) * (1 + LinearGaussianTheory.logTwoPi) + factor.logDeterminant) / 2
    return entropy().map { QuadratureEstimate(normal - $0.value, error: $0.error) }
  }

  /// The least forward KL(p, model) of all models that map each value of a standard normal for itself, in nats: what the
  /// values tell of each other, I(x1; x2), and 0 of a single one. Nil beyond two dimensions.
  public func entrywiseFloor() -> QuadratureEstimate? {
    switch dimensions {
    case 1: QuadratureEstimate(0)
    case 2: estimate(\.mutualInformation)
    default: nil
    }
  }
}
