import MinimKernels

/// The region in which a rule converges on a linear game: the complex numbers w = rate l, with l an eigenvalue of the
/// field's Jacobian, for which the step's own eigenvalues are below 1 in modulus (Gidel et al. 2019, "A Variational
/// Inequality Perspective on Generative Adversarial Networks", section 3). Near a stationary point the results for the
/// bilinear game carry over.
package enum StabilityRegion: String, CaseIterable, Sendable {
  /// z - rate v(z): a disc of radius 1 about 1.
  case simultaneous
  /// z - rate v(z - rate v(z)).
  case extragradient
  /// z - rate (2 v(z) - v(previous z)).
  case optimistic

  /// The largest modulus of an eigenvalue of the step.
  package func modulus(_ w: Complex) -> Double {
    switch self {
    case .simultaneous: return (Self.one - w).modulus
    case .extragradient: return (Self.one - w + w * w).modulus
    case .optimistic:
      // l^2 - (1 - 2 w) l - w = 0.
      let (a, b) = Self.roots(w.scaled(by: 2) - Self.one, -w)
      return max(a.modulus, b.modulus)
    }
  }

  /// The boundary as closed curves with `points` angles: where an eigenvalue of the step is e^(i angle).
  package func boundary(points: Int = 400) -> [[(x: Double, y: Double)]] {
    // Twice around: two roots change places after one turn.
    let circle = (0...2 * points).map { index -> Complex in
      let angle = 2 * Double.pi * (Double(index) + 0.5) / Double(points)
      return Complex(Elementary.cos(angle), Elementary.sin(angle))
    }
    let curves: [[Complex]]
    switch self {
    case .simultaneous: curves = [circle.map { Self.one - $0 }]
    case .extragradient:
      // w^2 - w + 1 = e^(i angle): of two roots the one that continues the last.
      curves = [
        circle.reduce(into: [Complex]()) { curve, e in
          let (a, b) = Self.roots(-Self.one, Self.one - e)
          let last = curve.last ?? a
          curve.append((a - last).modulus <= (b - last).modulus ? a : b)
        }
      ]
    case .optimistic: curves = [circle.map { ($0 - $0 * $0) / ($0.scaled(by: 2) - Self.one) }]
    }
    return curves.map { curve in curve.map { (x: $0.real, y: $0.imaginary) } }
  }

  private static let one = Complex(1)

  /// The roots of x^2 + p x + q.
  private static func roots(_ p: Complex, _ q: Complex) -> (Complex, Complex) {
    let root = (p * p - q.scaled(by: 4)).squareRoot()
    return ((root - p).scaled(by: 0.5), (-root - p).scaled(by: 0.5))
  }
}
