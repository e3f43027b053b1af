import Foundation
import MinimFiles
import TestSupport
import Testing

/// Wrong data are answered with the file, what was expected and found and what to do, with an exit code of their own;
/// nothing is written.
@Suite struct BadDataTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let overrides: [String]
    let exitCode: Int32
    let words: [String]

    init(_ description: String, _ overrides: [String], _ exitCode: Int32, _ words: [String]) {
      testDescription = description
      self.overrides = overrides
      self.exitCode = exitCode
      self.words = words
    }
  }

  private static let config = """
    {
      "name": "bad",
      "model": { "masks": ["A3", "B3"], "channels": 2, "pointwiseLayers": 0 },
      "data": { "name": "images", "path": "good.npy" },
      "batch": { "examples": 4 },
      "training": { "steps": 2 }
    }
    """

  /// Thirty images of 4x4, all distinct: the bits of multiples of an odd number.
  private static func images(from first: Int) -> [UInt8] {
    let pixels = (first..<first + 30).flatMap { number in
      (0..<16).map { bit -> Float in ((number * 40_503) >> bit) & 1 == 1 ? 1 : 0 }
    }
    return NPY.encode(pixels, shape: [30, 4, 4])
  }

  /// A folder with data of every wrong kind, and some that are right.
  private static func folder() throws -> Scratch {
    let scratch = try Scratch()
    func put(_ bytes: [UInt8], _ name: String) throws {
      let url = URL(fileURLWithPath: scratch.path + "/" + name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    func picture(_ side: Int, _ on: Int) throws -> [UInt8] {
      let pixels = (0..<side * side).map { UInt8($0 == on ? 255 : 0) }
      return try PNG.encode(Image(width: side, height: side, channels: 1, pixels: pixels))
    }
    _ = try scratch.write(config, to: "bad.json")
    let good = images(from: 1)
    try put(good, "good.npy")
    try put(Array(good.dropLast(10)), "cut.npy")
    try put(NPY.encode([Float](repeating: 1, count: 160), shape: [10, 4, 4]), "alike.npy")
    try put(NPY.encode([0, 1, 2], shape: [3]), "three.npy")
    try put(NPY.encode((0..<30).map { $0 == 7 ? 0.5 : 1 }, shape: [30]), "half.npy")
    try put(NPY.encode([Float](repeating: 1, count: 48), shape: [2, 4, 3, 2]), "deep.npy")
    try put(NPY.encode([], shape: [0, 4, 4]), "none.npy")
    try put(Array("no pictures".utf8), "empty/readme.txt")
    for on in 0..<9 { try put(picture(3, on), "sizes/\(on).png") }
    try put(picture(4, 0), "sizes/9.png")
    try put(Array("GIF89a".utf8), "broken/a.png")
    try put(Array("1,0,0,1\n0,1,cat,0\n".utf8), "word.csv")
    try put(Array("1,0,1\n0,1,1\n".utf8), "three.csv")
    try put(Array("{}".utf8), "text.json")
    return scratch
  }

  static let cases = [
    Case(
      "a path that is nowhere", ["data.path=missing.npy"], 66,
      ["missing.npy: cannot open", "no such file or folder", "looked for ./missing.npy, data/missing.npy"]),
    Case("an empty path", [#"data.path="""#], 66, ["expected the name of a file or folder"]),
    Case("labels that are nowhere", ["data.labels=missing.npy"], 66, ["missing.npy", "no such file or folder"]),
    Case("no path", ["data.path=null"], 78, ["data.path=null", "expected a string, got null"]),
    Case("a damaged file", ["data.path=cut.npy"], 65, ["cut.npy: ", "bytes"]),
    Case("labels of other images", ["data.labels=three.npy"], 65, ["three.npy: it has 3 labels for 30 images"]),
    Case(
      "labels that are no classes", ["data.labels=half.npy"], 65,
      ["half.npy: label 7 is 0.5: expected whole numbers of at most a million"]),
    Case("a folder without pictures", ["data.path=empty"], 65, ["empty: no picture found", "*.png"]),
    Case(
      "pictures of two sizes", ["data.path=sizes"], 65,
      ["sizes/9.png: it has 4 x 4 pixels", "sizes/0.png has 3 x 3", "all pictures must have the same size"]),
    Case("a picture that is none", ["data.path=broken"], 65, ["broken/a.png: cannot be read as a picture"]),
    Case(
      "a word among numbers", ["data.path=word.csv"], 65,
      [#"word.csv: line 2: column 3: expected a number, found "cat""#]),
    Case("a file of another kind", ["data.path=text.json"], 65, ["text.json", "unknown format", ".npy"]),
    Case(
      "lines that are no squares", ["data.path=three.csv"], 65,
      ["three.csv: it has 3 values per line", #"set "data.shape": [rows, columns]"#]),
    Case(
      "lines of another shape", ["data.path=three.csv", "data.shape=[2,2]"], 65,
      [#"it has 3 values per line, "data.shape" says 2x2"#]),
    Case(
      "a shape for images that have one", ["data.shape=[4,4]"], 65,
      ["its images already have the shape [4, 4]", #"leave "data.shape" out"#]),
    Case("images of two channels", ["data.path=deep.npy"], 65, ["expected images", "[2, 4, 3, 2]"]),
    Case("no images", ["data.path=none.npy"], 65, ["none.npy: the array is empty", "[0, 4, 4]"]),
    Case(
      "images too small for a size", ["data.size=[5,4]"], 65,
      ["good.npy: its images are 4x4", "not to 5x4", #"Change "data.size""#]),
    Case(
      "a size of one number", ["data.size=[4]"], 78, ["data.size=[4]", "expected rows and columns, such as [8, 8]"]),
    Case(
      "images that are all alike", ["data.path=alike.npy"], 65,
      ["alike.npy: of its 1 distinct images none is left", "data.split.validation"]),
    Case(
      "shares that leave nothing", ["data.split.validation=0.5", "data.split.test=0.5"], 78,
      ["data.split.test=0.5", "validation and test together leave less than 0.05"]),
    Case(
      "conditional without labels", ["model.conditional=true"], 78,
      ["model.conditional=true", "the data have no labels", #"Give them with "data.labels""#]),
    Case(
      "validation where nothing is held out", ["data.split.validation=0", "validation.interval=5"], 78,
      ["validation", "these data have no validation examples. Leave this out"]),
    Case(
      "gated layers that are not residual", ["model.gated=true", "model.residual=false"], 78,
      ["model.residual=false", "gated layers are always residual: leave this out"]),
    Case(
      "wrong keys beside wrong data: the keys first", ["data.path=missing.npy", "model.channels=0", "sed=1"], 78,
      ["model.channels", "unknown key", "2 errors. Nothing was started."]),
  ]

  @Test("wrong data are refused before anything is written", arguments: cases)
  func refused(_ wrong: Case) throws {
    let scratch = try Self.folder()
    let before = try FileManager.default.subpathsOfDirectory(atPath: scratch.path).sorted()
    let arguments = [
      ("train", ["--config", "bad.json", "--quiet"] + wrong.overrides),
      ("minim", ["check", "bad.json"] + wrong.overrides.flatMap { ["--set", $0] }),
    ]
    for (program, arguments) in arguments {
      let result = try Program(program).run(arguments, in: scratch.path)
      #expect(result.exitCode == wrong.exitCode, "\(program): \(result.errors)")
      #expect(result.output == "")
      for word in wrong.words { #expect(result.errors.contains(word), "\(word) in: \(result.errors)") }
      #expect(!result.errors.contains("Fatal"))
    }
    #expect(try FileManager.default.subpathsOfDirectory(atPath: scratch.path).sorted() == before)
  }

  @Test("the same data trains where nothing is wrong")
  func rightData() throws {
    let scratch = try Self.folder()
    for overrides in [[], ["data.size=[4,3]"], ["data.threshold=1"], ["validation.interval=1"]] {
      let result = try Program("train").run(["--config", "bad.json", "--quiet"] + overrides, in: scratch.path)
      #expect(result.exitCode == 0, "\(result.errors)")
    }
    // The control for a path that is required: the same config without one.
    _ = try scratch.write(#"{ "data": { "name": "images" } }"#, to: "nowhere.json")
    let result = try Program("minim").run(["check", "nowhere.json"], in: scratch.path)
    #expect(result.exitCode == 78 && result.errors.contains("data.path: required"), "\(result.errors)")
  }

  @Test("data that changed or went away since a run are told when it is resumed or evaluated")
  func changedData() throws {
    let scratch = try Self.folder()
    #expect(try Program("train").run(["--config", "bad.json", "--quiet"], in: scratch.path).exitCode == 0)
    let file = URL(fileURLWithPath: scratch.path + "/good.npy")
    try Data(Self.images(from: 2)).write(to: file)
    let commands = [
      ("train", ["resume", "latest", "--quiet"]), ("minim", ["eval", "latest"]), ("minim", ["sample", "latest"]),
    ]
    for (program, arguments) in commands {
      let result = try Program(program).run(arguments, in: scratch.path)
      #expect(result.exitCode == 65 && result.errors.contains("it was made with other data"), "\(result.errors)")
    }
    try FileManager.default.removeItem(at: file)
    for (program, arguments) in commands.dropLast() {
      let result = try Program(program).run(arguments, in: scratch.path)
      #expect(result.exitCode == 66 && result.errors.contains("good.npy"), "\(result.errors)")
    }
    // Samples need no data.
    let samples = try Program("minim").run(["sample", "latest"], in: scratch.path)
    #expect(samples.exitCode == 0 && samples.output.contains("good.npy") && samples.output.contains("are missing"))
  }
}
