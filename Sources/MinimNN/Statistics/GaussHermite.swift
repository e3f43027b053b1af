import MinimAutodiff
import MinimKernels

/// Nodes and weights with sum_i w_i f(x_i) = E f(x), x ~ N(0, 1), for every polynomial f of degree below 2n (Golub and
/// Welsch 1969, "Calculation of Gauss quadrature rules", here by Newton's method on the Hermite polynomials).
public struct GaussHermite: Sendable {
  /// The nodes, ascending and symmetric about 0.
  public let nodes: [Double]
  /// The weights, positive with sum 1.
  public let weights: [Double]

  /// Creates a rule of `count` nodes, 1 to 64.
  public init(_ count: Int) {
    require((1...64).contains(count), "a Gauss-Hermite rule has 1 to 64 nodes here, not \(count)")
    // The roots of consecutive polynomials interlace: each bracket holds one root.
    var roots: [Double] = []
    for degree in 1...count {
      let reach = 2 * Double(degree).squareRoot() + 1
      let ends = [-reach] + roots + [reach]
      roots = (0..<degree).map { Self.root(of: degree, from: ends[$0], to: ends[$0 + 1]) }
    }
    // The polynomials are even or odd, so the nodes are symmetric to the last bit, and the middle one is 0.
    nodes = zip(roots, roots.reversed()).map { ($0 - $1) / 2 }
    let raw = nodes.map { x in
      let below = Self.polynomials(x, degree: count - 1).value
      return 1 / (Double(count) * below * below)
    }
    // Exact up to rounding; the sum is 1 by definition.
    let sum = raw.reduce(0, +)
    weights = raw.map { $0 / sum }
  }

  /// Every combination of nodes in the given number of dimensions: points [nodes^dimensions][dimensions], and their
  /// weights.
  public func product(dimensions: Int) -> (points: [Double], weights: [Double]) {
    var points: [[Double]] = [[]]
    var products: [Double] = [1]
    for _ in 0..<dimensions {
      points = points.flatMap { point in nodes.map { point + [$0] } }
      products = products.flatMap { product in weights.map { product * $0 } }
    }
    return (points.flatMap { $0 }, products)
  }

  /// The normalized polynomial He_n / sqrt(n!) and the one below it at x, by their recurrence.
  private static func polynomials(_ x: Double, degree: Int) -> (value: Double, below: Double) {
    var (value, below) = (1.0, 0.0)
    for n in 0..<degree {
      (value, below) = ((x * value - Double(n).squareRoot() * below) / Double(n + 1).squareRoot(), value)
    }
    return (value, below)
  }

  /// The root in a bracket that holds exactly one: bisection until Newton's steps stay inside.
  private static func root(of degree: Int, from low: Double, to high: Double) -> Double {
    var (low, high) = (low, high)
    let isRising = polynomials(high, degree: degree).value > 0
    var x = (low + high) / 2
    for _ in 0..<200 {
      let (value, below) = polynomials(x, degree: degree)
      if (value > 0) == isRising { high = x } else { low = x }
      // The derivative of He_n / sqrt(n!) is sqrt(n) times the one below.
      let newton = x - value / (Double(degree).squareRoot() * below)
      let next = newton > low && newton < high ? newton : (low + high) / 2
      if abs(next - x) <= 1e-16 * max(1, abs(x)) { return next }
      x = next
    }
    return x
  }
}
