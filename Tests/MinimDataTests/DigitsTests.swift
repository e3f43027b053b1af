import MinimConfiguration
import MinimData
import MinimFiles
import TestSupport
import Testing

/// The handwritten digits that come with the program, counted by other means.
@Suite struct DigitsTests {
  private static func read(_ name: String) throws -> NumericArray { try NumericArray.read(dataFolder + "/" + name) }

  /// The images as text, a character a pixel: the means over areas in whole numbers, `side`^2 pixels of a finer grid for
  /// each of the 64, of which 64 are one pixel.
  private static func images(side: Int, threshold: Int) throws -> [String] {
    let file = try read("digits8.npy")
    #expect(file.shape == [1797, 8, 8])
    return (0..<1797).map { image in
      let cells = (0..<side * side).map { cell in
        let sum = (0..<64).reduce(0) { sum, place in
          let y = cell / side * 8 + place / 8
          let x = cell % side * 8 + place % 8
          return sum + Int(file.values[image * 64 + y / side * 8 + x / side])
        }
        return sum >= 64 * threshold ? "#" : "."
      }
      return cells.joined()
    }
  }

  @Test(arguments: [(8, 8, ""), (5, 6, #", "size": 5"#), (8, 3, #", "threshold": 3"#), (2, 6, #", "size": 2"#)])
  func digits(_ side: Int, _ threshold: Int, _ members: String) throws {
    let data = try load(#"{"name": "digits"\#(members)}"#, from: "nowhere", dataFolder)
    let parts = [data.rows, data.validation, data.test].compactMap { $0 }
    #expect(parts.count == 3 && parts.allSatisfy { $0.exampleShape == [side, side, 1] && $0.classes == 10 })
    let expected = try Self.images(side: side, threshold: threshold)
    let labels = try Self.read("digit-labels.npy").values.map { Int($0) }
    let found = parts.flatMap { part in
      (0..<part.count).map { index in
        part.example(index).map { $0 == 1 ? "#" : "." }.joined() + " \(part.labels[index])"
      }
    }
    #expect(found.sorted() == zip(expected, labels).map { "\($0) \($1)" }.sorted())
    #expect(data.classNames == (0..<10).map(String.init))
    #expect(data.shareOfDuplicates == Double(1797 - Set(expected).count) / 1797)
    let sides = parts.map { part in Set((0..<part.count).map { Array(part.example($0)) }) }
    #expect(sides[0].isDisjoint(with: sides[1]) && sides[0].isDisjoint(with: sides[2]))
    #expect(sides[1].isDisjoint(with: sides[2]))
  }

  @Test("gray digits are the file's values, and each is in the part in which it is when binary")
  func gray() throws {
    let data = try load(#"{"name": "digits", "values": "gray"}"#, from: "nowhere", dataFolder)
    let binary = try load(#"{"name": "digits"}"#, from: "nowhere", dataFolder)
    #expect(data.levels == 17 && !data.isBinary && data.white == 16)
    #expect(binary.levels == 2 && binary.isBinary && binary.white == 1)
    #expect(data.name == "digits8.npy 8x8, gray from 0 to 16" && data.classNames == binary.classNames)
    let images = try Self.read("digits8.npy").values, labels = try Self.read("digit-labels.npy").values
    let file = (0..<1797).map { image in
      images[image * 64..<image * 64 + 64].map { Float($0) } + [Float(labels[image])]
    }
    #expect(everything(data) == file.sorted { $0.lexicographicallyPrecedes($1) })
    // No two of the images are one, though some are when binary.
    #expect(data.shareOfDuplicates == 0 && Set(file.map { $0.dropLast() }).count == 1797)
    let pairs = zip([data.rows, data.validation, data.test], [binary.rows, binary.validation, binary.test])
    for (gray, cut) in pairs {
      let gray = try #require(gray), cut = try #require(cut)
      #expect(gray.count == cut.count && gray.labels == cut.labels)
      #expect(gray.values.map { $0 >= 8 ? 1 : 0 } == cut.values)
    }
  }

  @Test("gray digits of other sizes are means, rounded to whole numbers, and fewer levels are rounded down")
  func otherGray() throws {
    let small = try load(#"{"name": "digits", "values": "gray", "size": [4, 8]}"#, from: "nowhere", dataFolder)
    let file = try Self.read("digits8.npy").values
    let means = (0..<1797).map { image in
      (0..<32).map { place -> Float in
        let (row, column) = (place / 8, place % 8)
        let sum = file[image * 64 + 16 * row + column] + file[image * 64 + 16 * row + 8 + column]
        return (sum / 2).rounded()
      }
    }
    #expect(small.exampleShape == [4, 8, 1] && small.levels == 17 && small.white == 16)
    #expect(everything(small).map { Array($0.dropLast()) } == means.sorted { $0.lexicographicallyPrecedes($1) })
    let few = try load(#"{"name": "digits", "values": "gray", "levels": 4}"#, from: "nowhere", dataFolder)
    let gray = try load(#"{"name": "digits", "values": "gray"}"#, from: "nowhere", dataFolder)
    #expect(few.levels == 4 && few.white == 3 && few.name.hasSuffix("gray from 0 to 16 in 4 levels"))
    // 17 values in 4 levels: 0 to 4, 5 to 8, 9 to 12 and 13 to 16.
    func rows(_ part: Dataset?, _ level: (Float) -> Float = { $0 }) -> [[Float]] {
      (0..<(part?.count ?? 0)).map { (part?.example($0).map(level) ?? []) + [Float(part?.labels[$0] ?? 0)] }
        .sorted { $0.lexicographicallyPrecedes($1) }
    }
    for (few, gray) in [(few.rows, gray.rows), (few.validation, gray.validation), (few.test, gray.test)] {
      #expect(rows(few) == rows(gray) { $0 <= 4 ? 0 : $0 <= 8 ? 1 : $0 <= 12 ? 2 : 3 })
    }
  }

  @Test("gray digits with a threshold or with more levels than they have are refused")
  func wrongGray() throws {
    isRefused(
      #"{"name": "digits", "values": "gray", "levels": 18}"#, in: try TemporaryFolder(), otherFolder: dataFolder,
      file: dataFolder + "/digits8.npy", "at most 17, got 18")
    for (members, words) in [
      (#""threshold": 8"#, "unknown key"), (#""levels": 1"#, "2...256"), (#""size": 9"#, "2...8"),
      (#""values": "grey""#, "gray"),
    ] {
      let values = members.contains("values") ? "" : #""values": "gray", "#
      let error = #expect(throws: ConfigurationErrors.self) {
        try source(#"{"name": "digits", \#(values)\#(members)}"#)
      }
      #expect("\(try #require(error))".contains(words), "\(members)")
    }
  }

  @Test("a file of other values in the place of the digits is refused")
  func otherValues() throws {
    for value in [16.5, 17, -1] as [Float] {
      let folder = try TemporaryFolder()
      try put([Float](repeating: 3, count: 127) + [value], [2, 8, 8], in: folder, as: "digits8.npy")
      try put([0, 1], [2], in: folder, as: "digit-labels.npy")
      isRefused(#"{"name": "digits", "values": "gray"}"#, in: folder, file: "digits8.npy", "0 to 16", "\(value)")
    }
  }

  @Test("few of the 8x8 images are copies, more than half of the 5x5 images are")
  func copies() throws {
    func share(_ images: [String]) -> Double { Double(images.count - Set(images).count) / Double(images.count) }
    #expect(abs(share(try Self.images(side: 8, threshold: 8)) - 0.0261547) < 1e-7)
    #expect(share(try Self.images(side: 5, threshold: 6)) > 0.5)
  }
}
