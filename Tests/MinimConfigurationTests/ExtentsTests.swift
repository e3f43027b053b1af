import MinimConfiguration
import MinimFiles
import TestSupport
import Testing

/// Keys whose values have two forms: one number for rows and columns, a name or a number for a column.
@Suite struct ExtentsTests {
  private static func extents(_ text: String) throws -> (value: [Int]?, problems: [String]) {
    try readSection(text) { $0.optionalExtents("size", in: 2...9, "Rows and columns.") }
  }

  @Test("one number stands for rows and columns; null and [] are none")
  func extents() throws {
    for (text, expected) in [
      (#"{"size": 8}"#, [8, 8]), (#"{"size": [8, 5]}"#, [8, 5]), (#"{"size": null}"#, nil), (#"{"size": []}"#, nil),
      ("{}", nil),
    ] as [(String, [Int]?)] {
      let (value, problems) = try Self.extents(text)
      #expect(value == expected && problems.isEmpty, "\(text)")
    }
    for text in [#"{"size": 1}"#, #"{"size": [8]}"#, #"{"size": [8, 10]}"#, #"{"size": [8, 8, 8]}"#, #"{"size": "8"}"#]
    {
      #expect(try Self.extents(text).problems == ["size"], "\(text)")
    }
  }

  @Test("both forms are one value of the resolved config")
  func resolved() throws {
    for text in [#"{"size": 8}"#, #"{"size": [8, 8]}"#] {
      let reader = ConfigurationReader(try ConfigurationSource(texts: [("c.json", text)]))
      _ = reader.root.extents("size", default: [4, 4], in: 2...9, "Rows and columns.")
      try reader.finish()
      #expect(reader.resolved["size"] == [8, 8])
    }
  }

  @Test("columns by name or by number are names")
  func names() throws {
    let (value, problems) = try readSection(#"{"columns": ["a", 2, "3"], "label": 4}"#) {
      ($0.names("columns", default: [], "Columns."), $0.optionalName("label", "A column."))
    }
    #expect(value.0 == ["a", "2", "3"] && value.1 == "4" && problems.isEmpty)
    let wrong = try readSection(#"{"columns": [1.5, true], "label": ["a"]}"#) {
      ($0.names("columns", default: [], "Columns."), $0.optionalName("label", "A column."))
    }
    #expect(wrong.problems == ["columns[0]", "columns[1]", "label"])
  }
}
