import MinimConfiguration
import MinimFiles

/// Rows of numbers from a file, as they are.
struct VectorSource: Sendable {
  /// A file, or "FILE.npz:NAME" for one array of an archive.
  private let path: String
  private let choice: ColumnChoice
  /// Whether the first line names the columns; nil to decide by the lines.
  private let header: Bool?
  /// Whether nets work with standardized values.
  private let isStandardized: Bool
  private let shares: ContentSplit

  /// Reads the section "data" of a user's own rows.
  init(_ section: ConfigurationSection) {
    path = section.string(
      "path", default: nil, affectsResult: false, "A file of rows (npy, npz:NAME, CSV), also looked for in data/.")
    choice = ColumnChoice(
      columns: section.names(
        "columns", default: [], "The columns to learn, by name or by number from 1; [] for all but the label."),
      label: section.optionalName("label", "The column with the class of each row, by name or number."))
    header = section.header()
    isStandardized = section.boolean(
      "standardize", default: false,
      "Whether nets see each column less its mean and over its deviation in training. Results keep the file's units.")
    shares = ContentSplit(section.section("split", "The rows to hold out, by their content."), of: "rows")
  }
}

extension VectorSource: DataSource {
  /// Whether `load` returns other data for another seed: never.
  var dependsOnSeed: Bool { false }

  /// Returns the rows of a file, split by their content.
  func load(from folders: [String], seed: UInt64) throws -> DataSplit {
    let file = try DataFile(path, in: folders)
    let table = try file.table(choice, header: header)
    let classes = try ClassNames(table.labels ?? [], file: file.path)
    let width = table.names.count
    let rows = Dataset(
      name: "\(Path.name(of: path)), \(width) \(width == 1 ? "column" : "columns")", exampleShape: [width],
      values: table.array.values, labels: classes.labels, classes: classes.names.count)
    let split = try shares.split(rows, by: .values, levels: nil, classNames: classes.names, file: file.path)
      .with(columnNames: table.names)
      .with(reading: notes(table), reader: reader(like: table))
    return isStandardized ? split.with(scaling: try standardization(split, file: file.path)) : split
  }

  /// Reads the same columns of other files.
  private func reader(like table: NumericTable) -> @Sendable (String) throws -> Dataset {
    let (names, header) = (table.names, header)
    return { path in
      let other = try DataFile(path, in: ["."]).table(
        ColumnChoice(columns: names, label: nil), header: NumericArray.isTable(path) ? header : nil)
      return Dataset(name: path, exampleShape: [names.count], values: other.array.values)
    }
  }

  /// What a user should know about the names of the columns.
  private func notes(_ table: NumericTable) -> ReadingNotes {
    var notes = ReadingNotes(table, header: header)
    let first = table.array.values.prefix(table.names.count)
    guard !table.hasHeader, header == nil, table.names.count > 1, let start = first.first, start == 0 || start == 1,
      first.enumerated().allSatisfy({ $1 == start + Float($0) })
    else { return notes }
    notes.remarks.append(
      "The first row counts the columns, \(Int(start)), \(Int(start) + 1), and so on. If it is a header, "
        + (table.isText ? "set \"data.header\": true." : "delete it."))
    return notes
  }

  private func standardization(_ split: DataSplit, file: String) throws -> Scaling {
    let rows = split.rows ?? Dataset(name: "nothing", exampleShape: [1], values: [])
    if let scaling = Scaling(standardizing: rows) { return scaling }
    let constant = rows.constantValues.map { "\"\(split.columnNames[$0])\"" }.joined(separator: ", ")
    throw DataFileError(
      file: file,
      reason: "column \(constant) has one value in all \(rows.count) rows of training, so it cannot be standardized. "
        + "Leave it out with \"data.columns\", or set \"data.standardize\": false")
  }
}

/// The distinct words of a column as classes.
struct ClassNames {
  /// The class of each row.
  let labels: [Int]
  /// The names of the classes: whole numbers ascending, then other words in alphabetical order.
  let names: [String]

  /// The most classes.
  static let most = 1000

  /// - Throws: `DataFileError` if there are more than `most`.
  init(_ words: [String], file: String) throws(DataFileError) {
    let distinct = Set(words).sorted { a, b in
      switch (Int(a), Int(b)) {
      case (let a?, let b?): a < b
      case (nil, nil): a < b
      case (let a, _): a != nil
      }
    }
    guard distinct.count <= Self.most else {
      throw DataFileError(
        file: file,
        reason:
          "\"data.label\" has \(distinct.count) classes in \(words.count) rows; at most \(Self.most) are supported")
    }
    let numbers = Dictionary(uniqueKeysWithValues: zip(distinct, 0...))
    labels = words.compactMap { numbers[$0] }
    names = distinct
  }
}
