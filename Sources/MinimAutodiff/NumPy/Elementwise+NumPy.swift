extension Elementwise {
  package func numpy(_ x: [NumPyValue], shape: Shape, _ writer: inout NumPyWriter) -> NumPyValue {
    // Numbers alone would be computed in Double.
    let x = x.allSatisfy(\.isNumber) ? x.map(writer.typed) : x
    let (a, b) = (x[0], x[x.count - 1])
    // Both broadcast to one shape, so they broadcast against each other.
    let own = a.shape.broadcast(with: b.shape) ?? shape
    func sum(_ sign: String, _ right: String) -> NumPyValue {
      NumPyValue("\(a.text) \(sign) \(right)", .sum, shape: own)
    }
    func product(_ sign: String, _ right: String) -> NumPyValue {
      NumPyValue("\(a.operand(.product)) \(sign) \(right)", .product, shape: own)
    }
    func function(_ name: String) -> NumPyValue { writer.call("np.\(name)", a.text, shape: own) }
    func helper(_ helper: NumPyHelper) -> NumPyValue { writer.call(helper, a.text, shape: own) }
    func ofTwo(_ name: String) -> NumPyValue { writer.call("np.\(name)", a.text, b.text, shape: own) }

    switch primitive {
    case .negate: return NumPyValue("-\(a.rightOperand(.sign))", .sign, shape: own)
    case .add: return sum("+", b.rightOperand(.sum))
    case .subtract: return sum("-", b.rightOperand(.sum))
    case .multiply, .silu: return product("*", b.rightOperand(.product))
    case .divide: return product("/", b.rightOperand(.product))
    case .addConstant where constant == 0: return a
    case .addConstant:
      return constant < 0 ? sum("-", NumPyValue.number(-constant)) : sum("+", NumPyValue.number(constant))
    case .multiplyConstant where constant == 1: return a
    case .multiplyConstant:
      return NumPyValue("\(a.operand(.product)) \(writer.factor(constant))", .product, shape: own)
    case .reciprocal: return NumPyValue("1 / \(a.rightOperand(.product))", .product, shape: own)
    case .maximum: return ofTwo("maximum")
    case .minimum: return ofTwo("minimum")
    case .greater: return writer.call(.greater, a.text, b.text, shape: own)
    case .greaterEqual: return writer.call(.greaterEqual, a.text, b.text, shape: own)
    case .step: return writer.call(.greater, a.text, "0", shape: own)
    case .relu: return writer.call("np.maximum", a.text, "0", shape: own)
    case .gate: return writer.call("np.where", "\(b.text) > 0", writer.typed(a).text, "0", shape: own)
    // x (1 - y^2)
    case .tanhGradient: return product("*", "(1 - np.square(\(b.text)))")
    // s + y (1 - s), for x = y and y = s.
    case .siluSlope:
      return NumPyValue("\(b.text) + \(a.operand(.product)) * (1 - \(b.rightOperand(.sum)))", .sum, shape: own)
    case .square: return function("square")
    case .squareRoot: return function("sqrt")
    case .absolute: return function("abs")
    case .sign: return function("sign")
    case .exp: return function("exp")
    case .log: return function("log")
    case .log1p: return function("log1p")
    case .tanh: return function("tanh")
    case .sin: return function("sin")
    case .cos: return function("cos")
    case .sigmoid: return helper(.sigmoid)
    case .softplus: return helper(.softplus)
    }
  }
}
