import MinimData
import MinimFiles
import TestSupport
import Testing

/// What a run remembers of data that lie in a file.
@Suite struct DataDescriptionTests {
  private static let rows = """
    x,y,kind
    1,20,b
    2,30,a
    4,50,b
    """

  private static func described(_ section: String) throws -> (data: DataSplit, description: DataDescription) {
    let folder = try TemporaryFolder()
    try folder.put(Array(rows.utf8), "a.csv")
    let data = try load(section, from: folder.path)
    let constants = ["a": [0.1, -1e-300], "b": [Double]()]
    return (data, try #require(DataDescription(data, digest: data.digest, constants: constants)))
  }

  @Test("all but the examples comes back, to the bit") func roundTrip() throws {
    let (data, description) = try Self.described(
      #"{"name": "vectors", "path": "a.csv", "label": "kind", "standardize": true, "split": {"validation": 0, "test": 0}}"#
    )
    let again = try #require(DataDescription(try JSONParser.parse(Array(description.json.compact.utf8)).json))
    for split in [description.split, again.split] {
      #expect(split.name == data.name && split.exampleShape == [2] && split.training.count == 3 && split.rows == nil)
      #expect(split.classNames == ["a", "b"] && split.columnNames == ["x", "y"] && split.scaling == data.scaling)
      #expect(split.levels == nil && split.knownLevels == nil && split.validation == nil && split.test == nil)
      #expect(split.constants == ["a": [0.1, -1e-300], "b": []])
    }
    #expect(again.digest == data.digest && again.json == description.json)
  }

  @Test("rows of 0 and 1 are known to have two levels, and other rows not") func levels() throws {
    let section = #"{"name": "vectors", "path": "a.csv", "columns": ["COLUMN"], "split": {"validation": 0, "test": 0}}"#
    let folder = try TemporaryFolder()
    try folder.put(Array("x,bit\n2,0\n3,1\n".utf8), "a.csv")
    for (column, levels) in [("x", Int?.none), ("bit", 2)] {
      let data = try load(section.replacing("COLUMN", with: column), from: folder.path)
      let description = try #require(DataDescription(data, digest: "0"))
      #expect(data.knownLevels == levels && DataDescription(description.json)?.split.knownLevels == levels)
    }
  }

  @Test("data that can be made again are not described") func others() throws {
    let data = try load(#"{"name": "barsAndStripes"}"#)
    #expect(DataDescription(data, digest: data.digest) == nil)
  }

  @Test(
    "anything else is refused",
    arguments: [
      "[]", "{}", #"{"version": 2}"#, #"{"exampleShape": [0]}"#, #"{"exampleShape": []}"#, #"{"examples": 0}"#,
      #"{"exampleShape": [4294967296, 4294967296, 4294967296]}"#, #"{"offset": [0], "scale": [0]}"#,
      #"{"offset": [0]}"#, #"{"offset": [0, 0], "scale": [1, 1]}"#, #"{"levels": 0}"#, #"{"knownLevels": 65537}"#,
    ])
  func refused(_ change: String) throws {
    var json: JSON = ["version": 1, "name": "x", "sha256": "0", "examples": 3, "exampleShape": [1]]
    #expect(DataDescription(json) != nil)
    let members = try JSONParser.parse(Array(change.utf8)).json.object?.members
    for member in members ?? [] { json[member.key] = member.value }
    #expect(DataDescription(members?.isEmpty ?? true ? try JSONParser.parse(Array(change.utf8)).json : json) == nil)
  }
}
