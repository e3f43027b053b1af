/// The header of a NumPy file.
struct NPYHeader: Equatable, Sendable {
  /// The dtype, such as "<f4".
  var descr: [UInt8]
  /// Whether the first axis varies fastest.
  var fortranOrder: Bool
  var shape: [Int]
}

/// Parses the header: a Python literal such as {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }.
///
/// It knows no more of Python than that: exactly the three keys, in any order; plain strings, True, False, a tuple of
/// whole numbers, which may be those of Python 2. Anything else is refused.
struct NPYHeaderParser {
  private let bytes: [UInt8]
  private let start: Int
  private let end: Int
  private let file: String
  private var offset: Int

  /// Creates a parser of `bytes[start..<end]`.
  init(bytes: [UInt8], start: Int, end: Int, file: String) {
    self.bytes = bytes
    self.start = start
    self.end = end
    self.file = file
    offset = start
  }

  mutating func header() throws(DataFileError) -> NPYHeader {
    var (descr, fortranOrder, shape): ([UInt8]?, Bool?, [Int]?)
    try expect("{")
    while !skip("}") {
      let key = try string()
      try expect(":")
      let isNew: Bool
      switch String(decoding: key, as: UTF8.self) {
      case "descr": (isNew, descr) = (descr == nil, try self.descr())
      case "fortran_order": (isNew, fortranOrder) = (fortranOrder == nil, try bool())
      case "shape": (isNew, shape) = (shape == nil, try tuple())
      default: throw failure("the key \(DataFileError.quoted(key)) is not known")
      }
      guard isNew else { throw failure("the key \(DataFileError.quoted(key)) occurs twice") }
      if !skip(",") {
        try expect("}")
        break
      }
    }
    guard next == nil else { throw unexpected("its end") }
    guard let descr, let fortranOrder, let shape else {
      throw failure("it lacks one of the keys descr, fortran_order and shape")
    }
    return NPYHeader(descr: descr, fortranOrder: fortranOrder, shape: shape)
  }

  private mutating func descr() throws(DataFileError) -> [UInt8] {
    if next == UInt8(ascii: "[") || next == UInt8(ascii: "(") || next == UInt8(ascii: "{") {
      throw failure("a structured dtype is not read; save each of its fields as an array of its own")
    }
    return try string()
  }

  /// A string in single or double quotes, of printable ASCII without escapes.
  private mutating func string() throws(DataFileError) -> [UInt8] {
    guard let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw unexpected("a string")
    }
    let first = offset + 1
    var last = first
    while last < end, bytes[last] != quote {
      guard (0x20..<0x7f).contains(bytes[last]), bytes[last] != UInt8(ascii: "\\") else {
        offset = last
        throw unexpected("printable characters without escapes")
      }
      last += 1
    }
    guard last < end else { throw failure("a string does not end") }
    offset = last + 1
    return Array(bytes[first..<last])
  }

  private mutating func bool() throws(DataFileError) -> Bool {
    _ = next
    for (word, value) in [("True", true), ("False", false)] where bytes[offset..<end].starts(with: word.utf8) {
      offset += word.utf8.count
      return value
    }
    throw unexpected("True or False")
  }

  /// A tuple of whole numbers. A tuple of one needs its comma: (3) is a number in Python.
  private mutating func tuple() throws(DataFileError) -> [Int] {
    var sizes: [Int] = []
    try expect("(")
    while !skip(")") {
      sizes.append(try size())
      if !skip(",") {
        guard sizes.count > 1 else { throw unexpected("a comma") }
        try expect(")")
        break
      }
    }
    return sizes
  }

  private mutating func size() throws(DataFileError) -> Int {
    guard let first = next, isDigit(first) else { throw unexpected("a size, a whole number from 0") }
    let begin = offset
    var size = 0
    while offset < end, isDigit(bytes[offset]) {
      let (tens, overflow) = size.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[offset] - UInt8(ascii: "0")))
      guard !overflow, !carry else { throw failure("a size in the shape is too large") }
      size = sum
      offset += 1
    }
    guard offset == begin + 1 || first != UInt8(ascii: "0") else { throw failure("a size begins with 0") }
    // Python 2 wrote large sizes as long numbers: 60L.
    if offset < end, bytes[offset] == UInt8(ascii: "L") { offset += 1 }
    return size
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// The next byte that is not whitespace; moves there.
  private var next: UInt8? {
    mutating get {
      while offset < end, bytes[offset] == 0x20 || (0x09...0x0d).contains(bytes[offset]) { offset += 1 }
      return offset < end ? bytes[offset] : nil
    }
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard let next, UInt32(next) == character.value else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(DataFileError) {
    guard skip(character) else { throw unexpected("\"\(character)\"") }
  }

  private func unexpected(_ expected: String) -> DataFileError {
    let found = offset < end ? DataFileError.quoted(bytes[offset..<end], limit: 20) : "its end"
    return failure("expected \(expected) at byte \(offset - start), found \(found)")
  }

  private func failure(_ reason: String) -> DataFileError {
    DataFileError(file: file, reason: "the header of the array is wrong: \(reason)")
  }
}
