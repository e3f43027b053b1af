// Activations and powers: expressions of the elementwise functions, so that they have derivatives of any order.

/// x sigmoid(x), also called swish (Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", section 2; Ramachandran, Zoph and
/// Le 2017, "Searching for Activation Functions").
public func silu(_ x: Tensor) -> Tensor { x.combined(.silu, with: sigmoid(x)) }

/// x P(Z <= x) for a standard normal Z, by the approximation with a hyperbolic tangent; its error is below 5e-4:
///
///     x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
///
/// (Hendrycks and Gimpel 2016, "Gaussian Error Linear Units", section 2).
public func gelu(_ x: Tensor) -> Tensor {
  let root = 0.797_884_560_802_865_4  // sqrt(2 / pi)
  return 0.5 * (x * (1 + tanh(root * (x + 0.044_715 * (x * square(x))))))
}

/// `x` within a range: the nearest number of it. The derivative is 0 outside.
public func clamp(_ x: Tensor, to range: ClosedRange<Double>) -> Tensor {
  minimum(maximum(x, .constant(range.lowerBound)), .constant(range.upperBound))
}

/// x to the power of a number. A whole exponent is a product, also of numbers below 0; any other is exp(exponent log x), for
/// x above 0.
public func pow(_ x: Tensor, _ exponent: Double) -> Tensor {
  guard exponent == exponent.rounded(), Swift.abs(exponent) <= 64 else { return exp(exponent * log(x)) }
  let power = wholePower(x, Int(Swift.abs(exponent)))
  return exponent < 0 ? 1 / power : power
}

/// x^n by squares.
private func wholePower(_ x: Tensor, _ n: Int) -> Tensor {
  if n == 0 { return Tensor.constant(1).broadcast(to: x.shape) }
  if n == 1 { return x }
  let half = square(wholePower(x, n / 2))
  return n % 2 == 0 ? half : half * x
}

extension Tensor {
  /// Exponentials over `axis`, divided by their sum; stable for large inputs.
  public func softmax(axis: Int = -1) -> Tensor { exp(logSoftmax(axis: axis)) }

  /// The logarithm of `softmax`: this tensor less its log-sum-exp over `axis`.
  public func logSoftmax(axis: Int = -1) -> Tensor { self - logSumExp(axis: axis, keepingDimensions: true) }
}
