// Numbers, strings and the three words of JSON.

extension JSONParser {
  static let invalidUTF8 = "invalid UTF-8; save the file as UTF-8"
  /// Above 2^53 not every integer is a Double, so other readers of the file would see another number.
  package static let largestInteger = 1 << 53
  /// The exact decimal expansion of any Double is shorter; longer literals would only cost time.
  private static let longestNumber = 1100
  /// Strings compare by canonical equivalence, which sorts a run of combining characters in quadratic time. The
  /// Stream-Safe Text Format (Unicode Standard Annex 15) bounds such runs in the same way.
  private static let longestCombination = 30

  mutating func word() throws(JSONError) -> JSON {
    let start = offset
    while let byte, byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") { offset += 1 }
    let word = String(decoding: bytes[start..<offset], as: UTF8.self)
    defer { column += offset - start }
    switch word {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "null": return .null
    case "NaN", "Infinity", "inf", "nan": throw error("\(word) is not a JSON number")
    case "True", "TRUE", "yes", "on": throw error("expected a value, found \(word); write true")
    case "False", "FALSE", "no", "off": throw error("expected a value, found \(word); write false")
    case "None", "nil", "undefined": throw error("expected a value, found \(word); write null")
    default:
      let shown = word.utf8.count > 40 ? word.prefix(40) + "..." : word[...]
      throw error("expected a value, found \(shown); strings are written in double quotes")
    }
  }

  mutating func number() throws(JSONError) -> JSON {
    let start = offset
    var end = offset
    func isDigit(_ index: Int) -> Bool { index < bytes.count && bytes[index].isDigit }
    func skipDigits() { while isDigit(end) { end += 1 } }

    if bytes[end] == UInt8(ascii: "-") { end += 1 }
    guard isDigit(end) else {
      let infinite = bytes[end...].starts(with: "Infinity".utf8)
      throw error(infinite ? "-Infinity is not a JSON number" : "expected a digit after \"-\"")
    }
    if bytes[end] == UInt8(ascii: "0"), isDigit(end + 1) { throw error("a number has no leading zeros") }
    skipDigits()
    var isInteger = true
    if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
      isInteger = false
      end += 1
      guard isDigit(end) else { throw error("expected a digit after the decimal point") }
      skipDigits()
    }
    if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      end += 1
      if end < bytes.count, bytes[end] == UInt8(ascii: "+") || bytes[end] == UInt8(ascii: "-") { end += 1 }
      guard isDigit(end) else { throw error("expected a digit in the exponent") }
      skipDigits()
    }
    guard end - start <= Self.longestNumber else {
      throw error("a number of \(end - start) characters; at most \(Self.longestNumber) are read")
    }
    let json = try number(String(decoding: bytes[start..<end], as: UTF8.self), isInteger: isInteger)
    advance(end - start)
    return json
  }

  private func number(_ text: String, isInteger: Bool) throws(JSONError) -> JSON {
    if isInteger, text != "-0" {  // the sign of zero is kept as a Double
      guard let integer = Int(text), integer.magnitude <= Self.largestInteger.magnitude else {
        throw error("integers go to 2^53 = \(Self.largestInteger) in magnitude")
      }
      return .integer(integer)
    }
    guard let number = Double(text), number.isFinite else {
      throw error("\(text.prefix(40)) is out of range; numbers go to 1.8e308")
    }
    let mantissa = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }
    guard number != 0 || !mantissa.contains(where: { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }) else {
      throw error("\(text.prefix(40)) is out of range; it would become zero")
    }
    return .number(number)
  }

  mutating func string() throws(JSONError) -> String {
    let open = position
    advance()
    // Nearly every string has plain characters only and is read in one go.
    var end = offset
    while end < bytes.count, Self.isPlain(bytes[end]) { end += 1 }
    if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
      let text = String(decoding: bytes[offset..<end], as: UTF8.self)
      advance(end + 1 - offset)
      return text
    }
    var text = String.UnicodeScalarView()
    var marks = 0
    while let byte {
      let place = position
      let scalar: Unicode.Scalar
      switch byte {
      case UInt8(ascii: "\""):
        advance()
        return String(text)
      case UInt8(ascii: "\\"):
        scalar = try escape()
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
        throw error("line break in a string; close the string that began at \(open), or write \\n")
      case 0..<0x20:
        throw error("control character 0x\(String(byte, radix: 16)) in a string; write it as an escape")
      case 0..<0x80:
        scalar = Unicode.Scalar(byte)
        advance()
      default:
        scalar = try decodedScalar()
      }
      marks = scalar.isCombining ? marks + 1 : 0
      guard marks <= Self.longestCombination else {
        throw error("more than \(Self.longestCombination) combining characters in a row", at: place)
      }
      text.append(scalar)
    }
    throw error("the string has no closing quote", at: open)
  }

  /// Whether a byte is an ASCII character that stands for itself in a string.
  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x80).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  /// Reads one scalar in UTF-8.
  private mutating func decodedScalar() throws(JSONError) -> Unicode.Scalar {
    guard let length = scalarLength(at: offset) else { throw error(Self.invalidUTF8) }
    let lead = UInt32(bytes[offset]) & (length == 1 ? 0x7F : 0x7F >> UInt32(length))
    let value = bytes[offset + 1..<offset + length].reduce(lead) { $0 << 6 | UInt32($1 & 0x3F) }
    guard let scalar = Unicode.Scalar(value) else { throw error(Self.invalidUTF8) }
    offset += length
    column += 1
    return scalar
  }

  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    let place = position
    guard offset + 1 < bytes.count else { throw error("expected an escape, found the end of the text") }
    let simple: Unicode.Scalar
    switch bytes[offset + 1] {
    case UInt8(ascii: "\""): simple = "\""
    case UInt8(ascii: "\\"): simple = "\\"
    case UInt8(ascii: "/"): simple = "/"
    case UInt8(ascii: "b"): simple = "\u{8}"
    case UInt8(ascii: "f"): simple = "\u{c}"
    case UInt8(ascii: "n"): simple = "\n"
    case UInt8(ascii: "r"): simple = "\r"
    case UInt8(ascii: "t"): simple = "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(at: place)
    default: throw error("unknown escape; JSON has \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
    }
    advance(2)
    return simple
  }

  private mutating func unicodeEscape(at place: JSONPosition) throws(JSONError) -> Unicode.Scalar {
    let first = try codeUnit()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard UTF16.isLeadSurrogate(first), bytes[offset...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
      throw error("lone surrogate; a pair \\uD800...\\uDBFF \\uDC00...\\uDFFF makes one character", at: place)
    }
    let second = try codeUnit()
    let value = 0x10000 + (UInt32(first & 0x3FF) << 10) + UInt32(second & 0x3FF)
    guard UTF16.isTrailSurrogate(second), let scalar = Unicode.Scalar(value) else {
      throw error("lone surrogate; a pair \\uD800...\\uDBFF \\uDC00...\\uDFFF makes one character", at: place)
    }
    return scalar
  }

  /// Reads `\uXXXX`.
  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    let digits = bytes[offset...].dropFirst(2).prefix(4)
    guard digits.count == 4, digits.allSatisfy(\.isHexadecimal),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw error("expected four hexadecimal digits after \\u") }
    advance(6)
    return unit
  }

  /// The number of bytes of the UTF-8 scalar at `index`; nil if it is not valid (Unicode, table 3-7: neither overlong,
  /// nor a surrogate, nor above U+10FFFF, nor cut short).
  func scalarLength(at index: Int) -> Int? {
    let lead = bytes[index]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch lead {
    case 0..<0x80: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if lead == 0xE0 { second = 0xA0...0xBF }
      if lead == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if lead == 0xF0 { second = 0x90...0xBF }
      if lead == 0xF4 { second = 0x80...0x8F }
    default: return nil
    }
    guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return nil }
    for next in bytes[index + 2..<index + length] where next & 0xC0 != 0x80 { return nil }
    return length
  }
}

extension Unicode.Scalar {
  fileprivate var isCombining: Bool { value >= 0x300 && properties.canonicalCombiningClass != .notReordered }
}

extension UInt8 {
  package var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
  var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
  fileprivate var isHexadecimal: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self | 0x20) }
}
