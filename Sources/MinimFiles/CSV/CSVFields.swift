/// The separator between the fields of a line.
enum CSVSeparator: Equatable, Sendable {
  /// One byte of this value; blanks around a field are ignored.
  case byte(UInt8)
  /// One or more blanks.
  case blanks

  /// The separator of a line, looked for outside of quotes. Semicolons take precedence: if there are commas too, they
  /// are within the numbers.
  init(of line: ArraySlice<UInt8>) {
    let pieces = line.split(separator: CSVFields.quote, omittingEmptySubsequences: false)
    let outside = stride(from: 0, to: pieces.count, by: 2).map { pieces[$0] }
    let candidates: [Unicode.Scalar] = [";", ",", "\t"]
    let found = candidates.map { UInt8(ascii: $0) }.first { byte in outside.contains { $0.contains(byte) } }
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

/// The fields of a line, one after the other, as ranges of its bytes without blanks around them. A field in quotes may
/// hold separators, and quotes that are written twice (RFC 4180, section 2); its range is what the quotes enclose.
struct CSVFields {
  static let quote = UInt8(ascii: "\"")

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
    var first = start
    while first < end, separator.ignores(bytes[first]) { first += 1 }
    let quoted = first < end && bytes[first] == Self.quote ? quotedField(first) : nil
    var stop = quoted?.next ?? start
    while stop < end, !separator.ends(bytes[stop]) { stop += 1 }
    self.start = stop < end ? stop + 1 : nil
    let field = quoted?.field ?? Self.trimmed(bytes, start..<stop, separator)
    if separator == .blanks, stop < end {
      var next = stop + 1
      while next < end, CSVSeparator.isBlank(bytes[next]) { next += 1 }
      self.start = next
    }
    return field
  }

  /// The inside of the quotes that begin at `start`, and the place after them; nil if they are not a whole field, which
  /// then has quotes like any other character.
  private func quotedField(_ start: Int) -> (field: Range<Int>, next: Int)? {
    var place = start + 1
    while place < end {
      guard bytes[place] == Self.quote else {
        place += 1
        continue
      }
      if place + 1 < end, bytes[place + 1] == Self.quote {
        place += 2
        continue
      }
      var next = place + 1
      while next < end, separator.ignores(bytes[next]) { next += 1 }
      return next == end || separator.ends(bytes[next]) ? (start + 1..<place, next) : nil
    }
    return nil
  }

  /// All fields of a line.
  static func all(_ bytes: [UInt8], _ line: Range<Int>, _ separator: CSVSeparator) -> [Range<Int>] {
    var fields = CSVFields(bytes: bytes, line: line, separator: separator)
    var all: [Range<Int>] = []
    while let field = fields.next() { all.append(field) }
    return all
  }

  /// The text of a field: a quote that is written twice is one.
  static func text(_ field: ArraySlice<UInt8>) -> String {
    var bytes: [UInt8] = []
    var isSecond = false
    for byte in field {
      isSecond = byte == quote && !isSecond && bytes.last == quote
      if !isSecond { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @inline(__always)
  private static func trimmed(_ bytes: [UInt8], _ range: Range<Int>, _ separator: CSVSeparator) -> Range<Int> {
    var (start, end) = (range.lowerBound, range.upperBound)
    while start < end, separator.ignores(bytes[start]) { start += 1 }
    while start < end, separator.ignores(bytes[end - 1]) { end -= 1 }
    return start..<end
  }
}
