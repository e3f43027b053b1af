/// Decimal numbers in bytes of text, read the same way in every locale.
enum DecimalNumber {
  /// The most characters of a number; those that a program prints have 25 or less.
  static let maximumLength = 128

  /// The number that `bytes[field]` spells, correctly rounded; nil if it is not a number.
  ///
  /// Reads a sign, digits with an optional point, and an exponent: what `Double(String)` reads, but neither hexadecimal
  /// numbers nor words like nan and inf.
  static func parse(_ bytes: [UInt8], _ field: Range<Int>) -> Double? {
    guard field.count <= maximumLength else { return nil }
    var place = field.lowerBound
    let end = field.upperBound
    let isNegative = place < end && bytes[place] == UInt8(ascii: "-")
    if isNegative || (place < end && bytes[place] == UInt8(ascii: "+")) { place += 1 }
    var digits = Digits()
    digits.take(bytes, &place, end)
    if place < end, bytes[place] == UInt8(ascii: ".") {
      place += 1
      let before = digits.count
      digits.take(bytes, &place, end)
      digits.exponent = before - digits.count
    }
    guard digits.count > 0 else { return nil }
    if place < end, bytes[place] | 0x20 == UInt8(ascii: "e") {
      place += 1
      guard let exponent = exponent(bytes, &place, end) else { return nil }
      digits.exponent += exponent
    }
    guard place == end else { return nil }
    guard let value = digits.exactValue else { return Double(String(decoding: bytes[field], as: UTF8.self)) }
    return isNegative ? -value : value
  }

  /// Whether text begins like a number, or is a word such as nan.
  static func isLike(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first else { return false }
    if "0123456789+-.".utf8.contains(first) { return true }
    return text.count <= maximumLength && Double(String(decoding: text, as: UTF8.self)) != nil
  }

  private static func exponent(_ bytes: [UInt8], _ place: inout Int, _ end: Int) -> Int? {
    let isNegative = place < end && bytes[place] == UInt8(ascii: "-")
    if isNegative || (place < end && bytes[place] == UInt8(ascii: "+")) { place += 1 }
    let start = place
    var value = 0
    while place < end, let digit = digit(bytes[place]) {
      // Far outside of the range of Double the exact exponent does not matter.
      if value < 100_000 { value = value * 10 + Int(digit) }
      place += 1
    }
    return place == start ? nil : isNegative ? -value : value
  }

  @inline(__always)
  fileprivate static func digit(_ byte: UInt8) -> UInt64? {
    let digit = byte &- UInt8(ascii: "0")
    return digit < 10 ? UInt64(digit) : nil
  }
}

/// Digits as a whole number times a power of ten.
private struct Digits {
  var count = 0
  var exponent = 0
  private var mantissa: UInt64 = 0
  private var isComplete = true

  init() {}

  @inline(__always)
  mutating func take(_ bytes: [UInt8], _ place: inout Int, _ end: Int) {
    while place < end, let digit = DecimalNumber.digit(bytes[place]) {
      if mantissa < 100_000_000_000_000_000 { mantissa = mantissa * 10 + digit } else { isComplete = false }
      count += 1
      place += 1
    }
  }

  /// The value if one operation gives it correctly rounded: a whole number up to 2^53 and a power of ten up to 10^22
  /// are exact in a Double (W. D. Clinger, How to read floating point numbers accurately, 1990). Nil otherwise.
  var exactValue: Double? {
    guard isComplete, mantissa <= 1 << 53, abs(exponent) < Self.powers.count else { return nil }
    return exponent < 0 ? Double(mantissa) / Self.powers[-exponent] : Double(mantissa) * Self.powers[exponent]
  }

  private static let powers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
