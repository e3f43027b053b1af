import MinimConfiguration
import MinimFiles

/// The columns of a table that a config asks for, by name or by number from 1.
struct ColumnChoice: Sendable {
  /// The columns of numbers; all others than the label if there are none.
  let columns: [String]
  /// The column of classes.
  let label: String?

  /// Finds the columns among the names of all of them.
  ///
  /// - Throws: `DataFileError` if one is missing, ambiguous or asked for twice.
  func selection(of names: [String], file: String) throws(DataFileError) -> NumericTable.Selection {
    var roles = [NumericTable.Role](repeating: .skipped, count: names.count)
    if let label { roles[try index(of: label, key: "label", names, file)] = .label }
    if columns.isEmpty {
      let places = roles.indices.filter { roles[$0] == .skipped }
      for (place, index) in places.enumerated() { roles[index] = .number(place: place) }
      return try selection(roles, places.map { names[$0] }, file)
    }
    var chosen: [String] = []
    for (place, column) in columns.enumerated() {
      let index = try index(of: column, key: "columns", names, file)
      guard roles[index] == .skipped else {
        let other = roles[index] == .label ? "is the label" : "is there already"
        throw DataFileError(file: file, reason: "\"data.columns\" has \"\(column)\", which \(other)")
      }
      roles[index] = .number(place: place)
      chosen.append(names[index])
    }
    return try selection(roles, chosen, file)
  }

  private func selection(
    _ roles: [NumericTable.Role], _ names: [String], _ file: String
  ) throws(DataFileError) -> NumericTable.Selection {
    guard !names.isEmpty else {
      throw DataFileError(file: file, reason: "it has no column besides the label: there is nothing to learn")
    }
    return .init(
      roles: roles, names: names,
      hint: "if the column is not to be learned, name the others as \"data.columns\", or this one as \"data.label\"")
  }

  private func index(
    of column: String, key: String, _ names: [String], _ file: String
  ) throws(DataFileError) -> Int {
    let found = names.indices.filter { names[$0] == column }
    if found.count == 1 { return found[0] }
    if found.count > 1 {
      throw DataFileError(
        file: file,
        reason: "\(found.count) columns are called \"\(column)\": name them in \"data.\(key)\" by number, from 1")
    }
    if let number = Int(column), names.indices.contains(number - 1) { return number - 1 }
    let listed = names.prefix(Self.mostNames).map { "\"\($0)\"" }.joined(separator: ", ")
    let hint = Spelling.nearest(to: column, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
    throw DataFileError(
      file: file,
      reason: "it has no column \"\(column)\", which \"data.\(key)\" asks for. Its \(names.count) columns: \(listed)"
        + "\(names.count > Self.mostNames ? ", ..." : "").\(hint)")
  }

  /// The most names in a message.
  private static let mostNames = 20
}
