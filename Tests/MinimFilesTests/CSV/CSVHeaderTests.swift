import MinimFiles
import Testing

@Suite struct CSVHeaderTests {
  /// Reads all columns as classes but the last, which has numbers.
  private static func hasHeader(_ text: String, _ options: CSV.Options = CSV.Options()) throws -> Bool {
    try CSV.table(Array(text.utf8), file: "test.csv", options: options) { names throws(DataFileError) in
      let last = names.count - 1
      let roles = names.indices.map { $0 == last ? NumericTable.Role.number(place: 0) : .skipped }
      return NumericTable.Selection(roles: roles, names: [names[last]])
    }.hasHeader
  }

  /// Rows of `count` whole numbers, none as large as the number of columns.
  private static func rows(_ count: Int) -> String {
    (0..<9).map { row in (0..<count).map { "\((row + $0) % 2)" }.joined(separator: ",") + "\n" }.joined()
  }

  private static func counting(_ count: Int, from start: Int = 0) -> String {
    (0..<count).map { "\($0 + start)" }.joined(separator: ",") + "\n"
  }

  @Test(
    "a first line that is not like the others names the columns",
    arguments: [
      "x,y\n1,2\n", "x,0,1\n9,8,7\n", "name,0,1\nann,8,7\n", "name,2019,2020\nann,5,6\nbob,5,6\nann,1,2\n",
      "year,2019,2020\n1,5,6\n2,7,8\n", ",x\n0,1.5\n", ",0,1,2\n0,1.5,2.5,0.5\n", "0,1\n0.5,1.5\n", "0,1,2\n0.5,1,2\n",
      "0,1,2,3\n1,0,1,0\n", "1,2,3,4\n1,0,1,0\n", "\"0\",\"1\",\"2\"\n0.5,1,2\n", "x,y\n1,2\n?,3\nNA,4\n",
      "kind,x\nnan,1\n-,2\na,3\n", "a b\n1\n2\n", "id;x\nk1;2\nk2;3\n", counting(64) + rows(64),
      counting(64, from: 1) + rows(64),
      counting(8) + "7,7,7,7,7,7,7,7\n0,1,2,3,4,5,6,7\n",
    ])
  func names(_ text: String) throws { #expect(try Self.hasHeader(text)) }

  @Test(
    "a first line that could be a row is one",
    arguments: [
      "1,2\n3,4\n", "0,1\n1,1\n", "0,1\n0.5,1\n", "1,2\n0.5,1.5\n", "0,1,2\n2,1,0\n", "1,2,3\n3,1,2\n", "0\n1\n2\n",
      "7\n8\n",
      "ann,1\nbob,2\n", "ann,1,2\nbob,8,7\nann,3,4\n", "ann,5,7\nbob,8,7\n", "ann,5\nbob,6\nann,7\n", "0,1\n",
      "5,6,7\n1,2,3\n",
      "0,2,1\n0.5,2.5,1.5\n", "1.5,2.5\n3,4\n",
    ])
  func row(_ text: String) throws { #expect(try !Self.hasHeader(text)) }

  @Test(
    "a row with a missing or a misspelled value is refused, and does not vanish",
    arguments: ["NA", "", "nan", "null", "?", "-", "N/A", "none", "\"\"", "\"NA\"", "1x", "inf", "1.2.3"])
  func damagedRow(_ value: String) {
    for text in ["\(value),4,2\n1,2,3\n", "4,\(value),2\n1,2,3\n", "\(value),\(value),2\n1,2,3\n4,5,6\n"] {
      let error = #expect(throws: DataFileError.self, "\(text)") { try CSV.decode(Array(text.utf8), file: "a.csv") }
      #expect(error?.description.contains("line 1: column") == true, "\(text): \(error?.description ?? "")")
      #expect(error?.description.contains("\"data.header\": true") == true)
    }
  }

  @Test("what is said about the first line counts more than what it looks like")
  func options() throws {
    let (no, yes) = (CSV.Options(header: false), CSV.Options(header: true))
    #expect(try !Self.hasHeader("0,1,2\n0.5,1,2\n", no) && Self.hasHeader("1,2\n3,4\n", yes))
    #expect(throws: DataFileError.self) { try Self.hasHeader("x,y\n1,2\n", no) }
    // A name that is asked for can only be there if the line has names.
    let text = "kind,7\nann,1\nbob,2\n"
    #expect(try !Self.hasHeader(text) && Self.hasHeader(text, CSV.Options(names: ["kind"])))
    #expect(try !Self.hasHeader("7,8\n1,2\n", CSV.Options(names: ["7"])))
  }

  @Test("lines far down do not decide, a thousand do") func lookahead() throws {
    let rows = String(repeating: "1,0,1,0\n", count: 1200)
    #expect(try Self.hasHeader("0,1,2,3\n" + rows) && Self.hasHeader("0,1,2,3\n" + rows + "3,3,3,3\n"))
    #expect(try !Self.hasHeader("0,1,2,3\n3,3,3,3\n" + rows))
  }
}
