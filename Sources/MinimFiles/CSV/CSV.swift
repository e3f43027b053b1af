/// Tables in text: one row per line, with commas, semicolons, tabs or blanks between the fields.
///
/// The first line may name the columns: see ``CSVHeader``. Empty lines and lines that begin with # are skipped. Numbers have a point, in
/// every locale. A field may be in quotes.
package enum CSV {
  /// The most bytes of a line. A row of 256 x 256 numbers of 17 digits has 1.4 million.
  package static let maximumLine = 1 << 22

  /// What is known about a table before it is read.
  package struct Options: Sendable {
    /// Whether the first line names the columns; nil to decide by the lines.
    package var header: Bool?
    /// The names of the columns that a config asks for. A first line that contains one of them is a header.
    package var names: [String]

    package init(header: Bool? = nil, names: [String] = []) { (self.header, self.names) = (header, names) }
  }

  /// Reads a table of numbers alone in the bytes of a file: [rows, columns].
  ///
  /// - Parameter file: the name for errors.
  package static func decode(_ bytes: [UInt8], file: String) throws(DataFileError) -> NumericArray {
    try table(bytes, file: file) { names throws(DataFileError) in .numbers(names.count) }.array
  }

  /// Reads a table of which some columns are numbers, and one may have the classes of the rows.
  ///
  /// - Parameters:
  ///   - file: the name for errors.
  ///   - choose: returns the columns to read from the names of all of them.
  package static func table(
    _ bytes: [UInt8], file: String, options: Options = Options(), choose: @escaping NumericTable.Choice
  ) throws(DataFileError) -> NumericTable {
    var reader = CSVReader(bytes: bytes, file: file, options: options, choose: choose)
    return try reader.table()
  }
}
