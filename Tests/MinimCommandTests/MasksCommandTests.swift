import Foundation
import MinimConfiguration
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// `minim masks`, as a user runs it.
@Suite struct MasksCommandTests {
  /// A working directory of the test's own.
  private struct Folder {
    private let scratch: Scratch
    var path: String { scratch.path }

    init() throws { scratch = try Scratch() }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }

    func masks(_ arguments: [String], _ environment: [String: String] = [:]) throws -> Program.Result {
      try Program("minim", environment: environment).run(["masks"] + arguments, in: path)
    }

    func png(_ name: String) throws -> (image: Image, texts: [PNG.Text]) {
      try PNG.decode(FileStore().read(path + "/" + name))
    }
  }

  @Test func showsOneStack() throws {
    let folder = try Folder()
    let result = try folder.masks(["A3,B3", "--pixel", "33"])
    #expect(result.exitCode == 0 && result.errors == "")
    #expect(
      result.output == """
        A3,B3
        sees 11, blind 1
        [11][12][13][14][15]
        [21][22][23][24]/25/
        [31][32]<33> 34  35\u{20}
         41  42  43  44  45\u{20}
         51  52  53  54  55\u{20}

        [11] seen   /25/ earlier, blind   <33> the pixel    34  later

        A3,B3: pixel 33 sees 11 of the 12 earlier pixels: 11 12 13 14 15 21 22 23 24 31 32; blind: 25. Valid \
        autoregressive model.

        Look at: masks.png

        """)
    #expect(folder.names == ["masks.png"])
    #expect(try folder.png("masks.png").texts.contains(PNG.Text(key: "masks", value: "A3,B3")))
  }

  @Test func showsTheUsualFourWithoutArguments() throws {
    let folder = try Folder()
    let lines = try folder.masks([]).output.split(separator: "\n").map(String.init)
    for (name, end) in [
      ("A3,A3", "blind: 24 25 32. Valid autoregressive model."), ("A3,B3", "blind: 25. Valid autoregressive model."),
      ("B3,A3", "blind: 25. Valid autoregressive model."), ("B3,B3", "blind: 25. NOT autoregressive: it sees itself."),
    ] {
      #expect(lines.contains { $0.hasPrefix("\(name): pixel 33 sees ") && $0.hasSuffix(end) })
    }
    #expect(lines.contains("[31]/32/<33> 34  35       [31][32]<33> 34  35 "))
    #expect(lines.contains("[31][32]<33> 34  35       [31][32]!33! 34  35 "))
  }

  @Test(arguments: [(24, 1), (52, 2), (80, 2), (107, 4), (120, 4)])
  func panelsFitTheWidth(_ columns: Int, _ panels: Int) throws {
    let lines = try Folder().masks([], ["COLUMNS": "\(columns)"]).output.split(separator: "\n")
    let first = try #require(lines.first { $0.hasPrefix("[11][12]") })
    #expect(first.components(separatedBy: "[11]").count - 1 == panels)
    // The sentences are whole lines for scripts; the figure keeps to the width.
    for line in lines where !line.contains(": pixel 33 sees") { #expect(line.count <= columns, "\(line)") }
  }

  @Test func drawsTheMetric() throws {
    let folder = try Folder()
    #expect(try folder.masks(["B3,B3", "A3,B3", "--output", "two.png"]).output.hasSuffix("Look at: two.png\n"))
    #expect(folder.names == ["two.png"])
    let image = try folder.png("two.png").image
    // Panels begin at the margin, below three lines of title; cells are 44 pixels, and a corner tells their ground.
    func pixel(_ panel: Int, _ row: Int, _ column: Int, _ x: Int, _ y: Int) -> Image.Color {
      image[28 + panel * 261 + (column - 1) * 44 + x, 28 + 75 + (row - 1) * 44 + y]
    }
    func ground(_ panel: Int, _ row: Int, _ column: Int) -> Image.Color { pixel(panel, row, column, 7, 7) }
    let seen = ground(0, 1, 1)
    #expect(seen != .white && seen.blue > seen.red)
    for panel in 0...1 {
      for (row, column) in [(1, 5), (2, 1), (2, 4), (3, 1), (3, 2)] { #expect(ground(panel, row, column) == seen) }
      for (row, column) in [(3, 4), (4, 1), (5, 5)] { #expect(ground(panel, row, column) == .white) }
    }
    #expect(ground(0, 3, 3).red > ground(0, 3, 3).blue && ground(1, 3, 3) == .white)
    // The blind cell is hatched: neither shaded nor plain.
    let blind = (0..<44 * 44).map { pixel(0, 2, 5, $0 % 44, $0 / 44) }
    #expect((200...1200).contains(blind.filter { $0 != .white }.count) && !blind.contains(seen))
    // The frame of the pixel is bold, and of a color of its own where the pixel sees itself.
    #expect(pixel(1, 3, 3, 3, 22) == .black && pixel(0, 3, 3, 3, 22).red > 100)
  }

  @Test func drawsEveryPixel() throws {
    let folder = try Folder()
    let result = try folder.masks(["A3,B3", "--all-pixels", "--height", "2", "--width", "3"])
    #expect(
      result.output == """
        A3,B3
        11       12       13
        <>. .    []<>.    [][]<>
        . . .    . . .    . . .\u{20}

        21       22       23
        [][]//   [][][]   [][][]
        <>. .    []<>.    [][]<>

        [] seen   // earlier, blind   <> the pixel   .  later

        A3,B3: 5 of 6 pixels see every earlier pixel; 1 of the 15 pairs are blind. Valid autoregressive model.

        Look at: masks.png

        """)
    let all = try folder.png("masks.png").image
    #expect(all.width > 3 * 3 * 16 && all.height > 2 * 2 * 16)
  }

  @Test(arguments: [1, 2, 9], [1, 8, 9]) func everyCanvasIsDrawn(_ height: Int, _ width: Int) throws {
    let folder = try Folder()
    let canvas = ["--height", "\(height)", "--width", "\(width)"]
    for more in [["--pixel", "\(height)\(width)"], ["--all-pixels"], []] {
      let result = try folder.masks(["A3,B3", "B3,A5,B3,B3,B3,B3,B3", "--residual"] + canvas + more)
      #expect(result.exitCode == 0 && result.errors == "")
      #expect(try folder.png("masks.png").image.width < 1700)
    }
  }

  @Test func printsJSONForScripts() throws {
    let folder = try Folder()
    let result = try folder.masks(["A3,B3", "B3,A3", "--residual", "--json"])
    #expect(result.exitCode == 0 && folder.names.isEmpty)
    let maps = try #require(JSONParser.parse(result.output).json["maps"]?.array)
    #expect(maps.count == 2)
    let golden = Golden["pixel_rf", "receptive_fields", "stacks", "AB"]
    #expect(maps[0]["stack"]?.string == "A3,B3" && maps[0]["pixel"]?.integer == 33)
    #expect(maps[0]["receptiveField"]?.integers == golden["rf_33"]?.integers)
    #expect(maps[0]["blind"]?.integers == golden["blind_33"]?.integers)
    #expect(maps[0]["autoregressive"]?.bool == true && maps[0]["residual"]?.bool == true)
    #expect(maps[1]["autoregressive"]?.bool == false)
    #expect(maps[1]["receptiveField"]?.integers?.contains(33) == true)

    let all = try folder.masks(["A3,B3", "--all-pixels", "--json", "--output", "all.png"])
    let pixels = try #require(JSONParser.parse(all.output).json["maps"]?.array)
    #expect(pixels.count == 25 && folder.names == ["all.png"])
    for map in pixels {
      let label = try #require(map["pixel"]?.integer)
      #expect(map["receptiveField"]?.integers == golden["all_pixels"]?["\(label)"]?.integers)
    }
  }

  @Test("a gated stack has no blind pixel where the same plain one has")
  func gatedStacksHaveNoBlindSpot() throws {
    let folder = try Folder()
    func maps(_ stack: String, _ wiring: [String]) throws -> [JSON] {
      let result = try folder.masks([stack, "--all-pixels", "--json"] + wiring)
      #expect(result.exitCode == 0, "\(result.errors)")
      return try #require(JSONParser.parse(result.output).json["maps"]?.array)
    }
    // Four layers reach every earlier pixel of 5x5. What two do not see is too far, and not hidden behind the masks.
    for (stack, isWhole) in [("A3,B3,B3,B3", true), ("A3,B3", false)] {
      let (plain, gated) = (try maps(stack, []), try maps(stack, ["--gated"]))
      #expect(plain.count == 25 && gated.count == 25)
      #expect(gated.allSatisfy { $0["wiring"] == "gated" && $0["autoregressive"] == true })
      #expect(plain.contains { $0["blind"]?.integers != [] })
      #expect(gated.allSatisfy { $0["blind"]?.integers == [] } == isWhole)
      for (before, after) in zip(plain, gated) {
        let (hidden, still) = (Set(before["blind"]?.integers ?? []), Set(after["blind"]?.integers ?? []))
        #expect(still.isSubset(of: hidden))
      }
    }
    let text = try folder.masks(["A3,B3,B3,B3", "--gated"]).output
    #expect(text.contains("A3,B3,B3,B3 gated: pixel 33 sees all 12 earlier pixels: 11 12 13"))
    #expect(text.contains("sees 12, blind 0"))
  }

  @Test func equalCommandsWriteEqualBytes() throws {
    let folder = try Folder()
    for name in ["1.png", "2.png"] { _ = try folder.masks(["--all-pixels", "--output", name]) }
    let (first, second) = (try FileStore().read(folder.path + "/1.png"), try FileStore().read(folder.path + "/2.png"))
    #expect(first == second)
  }

  // MARK: Wrong input

  @Test(
    arguments: [
      (["C3"], ["\"C3\" is not a mask", "A or B"]),
      (["a3"], ["\"a3\" is not a mask"]),
      (["A3,B4"], ["A3,B4: \"B4\": kernel size must be odd"]),
      (["A3,"], ["\"\" is not a mask"]),
      (["A33"], ["1 to 31"]),
      (["--pixel", "56"], ["--pixel 56", "11 to 55"]),
      (["--pixel", "0"], ["--pixel 0"]),
      (["--pixel", "33", "--height", "2", "--width", "4"], ["11 to 24", "rows 1 to 2, columns 1 to 4"]),
      (["--height", "10"], ["--height: expected 1 to 9", "got 10"]),
      (["--width", "0"], ["--width: expected 1 to 9", "got 0"]),
      (["--pixel", "33", "--all-pixels"], ["exclude each other"]),
      (Array(repeating: "A3", count: 17), ["at most 16 stacks", "got 17"]),
      (["--height", "five"], ["--height"]),
      (["--pixle", "33"], ["--pixel"]),
      (["A3,B4", "C3", "--pixel", "77"], ["\"B4\"", "\"C3\"", "--pixel 77"]),
      (["A3,B3", "--gated", "--residual"], ["--residual and --gated exclude each other", "residual anyway"]),
      (["a", "--height", "0", "--width", "99"], ["\"a\"", "--height", "--width"]),
    ] as [([String], [String])])
  func wrongInputIsExplainedAllAtOnce(_ arguments: [String], _ words: [String]) throws {
    let folder = try Folder()
    let result = try folder.masks(arguments)
    #expect(result.exitCode == 64)
    #expect(result.output == "" && folder.names.isEmpty)
    for word in words { #expect(result.errors.contains(word), "\(result.errors)") }
  }

  @Test func aFileThatCannotBeWrittenIsNamed() throws {
    let folder = try Folder()
    let result = try folder.masks(["--output", "missing/masks.png"])
    #expect(
      result.exitCode == 73 && result.errors == "missing/masks.png: cannot create: No such file or directory\n"
        && folder.names.isEmpty)
  }
}
