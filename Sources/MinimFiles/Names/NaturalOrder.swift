extension String {
  /// Whether the text comes before another where numbers count by their value: 2.png before 10.png. Everything else counts
  /// by its bytes, and so do texts whose numbers differ in leading zeros only.
  package func precedesNaturally(_ other: String) -> Bool {
    let (a, b) = (NameParts(self), NameParts(other))
    if a.elements != b.elements { return a.elements.lexicographicallyPrecedes(b.elements) }
    return utf8.lexicographicallyPrecedes(other.utf8)
  }
}

/// A name as bytes and whole numbers.
private struct NameParts {
  enum Element: Comparable {
    case byte(UInt8)
    /// The digits of a number without leading zeros.
    case number([UInt8])

    /// No byte is a digit, so every number stands at the place of the digits: the order is total.
    static func < (a: Element, b: Element) -> Bool {
      switch (a, b) {
      case (.byte(let a), .byte(let b)): a < b
      case (.byte(let a), .number): a < UInt8(ascii: "0")
      case (.number, .byte(let b)): b > UInt8(ascii: "9")
      case (.number(let a), .number(let b)): a.count != b.count ? a.count < b.count : a.lexicographicallyPrecedes(b)
      }
    }
  }

  var elements: [Element] = []

  init(_ name: String) {
    var digits: [UInt8]?
    for byte in name.utf8 {
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        // Zeros before a number do not count.
        digits = digits == [UInt8(ascii: "0")] ? [byte] : (digits ?? []) + [byte]
      } else {
        if let number = digits { elements.append(.number(number)) }
        digits = nil
        elements.append(.byte(byte))
      }
    }
    if let number = digits { elements.append(.number(number)) }
  }
}
