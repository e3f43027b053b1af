import MinimKernels

/// The rule of Gauss and Legendre on [0, 1]: nodes and weights that integrate polynomials of degree 2 n - 1 exactly
/// (Press et al., "Numerical Recipes", section 4.6).
package struct GaussLegendre: Sendable {
  /// The nodes, increasing.
  package let nodes: [Double]
  /// The weights, whose sum is 1.
  package let weights: [Double]

  /// - Precondition: `count` is positive.
  package init(_ count: Int) {
    precondition(count > 0, "a rule has a node")
    var (nodes, weights) = ([Double](), [Double]())
    for index in 0..<count {
      // Newton's method from an estimate that is nearer to its root than to any other.
      var x = -Elementary.cos(Double.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<20 {
        let (value, derivative) = Self.polynomial(x, degree: count)
        slope = derivative
        let step = value / derivative
        x -= step
        if abs(step) < 1e-16 { break }
      }
      slope = Self.polynomial(x, degree: count).derivative
      nodes.append((1 + x) / 2)
      weights.append(1 / ((1 - x * x) * slope * slope))
    }
    (self.nodes, self.weights) = (nodes, weights)
  }

  /// Legendre's polynomial and its derivative.
  private static func polynomial(_ x: Double, degree: Int) -> (value: Double, derivative: Double) {
    var (below, value) = (0.0, 1.0)
    for k in 0..<degree {
      let n = Double(k)
      (below, value) = (value, ((2 * n + 1) * x * value - n * below) / (n + 1))
    }
    return (value, Double(degree) * (x * value - below) / (x * x - 1))
  }
}
