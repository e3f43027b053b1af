import CMinimKernels

/// One primitive applied element by element to inputs of one shape. Every other elementwise formula is an expression of
/// these; a plan runs a whole chain of them as one blocked loop.
package struct Elementwise: Operation {
  package let primitive: Primitive
  package var constant = 0.0

  package init(_ primitive: Primitive, constant: Double = 0) {
    self.primitive = primitive
    self.constant = constant
  }

  package var signature: String { primitive.takesConstant ? "\(primitive) \(constant)" : "\(primitive)" }
  package var role: Role { .map(primitive, constant: constant) }
  package var layoutRule: LayoutRule { .elementwise }

  /// If a primitive's derivative has a short form in its result `y` (exp, tanh, sigmoid, relu), that form is used: the
  /// backward pass then evaluates no second transcendental.
  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    let a = y.inputs[0]
    let b = y.inputs.last ?? a
    switch primitive {
    case .negate: return [-dy]
    case .add: return [dy, dy]
    case .subtract: return [dy, -dy]
    case .multiply: return [dy * b, dy * a]
    case .divide: return [dy / b, -(dy * y / b)]
    case .maximum: return [dy * greaterEqual(a, b), dy * greater(b, a)]
    case .minimum: return [dy * greaterEqual(b, a), dy * greater(a, b)]
    case .greater, .greaterEqual, .sign, .step: return y.inputs.map { _ in nil }
    case .addConstant: return [dy]
    case .multiplyConstant: return [dy * constant]
    case .reciprocal: return [-(dy * square(y))]
    case .square: return [dy * a * 2]
    case .squareRoot: return [dy / y * 0.5]
    case .absolute: return [dy * sign(a)]
    case .relu: return [gate(dy, y)]
    case .gate: return [gate(dy, b), nil]
    case .tanhGradient: return [tanhGradient(dy, b), dy * a * b * -2]
    case .silu: return [dy * y.combined(.siluSlope, with: b), nil]
    case .siluSlope: return [dy * (1 - b), dy * (1 - a)]
    case .exp: return [dy * y]
    case .log: return [dy / a]
    case .log1p: return [dy / (a + 1)]
    case .tanh: return [tanhGradient(dy, y)]
    case .sigmoid: return [dy * (y * (1 - y))]
    case .softplus: return [dy * sigmoid(a)]
    case .sin: return [dy * cos(a)]
    case .cos: return [-(dy * sin(a))]
    }
  }
}

/// The primitives of elementwise programs, in the kernels' own numbering.
package enum Primitive: Sendable, CaseIterable {
  case negate, add, subtract, multiply, divide, maximum, minimum, greater, greaterEqual
  case addConstant, multiplyConstant, reciprocal, square, squareRoot, absolute, sign, relu, step, gate
  case tanhGradient
  /// x s, where s = sigmoid(x): a product whose derivative by x is that of x sigmoid(x).
  case silu
  /// s + y (1 - s): the derivative of a SiLU with result y.
  case siluSlope
  case exp, log, log1p, tanh, sigmoid, softplus, sin, cos

  /// The number of inputs.
  package var arity: Int {
    switch self {
    case .add, .subtract, .multiply, .divide, .maximum, .minimum, .greater, .greaterEqual, .gate, .tanhGradient, .silu,
      .siluSlope:
      2
    default: 1
    }
  }

  package var takesConstant: Bool { self == .addConstant || self == .multiplyConstant }

  package var code: minim_primitive {
    switch self {
    case .negate: MINIM_NEGATE
    case .add: MINIM_ADD
    case .subtract: MINIM_SUBTRACT
    case .multiply: MINIM_MULTIPLY
    case .divide: MINIM_DIVIDE
    case .maximum: MINIM_MAXIMUM
    case .minimum: MINIM_MINIMUM
    case .greater: MINIM_GREATER
    case .greaterEqual: MINIM_GREATER_EQUAL
    case .addConstant: MINIM_ADD_CONSTANT
    case .multiplyConstant: MINIM_MULTIPLY_CONSTANT
    case .reciprocal: MINIM_RECIPROCAL
    case .square: MINIM_SQUARE
    case .squareRoot: MINIM_SQUARE_ROOT
    case .absolute: MINIM_ABSOLUTE
    case .sign: MINIM_SIGN
    case .relu: MINIM_RELU
    case .step: MINIM_STEP
    case .gate: MINIM_GATE
    case .tanhGradient: MINIM_TANH_GRADIENT
    case .silu: MINIM_MULTIPLY
    case .siluSlope: MINIM_SILU_SLOPE
    case .exp: MINIM_EXP
    case .log: MINIM_LOG
    case .log1p: MINIM_LOG1P
    case .tanh: MINIM_TANH
    case .sigmoid: MINIM_SIGMOID
    case .softplus: MINIM_SOFTPLUS
    case .sin: MINIM_SIN
    case .cos: MINIM_COS
    }
  }
}

extension Tensor {
  package func map(_ primitive: Primitive, constant: Double = 0) -> Tensor {
    Tensor(Elementwise(primitive, constant: constant), [self], shape: shape)
  }

  /// `self` and `other` broadcast against each other (NumPy's rule), then combined.
  package func combined(_ primitive: Primitive, with other: Tensor) -> Tensor {
    guard let shape = shape.broadcast(with: other.shape) else {
      mistake("\(primitive): shapes \(self.shape) and \(other.shape) do not broadcast")
    }
    return Tensor(Elementwise(primitive), [broadcast(to: shape), other.broadcast(to: shape)], shape: shape)
  }
}
