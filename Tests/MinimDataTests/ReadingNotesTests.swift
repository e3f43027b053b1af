import MinimData
import MinimFiles
import TestSupport
import Testing

/// What reading images has decided, done and left out, as it is told.
@Suite struct ReadingNotesTests {
  @Test("a header of a table is decided by its lines, or by the config")
  func header() throws {
    let folder = try TemporaryFolder()
    let rows = "0,1,1,0\n1,1,0,0\n"
    try folder.put(Array(("0,1,2,3\n" + rows).utf8), "a.csv")
    try folder.put(Array(rows.utf8), "b.csv")
    func data(_ members: String) throws -> DataSplit {
      try load(unsplit(#""path": \#(members)"#, values: "gray"), from: folder.path)
    }
    let (a, b) = (try data(#""a.csv""#), try data(#""b.csv""#))
    #expect(a.digest == b.digest && a.rows?.count == 2)
    #expect(a.reading.facts.map(\.name) == ["header"])
    #expect(a.reading.facts[0].value.hasPrefix("line 1 names the columns"))
    #expect(b.reading.facts[0].value == #"none, line 1 is a row; "data.header": true reads it as names"#)
    #expect(try data(#""a.csv", "header": false"#).rows?.count == 3)
    #expect(try data(#""b.csv", "header": true"#).rows?.count == 1)
    try put([0, 1, 1, 0], [1, 2, 2], in: folder, as: "c.npy")
    isRefused(unsplit(#""path": "c.npy", "header": true"#), in: folder, file: "c.npy", "leave \"data.header\" out")
    // The same for other files, which may be of other kinds.
    let reader = try #require(try data(#""a.csv", "header": true"#).reader)
    #expect(try reader(folder["a.csv"]).count == 2 && reader(folder["c.npy"]).count == 1)
    try folder.put(Array("0,1,1,0,7\n1,1,0,0,7\n".utf8), "d.csv")
    isRefused(unsplit(#""path": "d.csv""#), in: folder, file: "d.csv", "one more than images of 2x2", "data.labels")
  }

  @Test("what reading has done to pictures is said")
  func remarks() throws {
    let folder = try TemporaryFolder()
    try FileStore().makeFolders(folder["a/cats"])
    try folder.put(PNG.encode(Image(width: 2, height: 1, channels: 3, pixels: [255, 0, 0, 9, 9, 9])), "a/1.png")
    try folder.put(PNG.encode(Image(width: 2, height: 1, channels: 3, pixels: [1, 1, 1, 9, 9, 9])), "a/2.png")
    try folder.put(PNG.encode(Image(width: 2, height: 1, channels: 1, pixels: [1, 9])), "a/cats/1.png")
    let data = try load(unsplit(#""path": "a""#, values: "gray"), from: folder.path)
    let remarks = data.remarks(DataSummary(data))
    #expect(remarks.contains { $0.hasPrefix("1 of 2 pictures had colors, which became gray: 0.299 red") })
    #expect(remarks.contains { $0.hasPrefix("The pictures in cats were not read") })
    #expect(data.reading.facts.map(\.value) == ["2, from 1.png to 2.png"] && data.reading.leftOut.count == 1)
  }

  @Test("what reading has left out of a folder is said, with the names")
  func leftOut() throws {
    let folder = try TemporaryFolder()
    for name in ["cats", "dogs", "birds"] { try FileStore().makeFolders(folder["a/\(name)"]) }
    for name in ["cats/1.png", "birds/1.png", "birds/.2.png"] {
      try folder.put(PNG.encode(Image(width: 2, height: 1, channels: 1, pixels: [1, 9])), "a/\(name)")
    }
    try FileStore().makeFolders(folder["a/cats/old"])
    for number in 0..<7 { try folder.put([1], "a/dogs/\(number).jpg") }
    let data = try load(unsplit(#""path": "a""#, values: "gray"), from: folder.path)
    #expect(data.classNames == ["birds", "cats"])
    #expect(
      data.reading.leftOut == [
        "Ignored: 1 folder without a .png, which is not a class (dogs).",
        "Ignored: 1 folder within a class (cats/old).",
        "Ignored: 7 files that are not a .png (dogs/0.jpg, dogs/1.jpg, dogs/2.jpg, dogs/3.jpg, dogs/4.jpg and 2 more).",
        "Ignored: 1 hidden picture (birds/.2.png).",
      ])
  }
}
