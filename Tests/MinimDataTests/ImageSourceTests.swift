import Foundation
import MinimData
import MinimFiles
import TestSupport
import Testing

@Suite struct ImageSourceTests {
  /// Three images of 2x3 in values 0 to 9, and the same cut half-way.
  private static let gray: [Float] = [0, 9, 1, 8, 2, 7, 3, 6, 4, 5, 4, 5, 9, 9, 9, 9, 9, 9]
  private static let binary: [[Float]] = [[0, 1, 0, 1, 0, 1], [0, 1, 0, 1, 0, 1], [1, 1, 1, 1, 1, 1]]

  /// The arrays "other", a single image, and "right", those above: as Python's zipfile has packed them.
  private static let archive: [UInt8] = {
    let text = """
      UEsDBBQAAAAIAAAAIQDEJvJkTAAAAIYAAAAJAAAAb3RoZXIubnB5m+wX6hsQychQxlCtnpJanFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoS
      d0vMKU4FihdnJBakAvkahjoKRjoKxpo6CrUK5AEuZjAAAFBLAwQUAAAACAAAACEAVsfeYlgAAACSAAAACQAAAHJpZ2h0Lm5weZvsF+obEMnI
      UMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GsY6CkY6CsaaOgq1CuQBLgZORg4mdmY2FlYWVk4wAABQ
      SwECFAMUAAAACAAAACEAxCbyZEwAAACGAAAACQAAAAAAAAAAAAAAgAEAAAAAb3RoZXIubnB5UEsBAhQDFAAAAAgAAAAhAFbH3mJYAAAAkgAA
      AAkAAAAAAAAAAAAAAIABcwAAAHJpZ2h0Lm5weVBLBQYAAAAAAgACAG4AAADyAAAAAAA=
      """
    return Array(Data(base64Encoded: text.filter { !$0.isWhitespace }) ?? Data())
  }()

  private static func isRight(_ data: DataSplit, _ shape: [Int] = [2, 3, 1]) {
    #expect(data.exampleShape == shape && data.validation == nil && data.test == nil)
    #expect(data.distribution == nil && data.wholeDistribution == nil && data.rows?.entropy == nil)
    #expect(everything(data) == binary)
    #expect(data.shareOfDuplicates == 1.0 / 3)
  }

  @Test("arrays of three and of four axes", arguments: [[3, 2, 3], [3, 2, 3, 1], [3, 1, 2, 3]])
  func npy(_ shape: [Int]) throws {
    let folder = try TemporaryFolder()
    try put(Self.gray, shape, in: folder, as: "a.npy")
    let data = try load(unsplit(#""path": "a.npy""#), from: folder.path)
    Self.isRight(data)
    #expect(data.name == "a.npy 2x3, on from 4.5" && data.classes == 0 && data.rows?.labels == [])
  }

  @Test("one of several arrays of an archive, below a folder with a colon in its name")
  func npz() throws {
    let folder = try TemporaryFolder()
    try FileStore().makeFolders(folder["10:30"])
    try folder.put(Self.archive, "10:30/a.npz")
    for path in ["10:30/a.npz:right", folder["10:30/a.npz:right"]] {
      Self.isRight(try load(unsplit(#""path": "\#(path)""#), from: folder.path))
    }
    #expect(try load(unsplit(#""path": "10:30/a.npz:other""#), from: folder.path).rows?.count == 1)
    for path in ["10:30/a.npz", "10:30/a.npz:none"] {
      let error = #expect(throws: DataFileError.self) { try load(unsplit(#""path": "\#(path)""#), from: folder.path) }
      #expect(error?.description.contains("right") == true && error?.exit == .badData)
    }
  }

  @Test func idx() throws {
    let folder = try TemporaryFolder()
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 3]
    try folder.put(header + Self.gray.map { UInt8($0) }, "train-images-idx3-ubyte")
    Self.isRight(try load(unsplit(#""path": "train-images-idx3-ubyte""#), from: folder.path))
  }

  @Test("a table with a shape, and without one where the lines are squares")
  func csv() throws {
    let folder = try TemporaryFolder()
    let lines = stride(from: 0, to: 18, by: 6).map { start in
      Self.gray[start..<start + 6].map { "\(Int($0))" }.joined(separator: ",") + "\n"
    }
    try folder.put(Array(lines.joined().utf8), "a.csv")
    Self.isRight(try load(unsplit(#""path": "a.csv", "shape": [2, 3]"#), from: folder.path))
    Self.isRight(try load(unsplit(#""path": "a.csv", "shape": [3, 2]"#), from: folder.path), [3, 2, 1])
    isRefused(
      unsplit(#""path": "a.csv""#), in: folder, file: "a.csv", "6 values per line", "not a square", "data.shape")
    isRefused(unsplit(#""path": "a.csv", "shape": [2, 4]"#), in: folder, file: "a.csv", "6 values per line", "2x4")
    try folder.put(Array("1,2,3,4\n4 , 3, 2, 1\n".utf8), "square.csv")
    let square = try load(unsplit(#""path": "square.csv", "shape": []"#), from: folder.path)
    #expect(square.exampleShape == [2, 2, 1] && everything(square) == [[0, 0, 1, 1], [1, 1, 0, 0]])
  }

  private static func png(_ pixels: [Float], _ folder: TemporaryFolder, _ name: String) throws {
    let image = Image(width: 3, height: 2, channels: 1, pixels: pixels.map { UInt8($0) })
    try folder.put(PNG.encode(image), name)
  }

  @Test("folders of pictures, and of folders, which are classes")
  func folders() throws {
    let folder = try TemporaryFolder()
    for name in ["flat", "deep/no", "deep/yes"] { try FileStore().makeFolders(folder[name]) }
    for (index, classFolder) in ["no", "yes", "yes"].enumerated() {
      let pixels = Array(Self.gray[index * 6..<index * 6 + 6])
      try Self.png(pixels, folder, "flat/\(index).png")
      try Self.png(pixels, folder, "deep/\(classFolder)/\(index).png")
    }
    Self.isRight(try load(unsplit(#""path": "flat/""#), from: folder.path))
    let deep = try load(unsplit(#""path": "deep""#), from: folder.path)
    #expect(deep.classNames == ["no", "yes"] && deep.classes == 2 && deep.rows?.classes == 2)
    #expect(everything(deep) == zip(Self.binary, [0, 1, 1]).map { $0 + [$1] })
    // A file of labels counts more than the folders' names.
    try put([7, 5, 7], [3], in: folder, as: "labels.npy")
    let labeled = try load(unsplit(#""path": "deep", "labels": "labels.npy""#), from: folder.path)
    #expect(labeled.classNames == ["5", "7"])
    #expect(everything(labeled) == [Self.binary[0] + [0], Self.binary[1] + [1], Self.binary[2] + [1]])
  }

  @Test("the distinct labels ascending are the classes")
  func labels() throws {
    let folder = try TemporaryFolder()
    try put(Self.gray, [3, 2, 3], in: folder, as: "a.npy")
    let section = unsplit(#""path": "a.npy", "labels": "labels.csv""#)
    try folder.put(Array("10\n-3\n9\n".utf8), "labels.csv")
    let data = try load(section, from: folder.path)
    #expect(data.classNames == ["-3", "9", "10"])
    #expect(everything(data) == [Self.binary[0] + [0], Self.binary[1] + [2], Self.binary[2] + [1]])
    for (text, words) in [
      ("1\n2\n", "2 labels for 3 images"), ("1\n2.5\n3\n", "label 1 is 2.5"), ("1\n2\n1e7\n", "label 2 is 10000000.0"),
    ] {
      try folder.put(Array(text.utf8), "labels.csv")
      isRefused(section, in: folder, file: "labels.csv", words)
    }
  }

  @Test("gray images keep their values, and their levels if they are whole numbers of 8 bits")
  func gray() throws {
    let folder = try TemporaryFolder()
    let rows: [[Float]] = [[0, 9, 1, 8, 2, 7], [3, 6, 4, 5, 4, 5], [9, 9, 9, 9, 9, 9]]
    func data(_ scale: Float, _ more: String = "") throws -> DataSplit {
      try put(Self.gray.map { $0 * scale }, [3, 2, 3], in: folder, as: "a.npy")
      return try load(unsplit(#""path": "a.npy"\#(more)"#, values: "gray"), from: folder.path)
    }
    let whole = try data(1)
    #expect(everything(whole) == rows && whole.levels == 10 && whole.white == 9 && whole.black == 0)
    #expect(whole.scaling == Scaling(0...9, count: 6) && whole.name == "a.npy 2x3, gray from 0 to 9")
    #expect(!whole.isBinary && whole.knownLevels == 10)
    // 17 is 153 of 255: whole numbers of 8 bits have as many levels as the largest needs.
    #expect(try data(17).levels == 154)
    let shares = try data(1 / 9)
    #expect(everything(shares) == rows.map { $0.map { $0 * (1 / 9) } })
    #expect(shares.levels == nil && shares.knownLevels == nil && shares.black == 0 && shares.white == 1)
    let signed = try data(-0.5)
    #expect(signed.levels == nil && signed.black == -4.5 && signed.white == 0)
    #expect(signed.brightness([-4.5, -2.25, 0]) == [0, 0.5, 1])
    let deep = try data(100)
    #expect(deep.levels == nil && deep.white == 900 && everything(deep) == rows.map { $0.map { $0 * 100 } })
    // Gray is what images are if nothing is said, binary if a threshold is given.
    let section = #"{"name": "images", "path": "a.npy", "split": {"validation": 0, "test": 0}"#
    #expect(everything(try load(section + "}", from: folder.path)) == everything(deep))
    let cut = try load(section + #", "threshold": 450}"#, from: folder.path)
    #expect(cut.levels == 2 && everything(cut) == Self.binary)
  }

  @Test("levels round down: each begins at an equal share of the range")
  func levels() throws {
    let folder = try TemporaryFolder()
    try put([0, 63, 64, 127, 128, 191, 192, 255, 7], [1, 3, 3], in: folder, as: "a.npy")
    let four = try load(unsplit(#""path": "a.npy", "levels": 4"#, values: "gray"), from: folder.path)
    #expect(four.rows?.values == [0, 0, 1, 1, 2, 2, 3, 3, 0] && four.levels == 4 && four.white == 3)
    isRefused(
      unsplit(#""path": "a.npy", "levels": 257"#, values: "gray").replacing("257", with: "256").replacing(
        "a.npy", with: "b.npy"), in: try Self.folder(["b.npy": [0, 1, 2, 3]]), file: "b.npy",
      "4 levels, 0 to 3", "at most 4, got 256")
    // Any numbers: from the least to the largest.
    try put([-1, -0.51, -0.5, 0, 0.49, 0.5, 1, 0.99, -1], [1, 3, 3], in: folder, as: "a.npy")
    let real = try load(unsplit(#""path": "a.npy", "levels": 4"#, values: "gray"), from: folder.path)
    #expect(real.rows?.values == [0, 0, 1, 2, 2, 3, 3, 3, 0])
  }

  @Test("another file is read as that of the data was: with its size, threshold and levels")
  func otherFiles() throws {
    let folder = try Self.folder(["a.npy": [0, 63, 64, 127, 128, 191, 192, 255]])
    func reader(_ members: String, values: String) throws -> (String) throws -> [Float] {
      let data = try load(unsplit(#""path": "a.npy", \#(members)"#, values: values), from: folder.path)
      let reader = try #require(data.reader)
      return { try reader(folder[$0]).values }
    }
    try put([255, 0, 100, 128, 7, 200, 70, 255], [1, 2, 4], in: folder, as: "b.npy")
    try put([0, 0, 0, 128, 0, 128, 0, 256], [1, 2, 4], in: folder, as: "c.npy")
    try put([0, 0, 1, 1, 0, 0, 1, 1], [1, 4, 2], in: folder, as: "d.npy")
    let four = try reader(#""levels": 4"#, values: "gray")
    #expect(try four("b.npy") == [3, 0, 1, 2, 0, 3, 1, 3])
    // The threshold is that of the data, and not half-way between the values of the other file.
    let binary = try reader(#""threshold": null"#, values: "binary")
    #expect(try binary("b.npy") == [1, 0, 0, 1, 0, 1, 0, 1])
    let small = try reader(#""size": [1, 2]"#, values: "gray")
    #expect(
      try small("b.npy") == [
        ((255 + 0 + 7 + 200) / 4.0 as Float).rounded(), ((100 + 128 + 70 + 255) / 4.0 as Float).rounded(),
      ])
    for (reader, file, words) in [
      (four, "c.npy", "whole numbers from 0 to 255, as in the run's data; value 8 of 8 is 256"),
      (four, "d.npy", "expected images of 2x4, found 4x2"), (small, "d.npy", ""),
    ] {
      if words.isEmpty {
        #expect(try reader(file).count == 2)
        continue
      }
      let error = #expect(throws: DataFileError.self) { try reader(file) }
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
  }

  private static func folder(_ files: [String: [Float]]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, values) in files { try put(values, [1, 2, values.count / 2], in: folder, as: name) }
    return folder
  }

  @Test("images are averaged before the cut; half-way is then that of the averages")
  func sizes() throws {
    let folder = try TemporaryFolder()
    // The means of columns: 1, 5 and 3; half-way is 3.
    try put([0, 9, 3, 2, 1, 3], [1, 2, 3], in: folder, as: "a.npy")
    let section = #""path": "a.npy", "size": [1, 3]"#
    let data = try load(unsplit(section), from: folder.path)
    #expect(data.exampleShape == [1, 3, 1] && everything(data) == [[0, 1, 1]] && data.name.hasSuffix("on from 3.0"))
    #expect(everything(try load(unsplit(section + #", "threshold": 3.5"#), from: folder.path)) == [[0, 1, 0]])
    isRefused(
      unsplit(#""path": "a.npy", "size": [3, 3]"#), in: folder, file: "a.npy", "2x3", "not to 3x3", "data.size")
  }

  @Test func wrongShapes() throws {
    let folder = try TemporaryFolder()
    let section = unsplit(#""path": "a.npy""#)
    for (shape, words) in [
      ([4], "found the shape [4]"), ([1, 2, 2, 2], "found the shape [1, 2, 2, 2]"),
      ([1, 1, 257], "1x1 to 256x256 pixels, found the shape [1, 1, 257]"), ([1, 66049], "1x1 to 256x256 pixels"),
    ] {
      try put([Float](repeating: 1, count: shape.reduce(1, *)), shape, in: folder, as: "a.npy")
      isRefused(section, in: folder, file: "a.npy", words)
    }
    try put([1, 2, 3, 4], [1, 2, 2], in: folder, as: "a.npy")
    let shaped = unsplit(#""path": "a.npy", "shape": [2, 2]"#)
    isRefused(shaped, in: folder, file: "a.npy", "already have the shape [2, 2]", "leave \"data.shape\" out")
    try folder.put([], "a.npy")
    isRefused(section, in: folder, file: "a.npy", "empty")
  }

  @Test("the first folder that has the file; none is exit code 66")
  func places() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    try put([0, 1, 1, 1], [1, 2, 2], in: second, as: "a.npy")
    let section = unsplit(#""path": "a.npy""#)
    #expect(everything(try load(section, from: first.path, second.path)) == [[0, 1, 1, 1]])
    try put([0, 0, 0, 1], [1, 2, 2], in: first, as: "a.npy")
    #expect(everything(try load(section, from: first.path, second.path)) == [[0, 0, 0, 1]])
    for (path, words) in [
      ("b.npy", "looked for"), ("b.npz:x", "looked for"), ("/nowhere/b.npy", "looked for"), ("", "data.path"),
    ] {
      let error = #expect(throws: FileError.self, "\(path)") {
        try load(unsplit(#""path": "\#(path)""#), from: first.path + "/none", second.path + "/none")
      }
      #expect(error?.exit == .missingInput && error?.description.contains(words) == true)
    }
    let error = #expect(throws: FileError.self) {
      try load(unsplit(#""path": "a.npy", "labels": "l.npy""#), from: first.path)
    }
    #expect(error?.exit == .missingInput && error?.description.contains("l.npy") == true)
  }
}
