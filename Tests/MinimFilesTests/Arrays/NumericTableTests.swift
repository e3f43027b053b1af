import MinimFiles
import TestSupport
import Testing

@Suite struct NumericTableTests {
  /// Reads the named columns, and the classes of another.
  static func table(_ text: String, _ columns: [String], label: String? = nil) throws -> NumericTable {
    try CSV.table(Array(text.utf8), file: "test.csv") { names throws(DataFileError) in
      NumericTable.Selection(
        roles: names.map { name in
          columns.firstIndex(of: name).map { .number(place: $0) } ?? (name == label ? .label : .skipped)
        }, names: columns, hint: "leave it out")
    }
  }

  @Test("columns in any order, others not read, classes as words")
  func columns() throws {
    let text = "\"id\",species,\"petal, width\",length\n1,\"a \"\"big\"\" one\",0.5,7\nx,b,1.5,8\n"
    let table = try Self.table(text, ["length", "petal, width"], label: "species")
    #expect(table.array == NumericArray(shape: [2, 2], values: [7, 0.5, 8, 1.5]))
    #expect(table.labels == ["a \"big\" one", "b"] && table.names == ["length", "petal, width"] && table.hasHeader)
  }

  @Test("without a header columns are called by numbers, and a row may begin with its class")
  func numbers() throws {
    let table = try Self.table("setosa,5.1,3.5\nvirginica,6,3\n", ["2", "3"], label: "1")
    #expect(table.array == NumericArray(shape: [2, 2], values: [5.1, 3.5, 6, 3]))
    #expect(table.labels == ["setosa", "virginica"] && !table.hasHeader)
    // Numbers that count the columns are names.
    let counted = try Self.table("label,0,1\n7,8,9\n", ["1", "0"], label: "label")
    #expect(counted.array.values == [9, 8] && counted.labels == ["7"] && counted.hasHeader)
  }

  @Test("a word in a column of numbers is refused with what to do, and so is a row without a class")
  func refused() {
    for (text, words) in [
      ("a,b\n1,x\n", ["line 2: column 2", "\"x\"", "leave it out"]),
      ("a,b,c\n1,2,\n", ["line 2: column 3", "a class"]),
    ] {
      let error = #expect(throws: DataFileError.self) { try Self.table(text, ["a", "b"], label: "c") }
      for word in words { #expect(error?.description.contains(word) == true, "\(word) in \(error?.description ?? "")") }
    }
  }

  /// The bytes of a table with classes and quotes, as its columns are chosen by whatever names are left.
  private static func chosen(_ bytes: [UInt8]) throws -> NumericTable {
    try CSV.table(bytes, file: "test.csv") { names throws(DataFileError) in
      guard names.count > 1 else { throw DataFileError(file: "test.csv", reason: "there are no numbers") }
      return NumericTable.Selection(
        roles: names.indices.map { $0 == 0 ? .label : $0 < 3 ? .number(place: $0 - 1) : .skipped },
        names: Array(names.dropFirst().prefix(2)))
    }
  }

  @Test("damaged and cut tables are tables of as many classes as rows, or are refused")
  func damaged() {
    let bytes = Array("class,\"x, y\",b,c\n\"a \"\"1\"\"\",1,-2.5,q\nb,0,0.25,\"r,s\"\n\"c\",7,8,t\n".utf8)
    func isWhole(_ table: NumericTable) -> Bool {
      table.labels?.count == table.array.shape[0] && table.names.count == table.array.shape[1]
        && table.array.values.count < bytes.count
    }
    standsDamage(
      to: bytes, rounds: 20000,
      by: { bytes in
        let table = try Self.chosen(bytes)
        #expect(isWhole(table))
        return table.array
      }, isPossible: { $0.values.allSatisfy(\.isFinite) })
    for count in 0...bytes.count {
      do {
        #expect(isWhole(try Self.chosen(Array(bytes[..<count]))))
      } catch {
        #expect(error is DataFileError)
      }
    }
  }

  @Test("columns of an array, with whole numbers as classes")
  func arrays() throws {
    let folder = try TemporaryFolder()
    let path = folder["a.npy"]
    func read(_ shape: [Int], _ values: [Float]) throws -> NumericTable {
      try FileStore().writeAtomically(NPY.encode(values, shape: shape), to: path)
      return try NumericTable.read(path) { names throws(DataFileError) in
        NumericTable.Selection(
          roles: names.indices.map { $0 == 0 ? .label : .number(place: $0 - 1) }, names: Array(names.dropFirst()))
      }
    }
    let table = try read([2, 3], [4, 0.1, 0.2, -1, 0.3, 0.4])
    #expect(table.array == NumericArray(shape: [2, 2], values: [0.1, 0.2, 0.3, 0.4]))
    #expect(table.labels == ["4", "-1"] && table.names == ["2", "3"] && !table.hasHeader)
    let fraction = #expect(throws: DataFileError.self) { try read([1, 2], [0.5, 1]) }
    #expect(fraction?.description.contains("row 0, column 1: expected a class") == true)
    let images = #expect(throws: DataFileError.self) { try read([1, 2, 2], [0, 1, 2, 3]) }
    #expect(images?.description.contains("found the shape [1, 2, 2]") == true)
  }
}
