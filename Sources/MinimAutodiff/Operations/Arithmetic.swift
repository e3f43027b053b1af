// The elementwise functions of the tensor language. Operands broadcast by NumPy's rule.

extension Tensor {
  /// -x
  public static prefix func - (x: Tensor) -> Tensor { x.map(.negate) }
  /// a + b
  public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(.add, with: b) }
  /// a - b
  public static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(.subtract, with: b) }
  /// a b. A factor of ones is left out: cotangents begin as ones.
  public static func * (a: Tensor, b: Tensor) -> Tensor {
    if a.isAllOnes, let shape = a.shape.broadcast(with: b.shape) { return b.broadcast(to: shape) }
    if b.isAllOnes, let shape = a.shape.broadcast(with: b.shape) { return a.broadcast(to: shape) }
    return a.combined(.multiply, with: b)
  }
  /// a / b
  public static func / (a: Tensor, b: Tensor) -> Tensor { a.combined(.divide, with: b) }

  /// a + c for a number c
  public static func + (a: Tensor, c: Double) -> Tensor { a.map(.addConstant, constant: c) }
  /// c + a for a number c
  public static func + (c: Double, a: Tensor) -> Tensor { a + c }
  /// a - c for a number c
  public static func - (a: Tensor, c: Double) -> Tensor { a + (-c) }
  /// c - a for a number c
  public static func - (c: Double, a: Tensor) -> Tensor { -a + c }
  /// c a for a number c
  public static func * (a: Tensor, c: Double) -> Tensor { a.map(.multiplyConstant, constant: c) }
  /// c a for a number c
  public static func * (c: Double, a: Tensor) -> Tensor { a * c }
  /// a / c for a number c, computed as a product with 1 / c
  public static func / (a: Tensor, c: Double) -> Tensor { a * (1 / c) }
  /// c / a for a number c, computed as c times the reciprocal
  public static func / (c: Double, a: Tensor) -> Tensor { a.map(.reciprocal) * c }
}

/// e^x
public func exp(_ x: Tensor) -> Tensor { x.map(.exp) }
/// Natural logarithm.
public func log(_ x: Tensor) -> Tensor { x.map(.log) }
/// log(1 + x), accurate near 0.
public func log1p(_ x: Tensor) -> Tensor { x.map(.log1p) }
/// Hyperbolic tangent.
public func tanh(_ x: Tensor) -> Tensor { x.map(.tanh) }
/// 1 / (1 + e^-x)
public func sigmoid(_ x: Tensor) -> Tensor { x.map(.sigmoid) }
/// log(1 + e^x)
public func softplus(_ x: Tensor) -> Tensor { x.map(.softplus) }
/// Sine.
public func sin(_ x: Tensor) -> Tensor { x.map(.sin) }
/// Cosine.
public func cos(_ x: Tensor) -> Tensor { x.map(.cos) }
/// Square root.
public func sqrt(_ x: Tensor) -> Tensor { x.map(.squareRoot) }
/// x^2
public func square(_ x: Tensor) -> Tensor { x.map(.square) }
/// |x|; the derivative at 0 is 0.
public func abs(_ x: Tensor) -> Tensor { x.map(.absolute) }
/// -1, 0 or 1; its derivative is 0.
public func sign(_ x: Tensor) -> Tensor { x.map(.sign) }
/// max(0, x); the derivative at 0 is 0.
public func relu(_ x: Tensor) -> Tensor { x.map(.relu) }
/// 1 where x > 0, else 0; its derivative is 0.
public func step(_ x: Tensor) -> Tensor { x.map(.step) }
/// The larger of two; at a tie the derivative goes to `a`.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor { a.combined(.maximum, with: b) }
/// The smaller of two; at a tie the derivative goes to `a`.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor { a.combined(.minimum, with: b) }
/// 1 where a > b, else 0; its derivative is 0.
public func greater(_ a: Tensor, _ b: Tensor) -> Tensor { a.combined(.greater, with: b) }
/// 1 where a >= b, else 0; its derivative is 0.
public func greaterEqual(_ a: Tensor, _ b: Tensor) -> Tensor { a.combined(.greaterEqual, with: b) }
/// `x` where y > 0, else 0: what a ReLU with result `y` passes of a cotangent `x`.
public func gate(_ x: Tensor, _ y: Tensor) -> Tensor { x.combined(.gate, with: y) }
/// x (1 - y^2): what a tanh with result `y` passes of a cotangent `x`.
public func tanhGradient(_ x: Tensor, _ y: Tensor) -> Tensor { x.combined(.tanhGradient, with: y) }
