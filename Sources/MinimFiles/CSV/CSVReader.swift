/// Takes a table apart, line by line.
struct CSVReader {
  private let bytes: [UInt8]
  private let file: String
  private let choose: NumericTable.Choice
  /// The start of the next line.
  private var next: Int
  /// The number of lines so far.
  private var number = 0
  /// The separator of the fields; known from the first row on.
  private var separator: CSVSeparator?
  /// The first line, if it names the columns.
  private var header: Header?
  /// The number of columns of the file, and what is read of them; known from the first row on.
  private var (columns, selection) = (0, NumericTable.Selection.numbers(0))
  private var values: [Float] = []
  private var labels: [String] = []

  private struct Header {
    let number: Int
    let names: [String]
    let separator: CSVSeparator
  }

  init(bytes: [UInt8], file: String, choose: @escaping NumericTable.Choice) {
    (self.bytes, self.file, self.choose) = (bytes, file, choose)
    next = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0  // a byte order mark
  }

  /// Reads all lines.
  mutating func table() throws(DataFileError) -> NumericTable {
    while let line = try nextLine() { try take(line) }
    guard columns > 0 else {
      let hint = header.map { "; line \($0.number), which begins with no number, was taken for column names" } ?? ""
      throw DataFileError(file: file, reason: "it has no row of numbers\(hint)")
    }
    let width = selection.places.count
    return NumericTable(
      names: selection.names, array: NumericArray(shape: [values.count / width, width], values: values),
      labels: selection.label == nil ? nil : labels, hasHeader: header != nil)
  }

  /// The next line that is not skipped.
  private mutating func nextLine() throws(DataFileError) -> Range<Int>? {
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
  private mutating func take(_ line: Range<Int>) throws(DataFileError) {
    if let separator { return try append(line, separator) }
    let separator = CSVSeparator(of: bytes[line])
    if header == nil, isHeader(line, separator) {
      try checkText(line)
      let names = fields(of: line, separator).map { CSVFields.text(bytes[$0]) }
      header = Header(number: number, names: names, separator: separator)
      return
    }
    self.separator = separator
    columns = fields(of: line, separator).count
    selection = try choose(try header.map(names) ?? (1...columns).map(String.init))
    try append(line, separator)
  }

  // MARK: Names of columns

  /// Whether a first line names the columns. It begins with no number: an error in the first row must not make it vanish
  /// as names. If there are numbers behind a text, they count columns from 0 or 1; otherwise the line is a row that
  /// begins with its class.
  private func isHeader(_ line: Range<Int>, _ separator: CSVSeparator) -> Bool {
    let fields = fields(of: line, separator)
    guard let first = fields.first, !DecimalNumber.isLike(bytes[first]) else { return false }
    let numbers = fields.map { DecimalNumber.parse(bytes, $0) }
    guard let place = numbers.firstIndex(where: { $0 != nil }), let start = numbers[place] else { return true }
    return (start == 0 || start == 1)
      && numbers.enumerated().allSatisfy { $1 == nil || $1 == start + Double($0 - place) }
  }

  private func fields(of line: Range<Int>, _ separator: CSVSeparator) -> [Range<Int>] {
    var fields = CSVFields(bytes: bytes, line: line, separator: separator)
    var all: [Range<Int>] = []
    while let field = fields.next() { all.append(field) }
    return all
  }

  /// The names of all columns.
  private func names(_ header: Header) throws(DataFileError) -> [String] {
    // A single column shows no separator, and its name can have several words.
    if columns == 1, header.separator == .blanks { return [header.names.joined(separator: " ")] }
    guard header.names.count == columns else {
      throw failure("it has \(columns) columns, but line \(header.number) has names for \(header.names.count)")
    }
    return header.names
  }

  /// Names of columns are text: here a file of another kind is detected.
  private func checkText(_ line: Range<Int>) throws(DataFileError) {
    let isText = bytes[line].allSatisfy { $0 >= 0x20 || $0 == 0x09 }
    guard isText, String(validating: bytes[line], as: UTF8.self) != nil else {
      throw failure("it is not text in UTF-8; expected numbers or column names")
    }
  }

  // MARK: Rows

  private mutating func append(_ line: Range<Int>, _ separator: CSVSeparator) throws(DataFileError) {
    var fields = CSVFields(bytes: bytes, line: line, separator: separator)
    let start = values.count
    values.append(contentsOf: repeatElement(0, count: selection.places.count))
    var count = 0
    while let field = fields.next() {
      count += 1
      guard count <= columns else { continue }
      if let place = selection.roles[count - 1].place {
        values[start + place] = try value(field, column: count, separator)
      } else if selection.roles[count - 1] == .label {
        labels.append(try label(field, column: count))
      }
    }
    guard count == columns else { throw failure("it has \(count) columns, the rows before it have \(columns)") }
    guard values.count <= DataLimits.values else {
      throw failure("it is one row too many; at most \(DataLimits.values) numbers are read")
    }
  }

  private func value(_ field: Range<Int>, column: Int, _ separator: CSVSeparator) throws(DataFileError) -> Float {
    guard let number = DecimalNumber.parse(bytes, field) else { throw notANumber(field, column, separator) }
    let value = Float(number)
    guard value.isFinite else {
      throw failure("column \(column): \(DataFileError.quoted(bytes[field])) is too large for 32 bits")
    }
    return value
  }

  private func label(_ field: Range<Int>, column: Int) throws(DataFileError) -> String {
    guard !field.isEmpty, String(validating: bytes[field], as: UTF8.self) != nil else {
      throw failure(
        "column \(column): expected a class, found \(field.isEmpty ? "nothing" : "bytes that are not text in UTF-8")")
    }
    return CSVFields.text(bytes[field])
  }

  private func notANumber(_ field: Range<Int>, _ column: Int, _ separator: CSVSeparator) -> DataFileError {
    let isDecimalComma = separator != .byte(UInt8(ascii: ",")) && bytes[field].contains(UInt8(ascii: ","))
    let advice =
      isDecimalComma
      ? "write numbers with a point"
      : isMissing(field) ? "for a missing value, delete the row, or do not read the column" : selection.hint
    return failure(
      "column \(column): expected a number, found "
        + (field.isEmpty ? "nothing" : DataFileError.quoted(bytes[field])) + (advice.isEmpty ? "" : "; \(advice)"))
  }

  /// Whether a field is what programs write where a value is missing.
  private func isMissing(_ field: Range<Int>) -> Bool {
    let words = ["", "na", "n/a", "nan", "null", "none", "missing", "?", "-"]
    return field.count < 10 && words.contains(String(decoding: bytes[field], as: UTF8.self).lowercased())
  }

  /// An error in the last line read.
  private func failure(_ reason: String) -> DataFileError {
    DataFileError(file: file, reason: "line \(number): \(reason)")
  }
}
