/// Writes a table as comma-separated values (RFC 4180): a line of names, then one line per row.
package struct CSVWriter {
  /// The content so far, except for what was taken.
  package private(set) var text = ""
  private let columns: Int

  /// Creates a table with these columns and no rows.
  package init(columns: [String]) {
    self.columns = columns.count
    append(columns)
  }

  /// Appends a row with one field per column. A field that holds a comma, a quote or a line break is quoted,
  /// and so is one with blanks at an end; other characters that nobody would see are escaped.
  package mutating func append(_ fields: [String]) {
    precondition(fields.count == columns, "a row of \(fields.count) fields in a table of \(columns) columns")
    text += fields.map(Self.quoted).joined(separator: ",") + "\n"
  }

  /// Hands on the content so far, so that a table of any length needs little memory.
  package mutating func takeText() -> String {
    defer { text = "" }
    return text
  }

  private static func quoted(_ field: String) -> String {
    let field = field.visible { $0 == "\n" || $0 == "\r" }
    let isPlain = !field.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
    if isPlain, field.first != " ", field.last != " " { return field }
    return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
  }
}
