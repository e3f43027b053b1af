import MinimAutodiff
import MinimKernels

/// The logit of values from 0 to a width, shrunk to stay off its ends: with s = alpha + (1 - 2 alpha) x / width,
///
///     y = log(s / (1 - s)),  log dy/dx = log((1 - 2 alpha) / width) - log s - log(1 - s)
///
/// (Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", section 4.1). Bounded values such as
/// pixels become values that may take any value, like a flow's normals. The inverse reaches slightly beyond: x is
/// between -alpha width / (1 - 2 alpha) and (1 - alpha) width / (1 - 2 alpha), and outside of that there is no y.
public struct Logit: Bijector {
  /// The upper end of the values.
  public let width: Double
  /// The margin at each end of (0, 1).
  public let alpha: Double

  /// - Precondition: the width is above 0, and alpha is in 0 ..< 1/2.
  public init(width: Double = 1, alpha: Double) {
    require(width > 0 && alpha >= 0 && alpha < 0.5, "there is no logit of a width of \(width) with alpha \(alpha)")
    self.width = width
    self.alpha = alpha
  }

  /// ds/dx.
  private var slope: Double { (1 - 2 * alpha) / width }

  /// [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    let s = x * slope + alpha
    let (logS, logRest) = (log(s), log(1 - s))
    return (logS - logRest, -(logS + logRest - Elementary.log(slope)).sum(axes: [1]))
  }

  /// x = (sigmoid(y) - alpha) width / (1 - 2 alpha), and the sum of log dx/dy: [n, d] to [n, d] and [n].
  public func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    // log s = -softplus(-y) and log(1 - s) = -softplus(y): no digit is lost if s rounds to 0 or 1.
    let logDet = -(softplus(y) + softplus(-y) + Elementary.log(slope)).sum(axes: [1])
    return ((sigmoid(y) - alpha) * (1 / slope), logDet)
  }

  /// y of single values, in Double.
  package func logits(_ x: [Double]) -> [Double] {
    x.map {
      let s = alpha + slope * $0
      return Elementary.log(s) - Elementary.log(1 - s)
    }
  }
}
