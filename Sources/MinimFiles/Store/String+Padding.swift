extension String {
  /// The text with zeros before it until it has at least `width` characters.
  package func zeroPadded(to width: Int) -> String { String(repeating: "0", count: max(0, width - count)) + self }
}
