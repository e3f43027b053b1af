/// Tables of numbers in text: one row per line, with commas, semicolons, tabs or blanks between the numbers.
///
/// The first line may name the columns; then it does not begin like a number. Empty lines and lines that begin with #
/// are skipped. Numbers have a point, in every locale.
package enum CSV {
  /// The most bytes of a line. A row of 256 x 256 numbers of 17 digits has 1.4 million.
  package static let maximumLine = 1 << 22

  /// Reads the table in the bytes of a file: [rows, columns].
  ///
  /// - Parameter file: the name for errors.
  package static func decode(_ bytes: [UInt8], file: String) throws(DataFileError) -> NumericArray {
    var reader = CSVReader(bytes: bytes, file: file)
    while let line = try reader.nextLine() { try reader.take(line) }
    return try reader.table()
  }
}

/// Takes a table apart, line by line.
private struct CSVReader {
  private let bytes: [UInt8]
  private let file: String
  /// The start of the next line.
  private var next: Int
  /// The number of lines so far.
  private var number = 0
  /// The separator of the numbers; known from the first row on.
  private var separator: CSVSeparator?
  /// The first line, if it names the columns.
  private var header: (number: Int, line: Range<Int>)?
  private var columns = 0
  private var values: [Float] = []

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    next = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0  // a byte order mark
  }

  /// The next line that is not skipped, without blanks around it.
  mutating func nextLine() throws(DataFileError) -> Range<Int>? {
    while next < bytes.count {
      let start = next
      let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
      next = end + 1
      number += 1
      guard end - start <= CSV.maximumLine else {
        throw failure("it has \(end - start) bytes; at most \(CSV.maximumLine) are read per line")
      }
      let hasReturn = end > start && bytes[end - 1] == 0x0d
      let line = start..<(hasReturn ? end - 1 : end)
      guard let first = line.first(where: { !CSVSeparator.isBlank(bytes[$0]) }) else { continue }
      if bytes[first] != UInt8(ascii: "#") { return line }
    }
    return nil
  }

  /// Takes a row, or the names of the columns.
  mutating func take(_ line: Range<Int>) throws(DataFileError) {
    if let separator { return try append(line, separator) }
    let separator = CSVSeparator(of: bytes[line])
    var fields = CSVFields(bytes: bytes, line: line, separator: separator)
    // A line that begins like a number is a row, whatever follows: an error in the first row must not make it vanish as
    // names.
    if header == nil, let first = fields.next(), !DecimalNumber.isLike(bytes[first]) {
      try checkText(line)
      header = (number, line)
      return
    }
    self.separator = separator
    try append(line, separator)
    try checkHeader(separator)
  }

  func table() throws(DataFileError) -> NumericArray {
    guard columns > 0 else {
      let hint = header.map { "; line \($0.number), which begins with no number, was taken for column names" } ?? ""
      throw DataFileError(file: file, reason: "it has no row of numbers\(hint)")
    }
    return NumericArray(shape: [values.count / columns, columns], values: values)
  }

  // MARK: Parts

  private mutating func append(_ line: Range<Int>, _ separator: CSVSeparator) throws(DataFileError) {
    var fields = CSVFields(bytes: bytes, line: line, separator: separator)
    var count = 0
    while let field = fields.next() {
      count += 1
      guard let number = DecimalNumber.parse(bytes, field) else { throw notANumber(field, count, separator) }
      let value = Float(number)
      guard value.isFinite else {
        throw failure("column \(count): \(DataFileError.quoted(bytes[field])) is too large for 32 bits")
      }
      values.append(value)
    }
    if columns == 0 { columns = count }
    guard count == columns else { throw failure("it has \(count) columns, the rows before it have \(columns)") }
    guard values.count <= DataLimits.values else {
      throw failure("it is one row too many; at most \(DataLimits.values) numbers are read")
    }
  }

  private func notANumber(_ field: Range<Int>, _ column: Int, _ separator: CSVSeparator) -> DataFileError {
    let isDecimalComma = separator != .byte(UInt8(ascii: ",")) && bytes[field].contains(UInt8(ascii: ","))
    return failure(
      "column \(column): expected a number, found "
        + (field.isEmpty ? "nothing" : DataFileError.quoted(bytes[field]))
        + (isDecimalComma ? "; write numbers with a point" : ""))
  }

  /// Names of columns are text: here a file of another kind is detected.
  private func checkText(_ line: Range<Int>) throws(DataFileError) {
    let isText = bytes[line].allSatisfy { $0 >= 0x20 || $0 == 0x09 }
    guard isText, String(validating: bytes[line], as: UTF8.self) != nil else {
      throw failure("it is not text in UTF-8; expected numbers or column names")
    }
  }

  /// Checks that every column has a name; otherwise the first line is not a header. Names in quotes, which may hold
  /// separators, are not counted.
  private func checkHeader(_ separator: CSVSeparator) throws(DataFileError) {
    guard let header, !bytes[header.line].contains(UInt8(ascii: "\"")) else { return }
    // A single column shows no separator. That of the names counts then, but one name can have several words.
    let separator = columns > 1 ? separator : CSVSeparator(of: bytes[header.line])
    if columns == 1 && separator == .blanks { return }
    var fields = CSVFields(bytes: bytes, line: header.line, separator: separator)
    var count = 0
    while fields.next() != nil { count += 1 }
    guard count == columns else {
      throw failure("it has \(columns) columns, but line \(header.number) has names for \(count)")
    }
  }

  /// An error in the last line read.
  private func failure(_ reason: String) -> DataFileError {
    DataFileError(file: file, reason: "line \(number): \(reason)")
  }
}
