/// The separator between the fields of a line.
enum CSVSeparator: Equatable, Sendable {
  /// One byte of this value; blanks around a field are ignored.
  case byte(UInt8)
  /// One or more blanks.
  case blanks

  /// The separator of a line. Semicolons take precedence: if there are commas too, they are within the numbers.
  init(of line: ArraySlice<UInt8>) {
    let candidates: [Unicode.Scalar] = [";", ",", "\t"]
    let found = candidates.map { UInt8(ascii: $0) }.first { line.contains($0) }
    self = found.map { .byte($0) } ?? .blanks
  }

  @inline(__always)
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

  @inline(__always)
  fileprivate func ends(_ byte: UInt8) -> Bool {
    switch self {
    case .byte(let separator): byte == separator
    case .blanks: Self.isBlank(byte)
    }
  }

  /// Whether a byte next to a field is ignored. Tabs are not, if they separate.
  @inline(__always)
  fileprivate func ignores(_ byte: UInt8) -> Bool { Self.isBlank(byte) && self != .byte(0x09) || byte == 0x20 }
}

/// The fields of a line, one after the other, as ranges of its bytes without blanks around them.
struct CSVFields {
  private let bytes: [UInt8]
  private let separator: CSVSeparator
  private let end: Int
  /// The start of the next field; nil after the last one.
  private var start: Int?

  init(bytes: [UInt8], line: Range<Int>, separator: CSVSeparator) {
    self.bytes = bytes
    self.separator = separator
    let line = Self.trimmed(bytes, line, separator)
    end = line.upperBound
    start = line.lowerBound
  }

  @inline(__always)
  mutating func next() -> Range<Int>? {
    guard let start else { return nil }
    var stop = start
    while stop < end, !separator.ends(bytes[stop]) { stop += 1 }
    self.start = stop < end ? stop + 1 : nil
    let field = Self.trimmed(bytes, start..<stop, separator)
    if separator == .blanks, stop < end {
      var next = stop + 1
      while next < end, CSVSeparator.isBlank(bytes[next]) { next += 1 }
      self.start = next
    }
    return field
  }

  @inline(__always)
  private static func trimmed(_ bytes: [UInt8], _ range: Range<Int>, _ separator: CSVSeparator) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, separator.ignores(bytes[start]) { start += 1 }
    while start < end, separator.ignores(bytes[end - 1]) { end -= 1 }
    return start..<end
  }
}
