import MinimData
import MinimFiles
import TestSupport
import Testing

@Suite struct DataSummaryTests {
  private static func vectors(_ text: String, _ members: String = "") throws -> (DataSummary, [String]) {
    let folder = try TemporaryFolder()
    try folder.put(Array(text.utf8), "a.csv")
    let section = #"{"name": "vectors", "path": "a.csv", "split": {"validation": 0, "test": 0}\#(members)}"#
    let data = try load(section, from: folder.path)
    let summary = DataSummary(data)
    return (summary, data.remarks(summary))
  }

  @Test("counts, ranges, moments and classes of rows")
  func rows() throws {
    let (summary, remarks) = try Self.vectors("a,b,kind\n1,0.5,x\n4,-0.5,y\n1,0.5,x\n", #", "label": "kind""#)
    #expect(summary.count == 3 && summary.copies == 1 && !summary.isImage && summary.constantCount == 0)
    #expect(summary.range == -0.5...4 && summary.distinctValues == 4)
    let a = try #require(summary.columns.first)
    #expect(
      a.name == "a" && a.least == 1 && a.largest == 4 && a.mean == 2 && abs(a.deviation - 2.0.squareRoot()) < 1e-12)
    #expect(summary.classes.map(\.name) == ["x", "y"] && summary.classes.map(\.count) == [2, 1])
    #expect(remarks == ["Class \"y\" has one example."])
  }

  @Test(
    "likely mistakes are told, each with what to do; data without them are not",
    arguments: [
      ("0,1\n1,1\n0,0\n", "", "All values are 0 and 1"),
      ("id,x\n3,0.5\n4,1.5\n5,0.25\n", "", "Column \"id\" counts the rows from 3"),
      ("x,y\n0.5,7\n1.5,7\n", "", "Column \"y\" has one value"),
      ("x,y\n0.5,700\n1.5,-300\n", "", "\"data.standardize\": true"),
      ("x,y\n0.5,2.5\n1.5,1.5\n", #", "label": "y""#, "Each class has one example"),
      ("0,1,2\n2,1,0\n1,2,2\n", "", "The first row counts the columns"),
      ("x\n16777216\n16777217.5\n16777220\n", "", "last digits of 32 bits"),
    ])
  func mistakes(_ text: String, _ members: String, _ words: String) throws {
    let remarks = try Self.vectors(text, members).1
    #expect(remarks.contains { $0.contains(words) }, "\(remarks)")
    let clean = try Self.vectors("x,y\n0.5,0.25\n1.5,-0.5\n-0.5,1\n").1
    #expect(clean == [])
  }

  @Test("images of two values, and of more than 8 bits")
  func images() throws {
    let folder = try TemporaryFolder()
    func remarks(_ values: [Float]) throws -> (DataSummary, [String]) {
      try put(values, [2, 1, 2], in: folder, as: "a.npy")
      let data = try load(unsplit(#""path": "a.npy""#, values: "gray"), from: folder.path)
      let summary = DataSummary(data)
      return (summary, data.remarks(summary))
    }
    let (two, twoRemarks) = try remarks([0, 255, 0, 0])
    #expect(two.isImage && two.columns.isEmpty && two.constantCount == 1)
    #expect(twoRemarks == ["Every pixel is 0 or 255. \"data.values\": \"binary\" makes them 0 and 1."])
    #expect(try remarks([0, 4095, 7, 9]).1.first?.hasPrefix("Pixels reach 4095") == true)
    #expect(try remarks([0, 1, 1, 1]).1 == [] && remarks([0, 200, 7, 9]).1 == [])
  }
}
