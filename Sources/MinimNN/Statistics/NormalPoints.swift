import MinimAutodiff
import MinimKernels

/// Points and weights that represent a standard normal in d dimensions: sum_i w_i f(z_i) for E f(z), z ~ N(0, I).
public struct NormalPoints: Sendable {
  /// The number of dimensions, d.
  public let dimensions: Int
  /// [count, d], row-major.
  public let points: [Double]
  /// [count], positive, with sum 1 to the rule's own error.
  public let weights: [Double]

  /// The number of points.
  public var count: Int { weights.count }

  /// Creates points [count, dimensions], row-major, with their weights.
  package init(points: [Double], weights: [Double], dimensions: Int) {
    require(points.count == weights.count * dimensions, "there is not a point for each weight")
    self.dimensions = dimensions
    self.points = points
    self.weights = weights
  }

  /// Every combination of a rule's nodes, for one or two dimensions.
  public init(_ rule: GaussHermite, dimensions: Int) {
    self.dimensions = dimensions
    (points, weights) = rule.product(dimensions: dimensions)
  }

  /// Draws in pairs z and -z with equal weights, adjusted to have exactly the covariance I. Odd moments vanish, so the
  /// mean is exact for every polynomial of degree at most three; the remaining sampling error is from degrees four and
  /// above.
  ///
  /// - Parameters:
  ///   - pairs: at least twice the dimensions.
  ///   - dimensions: the dimensions of a point.
  ///   - key: the key of the draws.
  public init(pairs: Int, dimensions: Int, key: RandomKey) {
    require(pairs >= 2 * dimensions, "\(pairs) pairs cannot have the moments of \(dimensions) dimensions")
    self.dimensions = dimensions
    var columns: [[Double]] = []
    for dimension in 0..<dimensions {
      var column = (0..<pairs).map { key.normal(at: UInt64($0 * dimensions + dimension)) }
      // Gram-Schmidt: each dimension loses what it has in common with those before, and gets the variance 1.
      for other in columns {
        let share = Self.meanProduct(column, other)
        column = zip(column, other).map { $0 - share * $1 }
      }
      let deviation = Self.meanProduct(column, column).squareRoot()
      columns.append(column.map { $0 / deviation })
    }
    points = (0..<pairs).flatMap { pair in [1, -1].flatMap { sign in columns.map { sign * $0[pair] } } }
    weights = [Double](repeating: 1 / Double(2 * pairs), count: 2 * pairs)
  }

  private static func meanProduct(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Double(a.count)
  }
}
