import MinimFiles

/// A piece of a page. Interpolated strings are escaped and interpolated markup is not, so escaping cannot be forgotten:
///
/// ```swift
/// let row: Markup = "<td>\(name)</td>"  // a name of "<b>" shows as <b>
/// ```
package struct Markup: Equatable, Sendable {
  /// The markup as text.
  package private(set) var text: String

  /// Empty markup.
  package static let none = Markup(verbatim: "")

  /// Creates markup from text that needs no escaping, such as base 64 or the data of a path.
  package init(verbatim text: String) { self.text = text }

  /// Whether there is no markup.
  package var isEmpty: Bool { text.isEmpty }

  /// Two pieces, one after the other.
  package static func + (first: Markup, second: Markup) -> Markup { Markup(verbatim: first.text + second.text) }

  /// Appends a piece.
  package static func += (markup: inout Markup, other: Markup) { markup.text += other.text }
}

extension Markup: ExpressibleByStringInterpolation {
  /// Creates markup from a literal.
  package init(stringLiteral value: String) { text = value }

  /// Creates markup from a literal with interpolations.
  package init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  /// Collects the parts of a markup literal.
  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    package mutating func appendLiteral(_ literal: String) { text += literal }

    /// Escapes a text, for an element's content or an attribute in double quotes. What nobody would see, or what SVG cannot
    /// hold, is shown by its number; ends of lines stay.
    package mutating func appendInterpolation(_ string: String) {
      for scalar in string.visible(except: { $0 == "\n" || $0 == "\t" }).unicodeScalars {
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

    package mutating func appendInterpolation(_ number: Double) { text += number.text }
  }
}

extension Sequence<Markup> {
  /// All pieces, in order.
  package func joined(separator: String = "") -> Markup {
    Markup(verbatim: map(\.text).joined(separator: separator))
  }
}
