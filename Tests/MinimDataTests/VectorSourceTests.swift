import MinimData
import MinimFiles
import TestSupport
import Testing

@Suite struct VectorSourceTests {
  private static let unsplit = #""split": {"validation": 0, "test": 0}"#

  private static func section(_ members: String, isSplit: Bool = false) -> String {
    #"{"name": "vectors", \#(members)\#(isSplit ? "" : ", " + unsplit)}"#
  }

  private static let table = """
    name,x,"y, in cm",kind
    first,1.5,-200,b
    second,0.1,1e-3,a
    third,-7,30000,b
    """

  private static func folder(_ text: String = table) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.put(Array(text.utf8), "a.csv")
    return folder
  }

  @Test("columns by name or number, with classes, and every value as it is")
  func columns() throws {
    let folder = try Self.folder()
    for columns in [#"["x", "y, in cm"]"#, "[2, 3]", #"["2", "y, in cm"]"#] {
      let data = try load(Self.section(#""path": "a.csv", "columns": \#(columns), "label": "kind""#), from: folder.path)
      #expect(everything(data) == [[-7, 30000, 1], [0.1, 1e-3, 0], [1.5, -200, 1]])
      #expect(data.classNames == ["a", "b"] && data.columnNames == ["x", "y, in cm"] && data.exampleShape == [2])
      #expect(data.levels == nil && data.scaling == nil && data.name == "a.csv, 2 columns")
    }
    let turned = try load(Self.section(#""path": "a.csv", "columns": ["y, in cm", "x"]"#), from: folder.path)
    #expect(everything(turned).first == [-200, 1.5] && turned.classes == 0)
  }

  @Test("without a choice every column but the label is learned, whole numbers are classes in their order")
  func all() throws {
    let folder = try Self.folder("10,0.5\n9,1.5\n-3,2.5\n")
    let data = try load(Self.section(#""path": "a.csv", "label": 1"#), from: folder.path)
    #expect(data.classNames == ["-3", "9", "10"] && everything(data) == [[0.5, 2], [1.5, 1], [2.5, 0]])
    #expect(data.columnNames == ["2"] && data.name == "a.csv, 1 column")
    try put([1, 2, 3, 4, 5, 6], [2, 3], in: folder, as: "a.npy")
    let array = try load(Self.section(#""path": "a.npy""#), from: folder.path)
    #expect(everything(array) == [[1, 2, 3], [4, 5, 6]] && array.columnNames == ["1", "2", "3"])
    try put([1, 2, 3], [3], in: folder, as: "b.npy")
    #expect(try load(Self.section(#""path": "b.npy""#), from: folder.path).exampleShape == [1])
  }

  @Test("wrong columns, classes and files are refused with what there is")
  func refused() throws {
    let folder = try Self.folder()
    func refuses(_ members: String, _ words: String...) {
      let error = #expect(throws: DataFileError.self, "\(members)") {
        try load(Self.section(#""path": "a.csv", "# + members), from: folder.path)
      }
      for word in words { #expect(error?.description.contains(word) == true, "\(word) in \(error?.description ?? "")") }
    }
    refuses(
      #""columns": ["X"]"#, #"no column "X", which "data.columns" asks for"#, "Its 4 columns", "Did you mean \"x\"?")
    refuses(#""columns": ["x"], "label": "sort""#, "\"data.label\" asks for")
    refuses(#""columns": [5]"#, "no column \"5\"")
    refuses(#""columns": [0]"#, "no column \"0\"")
    refuses(#""columns": ["x", 2]"#, "which is there already")
    refuses(#""columns": ["x", "kind"], "label": "kind""#, "which is the label")
    refuses(#""columns": ["x", "kind"]"#, "column 4: expected a number, found \"b\"", "\"data.label\"")
    refuses(#""label": "kind""#, "column 1: expected a number, found \"first\"", "\"data.columns\"")
    try folder.put(Array("a,a\n1,2\n".utf8), "a.csv")
    refuses(#""columns": ["a"]"#, "2 columns are called \"a\"", "by number")
    try folder.put(Array("a\n1\n2\n".utf8), "a.csv")
    refuses(#""label": "a""#, "there is nothing to learn")
    try folder.put(Array((0...1000).map { "\($0),7\n" }.joined().utf8), "a.csv")
    refuses(#""label": 1"#, "1001 classes in 1001 rows")
    try FileStore().makeFolders(folder["b"])
    isRefused(Self.section(#""path": "b""#), in: folder, file: "b", "found a folder", "images")
    try put([1, 2, 3, 4], [1, 2, 2], in: folder, as: "c.npy")
    isRefused(Self.section(#""path": "c.npy""#), in: folder, file: "c.npy", "[1, 2, 2]", "images")
  }

  @Test("a label column tells a header of years from a row")
  func years() throws {
    let folder = try Self.folder("name,2019,2020\nann,5,6\nbob,7,8\nann,5,7\n")
    for label in [#""name""#, "1"] {
      let data = try load(Self.section(#""path": "a.csv", "label": \#(label)"#), from: folder.path)
      #expect(data.columnNames == ["2019", "2020"] && data.classNames == ["ann", "bob"] && data.rows?.count == 3)
      #expect(data.reading.facts[0].value.hasPrefix("line 1 names the columns; \"data.header\": false"))
    }
    let row = try load(Self.section(#""path": "a.csv", "label": 1, "header": false"#), from: folder.path)
    #expect(row.rows?.count == 4 && row.reading.facts[0].value == "none, line 1 is a row")
  }

  @Test("another file is read by the columns of the data, wherever they are")
  func otherFiles() throws {
    let folder = try Self.folder()
    let section = Self.section(#""path": "a.csv", "columns": ["y, in cm", "x"], "label": "kind""#)
    let reader = try #require(try load(section, from: folder.path).reader)
    try folder.put(Array("x,place,\"y, in cm\"\n1,home,2\n3,work,4\n".utf8), "b.csv")
    #expect(try reader(folder["b.csv"]).values == [2, 1, 4, 3])
    try folder.put(Array("x,z\n1,2\n".utf8), "c.csv")
    let error = #expect(throws: DataFileError.self) { try reader(folder["c.csv"]) }
    #expect(error?.description.contains("no column \"y, in cm\"") == true)
  }

  /// Rows of which every tenth repeats the one before.
  private static func rows(_ count: Int) -> [[Float]] {
    var generator = SplitMix(seed: 11)
    var rows: [[Float]] = []
    for index in 0..<count {
      rows.append(index % 10 == 9 ? rows[index - 1] : (0..<3).map { 100 * Float($0) + Float(generator.uniform()) })
    }
    return rows
  }

  @Test("rows are split by their values, copies together, whatever their order and the sign of a zero")
  func split() throws {
    let rows = Self.rows(400)
    let folder = try TemporaryFolder()
    func data(_ rows: [[Float]], _ more: String = "") throws -> DataSplit {
      try put(rows.flatMap { $0 }, [rows.count, 3], in: folder, as: "a.npy")
      return try load(Self.section(#""path": "a.npy"\#(more)"#, isSplit: true), from: folder.path)
    }
    let data1 = try data(rows), data2 = try data(Array(rows.reversed()))
    #expect(data1.digest == data2.digest && everything(data1) == rows.sorted { $0.lexicographicallyPrecedes($1) })
    let parts = [data1.rows, data1.validation, data1.test].map { part in
      Set((0..<(part?.count ?? 0)).map { Array(part?.example($0) ?? []) })
    }
    #expect(parts[0].isDisjoint(with: parts[1]) && parts[1].isDisjoint(with: parts[2]))
    #expect(parts[0].isDisjoint(with: parts[2]) && parts.reduce(0) { $0 + $1.count } == 360)
    #expect(data1.shareOfDuplicates == 0.1)
    // Close values are other rows: a split by 0 and 1 would hold them together.
    #expect(parts.allSatisfy { $0.count > 10 })
    let other = try data(rows, #", "split": {"seed": 1}"#)
    #expect(other.digest != data1.digest)
    let zeros = try data([[0, -0.0, 1], [-0.0, 0, 1]] + rows)
    #expect(zeros.shareOfDuplicates == 41.0 / 402)
  }

  @Test("standardized values have the moments of training; the file's units stay those of the examples")
  func standardized() throws {
    let folder = try TemporaryFolder()
    try put(Self.rows(400).flatMap { $0 }, [400, 3], in: folder, as: "a.npy")
    let section = #""path": "a.npy", "standardize": true"#
    let data = try load(Self.section(section, isSplit: true), from: folder.path)
    let plain = try load(Self.section(#""path": "a.npy""#, isSplit: true), from: folder.path)
    #expect(data.digest == plain.digest && data.rows?.values == plain.rows?.values)
    let scaling = try #require(data.scaling), rows = try #require(data.rows)
    let net = scaling.normalized(rows.values.map(Double.init))
    for column in 0..<3 {
      let values = stride(from: column, to: net.count, by: 3).map { net[$0] }
      let mean = values.reduce(0, +) / Double(values.count)
      let square = values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
      #expect(abs(mean) < 1e-9 && abs(square - 1) < 1e-9)
    }
    // Training alone: the moments of all rows are others.
    let everyRow = Dataset(name: "all", exampleShape: [3], values: everything(data).flatMap { $0 })
    #expect(Scaling(standardizing: everyRow) != scaling)
    try put([1, 7, 2, 7, 3, 7], [3, 2], in: folder, as: "b.npy")
    isRefused(
      Self.section(#""path": "b.npy", "standardize": true"#), in: folder, file: "b.npy", "column \"2\" has one value",
      "data.standardize")
  }
}
