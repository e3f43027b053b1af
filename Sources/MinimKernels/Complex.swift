/// A complex number, for eigenvalues and what is computed from them.
package struct Complex: Equatable, Sendable {
  /// The real part.
  package var real: Double
  /// The imaginary part.
  package var imaginary: Double

  /// A number by its parts.
  package init(_ real: Double, _ imaginary: Double = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The distance from 0.
  package var modulus: Double {
    let (a, b) = (max(abs(real), abs(imaginary)), min(abs(real), abs(imaginary)))
    return a == 0 || !a.isFinite ? a : a * (1 + (b / a) * (b / a)).squareRoot()
  }

  /// The principal root: its real part is not negative.
  package func squareRoot() -> Complex {
    let r = modulus
    let other = max(0, (r - real) / 2).squareRoot()
    return Complex(max(0, (r + real) / 2).squareRoot(), imaginary < 0 ? -other : other)
  }

  /// The negative.
  package static prefix func - (a: Complex) -> Complex { Complex(-a.real, -a.imaginary) }
  /// The sum.
  package static func + (a: Complex, b: Complex) -> Complex { Complex(a.real + b.real, a.imaginary + b.imaginary) }
  /// The difference.
  package static func - (a: Complex, b: Complex) -> Complex { Complex(a.real - b.real, a.imaginary - b.imaginary) }
  /// The product.
  package static func * (a: Complex, b: Complex) -> Complex {
    Complex(a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  /// A multiple.
  package func scaled(by c: Double) -> Complex { Complex(c * real, c * imaginary) }
  /// The quotient.
  package static func / (a: Complex, b: Complex) -> Complex {
    let product = a * Complex(b.real, -b.imaginary)
    let square = b.real * b.real + b.imaginary * b.imaginary
    return product.scaled(by: 1 / square)
  }
}
