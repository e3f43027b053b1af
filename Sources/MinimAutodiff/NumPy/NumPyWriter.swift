/// What functions in one file of Python have in common: how they write extents, and the helpers and constants that they need.
///
/// An expression has a fixed number of examples, and a function takes any. So expressions are traced with a number of
/// examples that no other extent comes near: extents are then read as a n + b with small a and b.
package struct NumPyWriter: Sendable {
  /// An array that is too long for the text of a function.
  package struct Constant: Sendable {
    package let name: String
    package let values: [Double]
    package let shape: Shape
  }

  /// The number of examples in the expressions, which is n in the text.
  package let count: Int
  /// The helpers that are called, in the order of their declaration.
  package var helpers: [NumPyHelper] { NumPyHelper.allCases.filter(called.contains) }
  package private(set) var constants: [Constant] = []
  private var called: Set<NumPyHelper> = []

  /// A prime, and more examples than any net has units.
  package static let usualCount = 1_000_003

  package init(count: Int = Self.usualCount) { self.count = count }

  // MARK: - Extents

  /// An extent or a place as Python reads it: "64", "n", "2 * n".
  package func extent(_ value: Int) -> String {
    let factor = (value + count / 2) / count
    guard factor > 0 else { return "\(value)" }
    let multiple = factor == 1 ? "n" : "\(factor) * n"
    let rest = value - factor * count
    return rest == 0 ? multiple : multiple + (rest < 0 ? " - \(-rest)" : " + \(rest)")
  }

  /// Whether an extent changes with the number of examples.
  func dependsOnCount(_ value: Int) -> Bool { value >= count / 2 }

  /// Extents as a tuple: "(n, 64)".
  package func tuple(_ shape: Shape) -> String { Self.tuple(shape.map(extent)) }

  /// Expressions as a tuple.
  package static func tuple(_ parts: [String]) -> String {
    "(" + parts.joined(separator: ", ") + (parts.count == 1 ? ",)" : ")")
  }

  /// A factor as Python reads it behind a product: "* 0.5", or "/ (2 * n)".
  package func factor(_ value: Double) -> String {
    let inverse = (1 / value).rounded()
    if inverse >= Double(count), inverse < 0x1p53, 1 / inverse == value, Int(inverse) % count == 0 {
      let divisor = extent(Int(inverse))
      return "/ " + (divisor == "n" ? "n" : "(\(divisor))")
    }
    return "* \(NumPyValue.number(value))"
  }

  // MARK: - Expressions

  /// The call of a function.
  package func call(_ function: String, _ arguments: String..., shape: Shape) -> NumPyValue {
    NumPyValue("\(function)(\(arguments.joined(separator: ", ")))", shape: shape)
  }

  /// The call of a helper, which the file then has.
  package mutating func call(_ helper: NumPyHelper, _ arguments: String..., shape: Shape) -> NumPyValue {
    called.insert(helper)
    return NumPyValue("\(helper.rawValue)(\(arguments.joined(separator: ", ")))", shape: shape)
  }

  /// The call of a method.
  package func method(_ x: NumPyValue, _ name: String, _ arguments: String, shape: Shape) -> NumPyValue {
    NumPyValue("\(x.operand(.primary)).\(name)(\(arguments))", shape: shape)
  }

  /// The array with all the extents of its tensor.
  package func whole(_ x: NumPyValue) -> NumPyValue {
    let shape = x.tensorShape
    if x.isNumber { return call("np.full", tuple(shape), x.text, "self.dtype", shape: shape) }
    return x.shape == shape ? x : call("np.broadcast_to", x.text, tuple(shape), shape: shape)
  }

  /// The value with the model's type, which a number alone does not have.
  package func typed(_ x: NumPyValue) -> NumPyValue {
    x.isNumber ? call("self.array", x.text, shape: []).standing(for: x.tensorShape) : x
  }

  /// The most numbers that are written where they are used.
  private static let mostInline = 8

  /// Given numbers: a scalar, a short list, or an entry in the table of constants.
  package mutating func constant(_ values: [Double], shape: Shape) -> NumPyValue {
    if shape.allSatisfy({ $0 == 1 }) {
      // A scalar of any rank: arithmetic repeats it, and `whole` gives it back its axes.
      return NumPyValue(NumPyValue.number(values[0]), values[0] < 0 ? .sign : .primary, shape: [], of: shape)
    }
    if values.count <= Self.mostInline {
      return NumPyValue("self.array(\(NumPyValue.list(values[...], shape[...])))", shape: shape)
    }
    let known = constants.first { $0.shape == shape && $0.values.hasSameBits(as: values) }
    let name = known?.name ?? "constant.\(constants.count)"
    if known == nil { constants.append(Constant(name: name, values: values, shape: shape)) }
    return NumPyValue("c[\"\(name)\"]", shape: shape)
  }
}
