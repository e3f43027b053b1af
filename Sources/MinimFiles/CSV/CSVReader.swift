/// Takes a table apart, line by line.
struct CSVReader {
  private let bytes: [UInt8]
  private let file: String
  private let options: CSV.Options
  private let choose: NumericTable.Choice
  private var lines: CSVLines
  /// The separator of the fields; known from the first row on.
  private var separator: CSVSeparator?
  /// The first line, if it names the columns.
  private var header: Header?
  /// Whether the last line is the first row.
  private var isFirstRow = false
  /// The number of columns of the file, and what is read of them; known from the first row on.
  private var (columns, selection) = (0, NumericTable.Selection.numbers(0))
  private var values: [Float] = []
  private var labels: [String] = []

  private struct Header {
    let number: Int
    let names: [String]
    let separator: CSVSeparator
  }

  init(bytes: [UInt8], file: String, options: CSV.Options, choose: @escaping NumericTable.Choice) {
    (self.bytes, self.file, self.options, self.choose) = (bytes, file, options, choose)
    lines = CSVLines(bytes, file: file)
  }

  /// Reads all lines.
  mutating func table() throws(DataFileError) -> NumericTable {
    if let line = try lines.next() { try takeFirst(line) }
    while let line = try lines.next() {
      if let separator { try append(line, separator) } else { try takeRow(line) }
    }
    guard columns > 0 else {
      let hint = header.map { "; line \($0.number) was taken for the names of columns" } ?? ""
      throw DataFileError(file: file, reason: "it has no row of numbers\(hint)")
    }
    let width = selection.places.count
    return NumericTable(
      names: selection.names, array: NumericArray(shape: [values.count / width, width], values: values),
      labels: selection.label == nil ? nil : labels, hasHeader: header != nil, isText: true)
  }

  // MARK: Names of columns

  /// Takes the first line, which names the columns or is a row.
  private mutating func takeFirst(_ line: Range<Int>) throws(DataFileError) {
    guard options.header ?? CSVHeader(line, before: lines, names: options.names).isPresent else {
      return try takeRow(line)
    }
    try checkText(line)
    let separator = CSVSeparator(of: bytes[line])
    let names = CSVFields.all(bytes, line, separator).map { CSVFields.text(bytes[$0]) }
    header = Header(number: lines.number, names: names, separator: separator)
  }

  /// Takes the first row, which decides what columns there are.
  private mutating func takeRow(_ line: Range<Int>) throws(DataFileError) {
    let separator = CSVSeparator(of: bytes[line])
    self.separator = separator
    columns = CSVFields.all(bytes, line, separator).count
    selection = try choose(try header.map(names) ?? (1...columns).map(String.init))
    isFirstRow = true
    try append(line, separator)
    isFirstRow = false
  }

  /// The names of all columns.
  private func names(_ header: Header) throws(DataFileError) -> [String] {
    // A single column shows no separator, and its name can have several words.
    if columns == 1, header.separator == .blanks { return [header.names.joined(separator: " ")] }
    guard header.names.count == columns else {
      throw lines.failure("it has \(columns) columns, but line \(header.number) has names for \(header.names.count)")
    }
    return header.names
  }

  /// Names of columns are text: here a file of another kind is detected.
  private func checkText(_ line: Range<Int>) throws(DataFileError) {
    let isText = bytes[line].allSatisfy { $0 >= 0x20 || $0 == 0x09 }
    guard isText, String(validating: bytes[line], as: UTF8.self) != nil else {
      throw lines.failure("it is not text in UTF-8; expected numbers or column names")
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
    guard count == columns else { throw lines.failure("it has \(count) columns, the rows before it have \(columns)") }
    guard values.count <= DataLimits.values else {
      throw lines.failure("it is one row too many; at most \(DataLimits.values) numbers are read")
    }
  }

  private func value(_ field: Range<Int>, column: Int, _ separator: CSVSeparator) throws(DataFileError) -> Float {
    guard let number = DecimalNumber.parse(bytes, field) else { throw notANumber(field, column, separator) }
    let value = Float(number)
    guard value.isFinite else {
      throw lines.failure("column \(column): \(DataFileError.quoted(bytes[field])) is too large for 32 bits")
    }
    return value
  }

  private func label(_ field: Range<Int>, column: Int) throws(DataFileError) -> String {
    guard !field.isEmpty, String(validating: bytes[field], as: UTF8.self) != nil else {
      throw lines.failure(
        "column \(column): expected a class, found \(field.isEmpty ? "nothing" : "bytes that are not text in UTF-8")")
    }
    return CSVFields.text(bytes[field])
  }

  private func notANumber(_ field: Range<Int>, _ column: Int, _ separator: CSVSeparator) -> DataFileError {
    var advice = [self.advice(field, separator)]
    if isFirstRow, header == nil, options.header == nil {
      advice.append("if the line names the columns, set \"data.header\": true")
    }
    return lines.failure(
      "column \(column): expected a number, found "
        + (field.isEmpty ? "nothing" : DataFileError.quoted(bytes[field]))
        + advice.filter { !$0.isEmpty }.map { "; \($0)" }.joined())
  }

  private func advice(_ field: Range<Int>, _ separator: CSVSeparator) -> String {
    if separator != .byte(UInt8(ascii: ",")), bytes[field].contains(UInt8(ascii: ",")) {
      return "write numbers with a point"
    }
    switch CSVField(bytes, field) {
    case .missing, .nothing: return "for a missing value, delete the row, or do not read the column"
    default: return selection.hint
    }
  }
}
