/// A value as NumPy computes it: the text of an expression in Python.
package struct NumPyValue: Sendable {
  /// How tightly an expression binds, by the grammar of Python.
  package enum Precedence: Comparable, Sendable {
    case sum, product, sign, primary
  }

  /// The expression.
  package let text: String
  package let precedence: Precedence
  /// The extents that the array has. NumPy repeats them where it must, so they may be fewer than those of the tensor.
  package let shape: Shape
  /// The extents of the tensor, to which the array broadcasts.
  package let tensorShape: Shape

  package init(_ text: String, _ precedence: Precedence = .primary, shape: Shape, of tensorShape: Shape? = nil) {
    (self.text, self.precedence, self.shape) = (text, precedence, shape)
    self.tensorShape = tensorShape ?? shape
  }

  /// The same array as a value of another tensor.
  package func standing(for shape: Shape) -> NumPyValue {
    NumPyValue(text, precedence, shape: self.shape, of: shape)
  }

  /// Whether it is a name, a number or an entry of a table, which may be repeated.
  package var isName: Bool { precedence >= .sign && !text.contains { "( ".contains($0) } }

  /// Whether it is a number, which takes the type of what it meets.
  package var isNumber: Bool { shape.isEmpty && (Double(text) != nil || text.hasSuffix("np.inf") || text == "np.nan") }

  /// The text as an operand that must bind at least as tightly as `least`.
  package func operand(_ least: Precedence) -> String { precedence < least ? "(\(text))" : text }

  /// The text as a right operand of `operation`. Sums and products are not associative once they are rounded, so an equal
  /// precedence keeps its parentheses.
  package func rightOperand(_ operation: Precedence) -> String {
    precedence <= operation ? "(\(text))" : text
  }
}

extension NumPyValue {
  /// A number as Python reads it, with all its digits.
  package static func number(_ value: Double) -> String {
    if value.isNaN { return "np.nan" }
    if value.isInfinite { return value < 0 ? "-np.inf" : "np.inf" }
    return "\(value)"
  }

  /// Numbers as nested lists.
  static func list(_ values: ArraySlice<Double>, _ shape: ArraySlice<Int>) -> String {
    guard let extent = shape.first else { return number(values[values.startIndex]) }
    let width = values.count / max(1, extent)
    let parts = (0..<extent).map { index -> String in
      let start = values.startIndex + index * width
      return list(values[start..<start + width], shape.dropFirst())
    }
    return "[" + parts.joined(separator: ", ") + "]"
  }
}
