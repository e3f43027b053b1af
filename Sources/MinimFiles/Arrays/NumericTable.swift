/// Rows of numbers with named columns, and perhaps with the class of each row.
package struct NumericTable: Equatable, Sendable {
  /// The use of a column of a file.
  package enum Role: Equatable, Sendable {
    /// A number of the row, with its place there.
    case number(place: Int)
    /// The class of the row.
    case label
    /// Not read.
    case skipped

    /// The place of a number in a row.
    var place: Int? {
      if case .number(let place) = self { place } else { nil }
    }
  }

  /// The columns to read.
  package struct Selection: Sendable {
    /// The role of each column of the file.
    package let roles: [Role]
    /// The names of the columns of numbers, in the order of a row.
    package let names: [String]
    /// What to do about a column that is not of numbers, for messages.
    package let hint: String

    package init(roles: [Role], names: [String], hint: String = "") {
      (self.roles, self.names, self.hint) = (roles, names, hint)
    }

    /// All columns, as numbers.
    package static func numbers(_ count: Int) -> Selection {
      Selection(
        roles: (0..<count).map { .number(place: $0) }, names: (0..<count).map { String($0 + 1) })
    }

    /// The indices of the columns of numbers, in the order of a row.
    package var places: [Int] {
      roles.indices.filter { roles[$0].place != nil }.sorted { (roles[$0].place ?? 0) < (roles[$1].place ?? 0) }
    }

    /// The index of the column of classes.
    package var label: Int? { roles.firstIndex(of: .label) }
  }

  /// Chooses the columns to read, at least one of numbers, by the names of all of them: those of a header, or numbers from 1.
  package typealias Choice = (_ names: [String]) throws(DataFileError) -> Selection

  /// The names of the columns of numbers.
  package let names: [String]
  /// [rows, columns]
  package let array: NumericArray
  /// The class of each row; nil if no column has them.
  package let labels: [String]?
  /// Whether the file names its columns.
  package let hasHeader: Bool

  package init(names: [String], array: NumericArray, labels: [String]?, hasHeader: Bool) {
    (self.names, self.array, self.labels, self.hasHeader) = (names, array, labels, hasHeader)
  }

  /// Reads rows from any file that `NumericArray` can be read from; a column of classes may have words in a table in text,
  /// and whole numbers elsewhere.
  ///
  /// - Parameters:
  ///   - member: the array of an .npz file; nil for the only one.
  ///   - choose: returns the columns to read.
  /// - Throws: ``FileError`` if the system cannot read the file, ``DataFileError`` if its content is wrong.
  package static func read(
    _ path: String, member: String? = nil, store: FileStore = FileStore(), choose: @escaping Choice
  ) throws -> NumericTable {
    if member == nil, NumericArray.isTable(path) {
      let bytes = try store.read(path, limit: DataLimits.fileBytes, allowsPipes: true)
      if !NumericArray.hasFormat(bytes) { return try CSV.table(bytes, file: path, choose: choose) }
    }
    let array = try NumericArray.read(path, member: member, store: store)
    guard (1...2).contains(array.shape.count) else {
      throw DataFileError(
        file: path,
        reason: "expected rows of numbers, [rows, columns], found the shape \(array.shape). For images take "
          + "\"data.name\": \"images\"")
    }
    return try selecting(choose, of: array, file: path)
  }

  private static func selecting(
    _ choose: Choice, of array: NumericArray, file: String
  ) throws(DataFileError) -> NumericTable {
    let columns = array.shape.count == 2 ? array.shape[1] : 1
    let selection = try choose((1...columns).map(String.init))
    let places = selection.places, rows = array.values.count / columns
    var values: [Float] = []
    values.reserveCapacity(rows * places.count)
    for row in 0..<rows { for place in places { values.append(array.values[row * columns + place]) } }
    let labels = try selection.label.map { column throws(DataFileError) in
      var labels: [String] = []
      for row in 0..<rows {
        let value = array.values[row * columns + column]
        guard value == value.rounded(), abs(value) <= 1e6 else {
          throw DataFileError(
            file: file,
            reason:
              "row \(row), column \(column + 1): expected a class, a whole number of at most a million, found \(value)")
        }
        labels.append("\(Int(value))")
      }
      return labels
    }
    return NumericTable(
      names: selection.names, array: NumericArray(shape: [rows, places.count], values: values), labels: labels,
      hasHeader: false)
  }
}
