// Text from elsewhere - names of files, classes, columns and runs, values of configs - may hold characters that steer a
// terminal, turn the direction of writing, break a line of a table, or cannot be in a page. Wherever such text is put into
// output it is made visible first.

extension Unicode.Scalar {
  /// Whether a text shows the scalar as it is. It does not show controls, marks of direction, breaks of lines, and what no
  /// character is or may never be. The joiners within words and emoji are shown.
  package var isVisible: Bool {
    switch properties.generalCategory {
    case .control, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
    case .format: value == 0x200c || value == 0x200d
    default: true
    }
  }
}

extension String {
  /// The text with what would not be seen written as in source code: `\u{1b}`.
  package var visible: String { visible { _ in false } }

  /// The same for a text of several lines, whose ends stay.
  package var visibleLines: String { visible { $0 == "\n" } }

  /// - Parameter isKept: whether a scalar stays that would not be seen.
  package func visible(except isKept: (Unicode.Scalar) -> Bool) -> String {
    // Most texts have nothing to hide.
    if unicodeScalars.allSatisfy({ $0.isVisible || isKept($0) }) { return self }
    var text = ""
    for scalar in unicodeScalars {
      if scalar.isVisible || isKept(scalar) {
        text.unicodeScalars.append(scalar)
      } else {
        text += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return text
  }
}
