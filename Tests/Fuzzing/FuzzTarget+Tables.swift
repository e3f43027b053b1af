import MinimFiles

extension FuzzTarget {
  /// A table in text: all columns as numbers, and with the last column as the class of each row.
  static let csv = FuzzTarget("csv") { bytes in
    let numbers = Result { try checkedTable(bytes, hasLabel: false) }
    let classes = Result { try checkedTable(bytes, hasLabel: true) }
    if case .failure = numbers { try classes.get() } else { try numbers.get() }
  }

  /// Reads a table twice: the second time it is told what the first time was decided by the lines.
  private static func checkedTable(_ bytes: [UInt8], hasLabel: Bool) throws {
    let table = try table(bytes, header: nil, hasLabel: hasLabel)
    try demand(table.array.values.allSatisfy(\.isFinite), "all numbers are finite")
    try demand(table.array.shape.last == table.names.count, "each column of numbers has a name")
    try demand((table.labels != nil) == hasLabel, "labels are read if they are asked for")
    try demand(table.labels.map { $0.count == table.array.shape[0] } ?? true, "each row has a label")
    try demand(
      try self.table(bytes, header: table.hasHeader, hasLabel: hasLabel) == table, "the header is what was decided")
  }

  private static func table(_ bytes: [UInt8], header: Bool?, hasLabel: Bool) throws -> NumericTable {
    let file = "table.csv"
    return try CSV.table(bytes, file: file, options: .init(header: header)) { names throws(DataFileError) in
      guard hasLabel else { return .numbers(names.count) }
      guard names.count > 1 else { throw DataFileError(file: file, reason: "it has one column") }
      let roles = (0..<names.count - 1).map { NumericTable.Role.number(place: $0) }
      return .init(roles: roles + [.label], names: names.dropLast())
    }
  }
}
