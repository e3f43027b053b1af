/// A piece of a page. A string that is interpolated is escaped, and a piece of markup is not, so that escaping cannot be
/// forgotten:
///
/// ```swift
/// let row: Markup = "<td>\(name)</td>"  // a name of "<b>" shows as <b>
/// ```
package struct Markup: Equatable, Sendable {
  /// The markup as text.
  package private(set) var text: String

  /// No markup.
  package static let none = Markup(verbatim: "")

  /// Text that is markup already, such as base 64 or the data of a path.
  package init(verbatim text: String) { self.text = text }

  /// Whether there is none.
  package var isEmpty: Bool { text.isEmpty }

  /// One piece after another.
  package static func + (first: Markup, second: Markup) -> Markup { Markup(verbatim: first.text + second.text) }

  /// Appends a piece.
  package static func += (markup: inout Markup, other: Markup) { markup.text += other.text }
}

extension Markup: ExpressibleByStringInterpolation {
  /// Markup as it is written.
  package init(stringLiteral value: String) { text = value }

  /// Markup as it is written, with escaped strings in it.
  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// What a literal of markup is made of.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    package mutating func appendLiteral(_ literal: String) { text += literal }

    /// Escapes a text, for an element's content or an attribute in double quotes.
    package mutating func appendInterpolation(_ string: String) {
      for scalar in string.unicodeScalars {
        switch scalar {
        case "&": text += "&amp;"
        case "<": text += "&lt;"
        case ">": text += "&gt;"
        case "\"": text += "&quot;"
        default: text.unicodeScalars.append(scalar)
        }
      }
    }

    package mutating func appendInterpolation(_ markup: Markup) { text += markup.text }

    package mutating func appendInterpolation(_ number: Int) { text += "\(number)" }

    package mutating func appendInterpolation(_ number: Double) { text += "\(number)" }
  }
}

extension Sequence<Markup> {
  /// All pieces in order.
  package func joined(separator: String = "") -> Markup {
    Markup(verbatim: map(\.text).joined(separator: separator))
  }
}
