/// How words look in a terminal, by what they mean. Without colors they look like any others.
package enum TextStyle: String, Sendable {
  // The parameters of "select graphic rendition" (ECMA-48, section 8.3.117).
  case good = "32"
  case bad = "1;31"
  case warning = "33"
  case soft = "2"
  case strong = "1"

  /// The words in this style.
  package func on(_ words: String, _ colors: Terminal.Colors) -> String {
    colors == .none ? words : "\u{1B}[\(rawValue)m\(words)\u{1B}[0m"
  }
}
