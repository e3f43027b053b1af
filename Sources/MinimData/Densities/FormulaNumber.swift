import MinimKernels

/// The type that a formula is written in once: numbers to evaluate it, expressions to differentiate it too.
package protocol FormulaNumber {
  static func + (a: Self, b: Self) -> Self
  static func - (a: Self, b: Self) -> Self
  static func * (a: Self, b: Self) -> Self
  static func / (a: Self, b: Self) -> Self
  static func + (a: Self, c: Double) -> Self
  static func - (a: Self, c: Double) -> Self
  static func * (a: Self, c: Double) -> Self
  static prefix func - (a: Self) -> Self
  /// e^x
  static func exp(_ x: Self) -> Self
  /// The sine of x radians.
  static func sin(_ x: Self) -> Self
  /// The cosine of x radians.
  static func cos(_ x: Self) -> Self
  /// The hyperbolic tangent.
  static func tanh(_ x: Self) -> Self
  /// 1 / (1 + e^-x)
  static func sigmoid(_ x: Self) -> Self
  /// log(1 + e^x)
  static func softplus(_ x: Self) -> Self
  /// The square root.
  static func root(_ x: Self) -> Self
}

extension FormulaNumber {
  /// log(e^a + e^b), without overflow: a + softplus(b - a).
  package static func logSum(_ a: Self, _ b: Self) -> Self { a + softplus(b - a) }
}

extension Double: FormulaNumber {
  package static func exp(_ x: Double) -> Double { Elementary.exp(x) }
  package static func sin(_ x: Double) -> Double { Elementary.sin(x) }
  package static func cos(_ x: Double) -> Double { Elementary.cos(x) }
  package static func tanh(_ x: Double) -> Double { Elementary.tanh(x) }
  package static func sigmoid(_ x: Double) -> Double { Elementary.sigmoid(x) }
  package static func softplus(_ x: Double) -> Double { Elementary.softplus(x) }
  package static func root(_ x: Double) -> Double { x.squareRoot() }
}
