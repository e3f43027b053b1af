import MinimAutodiff

/// An increasing function of one variable, applied to every dimension. It may have no inverse in closed form, so it is
/// not a `Bijector`: forward it is an expression; backward it is solved for, in Double and outside of expressions.
public struct MonotoneMap: Sendable {
  private let map: @Sendable (Tensor) -> Tensor

  /// - Parameter map: acts element by element, is smooth and increasing, and takes every value.
  public init(_ map: @escaping @Sendable (Tensor) -> Tensor) { self.map = map }

  /// y = f(x) and the sum of log f'(x), whose f' is the expression's own derivative: [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    let (y, derivative) = valueAndDerivative(x)
    return (y, log(derivative).sumPerExample())
  }

  private func valueAndDerivative(_ x: Tensor) -> (Tensor, Tensor) {
    let y = map(x)
    return (y, gradient(of: y.sum(), withRespectTo: [x])[0])
  }

  /// The x with f(x) = y, for each y: Newton's steps inside a bracket, which is bisected if a step leaves it or is not
  /// half the last (Press et al. 2007, "Numerical Recipes", section 9.4). Exact up to the rounding of f. NaN if no x
  /// was found up to 2^64 from y.
  ///
  /// - Parameters:
  ///   - y: values of f.
  ///   - parameters: the parameter vector, if f has parameters.
  /// - Throws: `KernelError` if there is not enough memory.
  public func inverse(_ y: [Double], parameters: [Double] = []) throws -> [Double] {
    let input = Tensor.input("x", shape: [y.count])
    let (value, derivative) = valueAndDerivative(input)
    func at(_ x: [Double]) throws -> (f: [Double], slope: [Double]) {
      let values = try evaluate([value, derivative], parameters: parameters, inputs: ["x": x])
      return (values[0], values[1])
    }
    var roots = try Self.brackets(y) { try at($0).f }
    while roots.contains(where: { !$0.isFound }) {
      let (f, slope) = try at(roots.map(\.x))
      for i in y.indices where !roots[i].isFound { roots[i].step(residual: f[i] - y[i], slope: slope[i]) }
    }
    return roots.map(\.x)
  }

  /// An interval around each root, doubled until f is below y on its left and above it on its right.
  private static func brackets(_ y: [Double], _ f: ([Double]) throws -> [Double]) rethrows -> [Root] {
    var widths = [Double](repeating: 1, count: y.count)
    for _ in 0..<64 {
      let (low, high) = try (f(zip(y, widths).map { $0 - $1 }), f(zip(y, widths).map { $0 + $1 }))
      let isOpen = y.indices.map { !(low[$0] <= y[$0] && y[$0] <= high[$0]) }
      if !isOpen.contains(true) { break }
      for i in y.indices where isOpen[i] { widths[i] *= 2 }
    }
    return zip(y, widths).map { y, width in
      width < 0x1p64 ? Root(low: y - width, high: y + width) : Root(low: .nan, high: .nan)
    }
  }
}

/// A root in its bracket.
private struct Root {
  private var low: Double, high: Double
  private var lastStep: Double
  var x: Double
  var isFound = false

  init(low: Double, high: Double) {
    (self.low, self.high) = (low, high)
    lastStep = high - low
    x = low + (high - low) / 2
    isFound = x.isNaN
  }

  /// Moves to a better x. Each step is at most half the last, or halves the bracket, so the search ends.
  mutating func step(residual: Double, slope: Double) {
    if residual < 0 { low = x } else { high = x }
    let newton = residual == 0 ? x : x - residual / slope
    // Next to the root rounding decides where a step goes: there is nothing more to find.
    isFound = abs(newton - x) <= 2 * x.ulp || residual.isNaN
    let isGood = isFound || newton > low && newton < high && abs(newton - x) <= abs(lastStep) / 2
    let next = isGood ? newton : low + (high - low) / 2
    isFound = isFound || next == x
    lastStep = next - x
    x = next
  }
}
