import Glibc
import MinimFiles
import TestSupport
import Testing

@Suite struct ImageFolderTests {
  static func gray(_ width: Int, _ height: Int, _ value: UInt8) throws -> [UInt8] {
    try PNG.encode(Image(width: width, height: height, rgb: false, fill: .gray(value)))
  }

  @Test func readsPicturesInTheOrderOfTheirNames() throws {
    let folder = try TemporaryFolder()
    // Numbers count by their value, the rest by its bytes: 2 before 10, capitals before small letters.
    for (index, name) in ["B.PNG", "a2.Png", "a10.png", "b.png"].enumerated().reversed() {
      let pixels = (0..<6).map { UInt8(10 * index + $0) }
      try folder.put(PNG.encode(Image(width: 3, height: 2, channels: 1, pixels: pixels)), name)
    }
    for name in [".hidden.png", "notes.txt", "png", "a.png.bak"] { try folder.put([1, 2, 3], name) }
    let store = FileStore()
    // Folders are no pictures, and those within count only where there are none here.
    try store.makeFolders(folder["folder.png"])
    try store.makeFolders(folder["class"])
    try folder.put(Self.gray(9, 9, 1), "class/other.png")
    let content = try ImageFolder.read(folder.path)
    let (images, labels, classNames) = (content.images, content.labels, content.classNames)
    #expect(images.shape == [4, 2, 3] && labels == nil && classNames == [])
    #expect(images.values == (0..<4).flatMap { index in (0..<6).map { Float(10 * index + $0) } })
    #expect(content.ends == ("B.PNG", "b.png") && content.white == 255 && content.widened == 0)
    #expect(
      content.leftOut
        == ImageFolder.LeftOut(folders: ["class"], hidden: [".hidden.png"], others: ["a.png.bak", "notes.txt", "png"]))
  }

  @Test func makesColorsGray() throws {
    let folder = try TemporaryFolder()
    let colors: [(UInt8, UInt8, UInt8)] = [
      (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (1, 2, 3), (77, 77, 77),
    ]
    let pixels = colors.flatMap { [$0.0, $0.1, $0.2] }
    try folder.put(PNG.encode(Image(width: 7, height: 1, channels: 3, pixels: pixels)), "a.png")
    // 0.299 * 255 = 76.2, 0.587 * 255 = 149.7, 0.114 * 255 = 29.1, 0.299 + 2 * 0.587 + 3 * 0.114 = 1.8
    #expect(try ImageFolder.read(folder.path).images.values == [76, 150, 29, 255, 0, 2, 77])
  }

  @Test func takesFoldersAsClasses() throws {
    let folder = try TemporaryFolder()
    for name in ["zebra", "ant", "ant/deeper", "empty", ".hidden"] { try FileStore().makeFolders(folder[name]) }
    let files: [(String, UInt8)] = [
      ("zebra/1.png", 5), ("zebra/0.png", 4), ("ant/x.png", 1), ("ant/y.png", 2), ("ant/deeper/z.png", 9),
      (".hidden/a.png", 8), ("zebra/.h.png", 7),
    ]
    for (name, value) in files { try folder.put(Self.gray(2, 1, value), name) }
    try folder.put([1], "empty/notes.txt")
    try folder.put([1], "notes.txt")
    let content = try ImageFolder.read(folder.path)
    let (images, labels, classNames) = (content.images, content.labels, content.classNames)
    #expect(images == NumericArray(shape: [4, 1, 2], values: [1, 1, 2, 2, 4, 4, 5, 5]))
    #expect(labels == [0, 0, 1, 1])
    #expect(classNames == ["ant", "zebra"] && content.ends == ("ant/x.png", "zebra/1.png"))
    #expect(
      content.leftOut
        == ImageFolder.LeftOut(
          emptyFolders: ["empty"], deeper: ["ant/deeper"], hidden: ["zebra/.h.png"],
          others: ["notes.txt", "empty/notes.txt"]))
  }

  @Test("classes, too, are in the order of their numbers")
  func classOrder() throws {
    let folder = try TemporaryFolder()
    for number in [1, 2, 10] {
      try FileStore().makeFolders(folder["class \(number)"])
      try folder.put(Self.gray(1, 1, UInt8(number)), "class \(number)/a.png")
    }
    let content = try ImageFolder.read(folder.path)
    #expect(content.classNames == ["class 1", "class 2", "class 10"] && content.images.values == [1, 2, 10])
  }

  @Test func readsTheLargestPictures() throws {
    let folder = try TemporaryFolder()
    try folder.put(Self.gray(256, 256, 3), "a.png")
    #expect(try ImageFolder.read(folder.path).images.shape == [1, 256, 256])
  }

  @Test("pictures of 8 and of 16 bits have one white")
  func depths() throws {
    let folder = try TemporaryFolder()
    let deep = PNGTests.Kind(depth: 16, color: 0, rows: [[0, 0, 255, 255], [15, 255, 1, 0]]).file
    try folder.put(deep, "b.png")
    let alone = try ImageFolder.read(folder.path)
    #expect(alone.images.values == [0, 65535, 4095, 256] && alone.white == 65535 && alone.widened == 0)
    try folder.put(PNG.encode(Image(width: 2, height: 2, channels: 1, pixels: [0, 1, 128, 255])), "a.png")
    let mixed = try ImageFolder.read(folder.path)
    #expect(mixed.images.values == [0, 257, 32896, 65535, 0, 65535, 4095, 256])
    #expect(mixed.white == 65535 && mixed.widened == 1)
    let picture = try ImageFolder.picture(folder["b.png"])
    #expect(picture.values == NumericArray(shape: [2, 2], values: [0, 65535, 4095, 256]) && picture.white == 65535)
  }

  // MARK: Wrong folders

  static func picture(_ name: String, _ bytes: [UInt8], _ words: String...) -> Wrong {
    Wrong(name: name, bytes: bytes, words: words)
  }

  /// Second pictures that must be refused beside one of 2 x 3 pixels.
  static let wrongPictures: [Wrong] = {
    guard let good = try? gray(2, 3, 7), let wide = try? gray(3, 2, 7), let high = try? gray(1, 257, 0),
      let large = try? gray(257, 256, 0), let long = try? gray(65536, 1, 0)
    else { return [] }
    var damaged = good
    damaged[damaged.count / 2] ^= 1
    var claim = good
    claim.replaceSubrange(16..<24, with: [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff])
    claim.replaceSubrange(29..<33, with: big(checksum(Array(claim[12..<29])), 4))
    var empty = good
    empty.replaceSubrange(16..<20, with: [0, 0, 0, 0])
    empty.replaceSubrange(29..<33, with: big(checksum(Array(empty[12..<29])), 4))
    var chunk = good
    chunk.replaceSubrange(8..<12, with: [0x7f, 0xff, 0xff, 0xff])
    return [
      picture("other size", wide, "3 x 2 pixels", "a.png has 2 x 3"),
      picture("too high", high, "1 x 257", "256 x 256"),
      picture("too large", large, "PNG"),
      picture("too wide", long, "65536 x 1"),
      picture("empty file", [], "does not begin like a PNG"),
      picture("text", Array("picture".utf8), "does not begin like a PNG"),
      picture("JPEG", [0xff, 0xd8, 0xff, 0xe0] + Array(repeating: 0, count: 100), "does not begin like a PNG"),
      picture("only the magic", Array(good[..<8]), "ends too early"),
      picture("cut short", Array(good.dropLast(1)), "ends too early"),
      picture("damaged", damaged, "PNG"),
      picture("claims 2^62 pixels", claim, "PNG"),
      picture("no pixels", empty, "PNG"),
      picture("chunk of 2 GiB", chunk, "ends too early"),
      picture("magic twice", Array(good[..<8]) + good, "PNG"),
    ]
  }()

  @Test func hasWrongPictures() { #expect(Self.wrongPictures.count == 14) }

  @Test(arguments: wrongPictures)
  func refuses(wrong: Wrong) throws {
    let folder = try TemporaryFolder()
    try folder.put(Self.gray(2, 3, 7), "a.png")
    try folder.put(wrong.bytes, "b.png")
    let error = #expect(throws: DataFileError.self) { try ImageFolder.read(folder.path) }
    #expect(error?.exit == .badData)
    #expect(error?.description.hasPrefix(folder["b.png"]) == true)
    for word in wrong.words { #expect(error?.description.contains(word) == true) }
  }

  @Test func refusesFoldersWithoutPictures() throws {
    let folder = try TemporaryFolder()
    try FileStore().makeFolders(folder["class/deeper"])
    try folder.put(Self.gray(1, 1, 0), "class/deeper/a.png")
    try folder.put([1], "a.jpg")
    let error = #expect(throws: DataFileError.self) { try ImageFolder.read(folder.path) }
    #expect(error?.description.contains("no picture") == true && error?.description.contains("*.png") == true)
    #expect(error?.description.hasSuffix("; a.jpg is of another kind") == true)
    #expect(error?.file == folder.path)
  }

  @Test func refusesWhatTheSystemCannotRead() throws {
    let folder = try TemporaryFolder()
    try folder.put(Self.gray(1, 1, 0), "a.png")
    for path in [folder["none"], folder["a.png"], folder["a.png/b"]] {
      #expect(throws: FileError(.list, path, code: path == folder["none"] ? ENOENT : ENOTDIR)) {
        try ImageFolder.read(path)
      }
    }
    try FileStore().replaceLink(folder["b.png"], target: "gone.png")
    let missing = #expect(throws: FileError.self) { try ImageFolder.read(folder.path) }
    #expect(missing?.path == folder["b.png"] && missing?.exit == .missingInput)
  }

  @Test func refusesFilesThatAreTooLarge() throws {
    let folder = try TemporaryFolder()
    let text = PNG.Text(key: "k", value: String(repeating: "v", count: 4 << 20))
    try folder.put(PNG.encode(Image(width: 1, height: 1, rgb: false), texts: [text]), "a.png")
    let error = #expect(throws: FileError.self) { try ImageFolder.read(folder.path) }
    #expect(error?.exit == .badData && error?.description.contains("at most 4194304") == true)
  }

  @Test func refusesTooManyPictures() throws {
    let folder = try TemporaryFolder()
    #expect(ImageFolder.maximumFiles == 65536)
    for name in ["a", "b"] {
      try FileStore().makeFolders(folder[name])
      for number in 0..<5 { try folder.put(Self.gray(1, 1, 0), "\(name)/\(number).png") }
    }
    #expect(try ImageFolder.read(folder.path, limit: 10).images.shape == [10, 1, 1])
    // Those of all classes count, and none is read.
    for name in ["a", "b"] { for number in 0..<5 { try folder.put([], "\(name)/\(number).png") } }
    let error = #expect(throws: DataFileError.self) { try ImageFolder.read(folder.path, limit: 9) }
    #expect(error?.description.contains("10 pictures; at most 9") == true)
    #expect(throws: DataFileError.self) { try ImageFolder.read(folder["a"], limit: 4) }
  }

  /// 2^13 files of 256 x 256 are over the limit of numbers: one file says so, none of the others is read.
  @Test func refusesTooManyNumbers() throws {
    let folder = try TemporaryFolder()
    try folder.put(Self.gray(256, 256, 0), "0.png")
    for number in 1..<8192 { symlink("gone", folder["\(number).png"]) }
    let error = #expect(throws: DataFileError.self) { try ImageFolder.read(folder.path) }
    #expect(error?.description.contains("[8192, 256, 256] is too large") == true)
  }

  @Test func refusesEveryTruncatedPicture() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.gray(2, 3, 7)
    for count in 0..<bytes.count {
      try folder.put(Array(bytes[..<count]), "a.png")
      #expect(throws: DataFileError.self) { try ImageFolder.read(folder.path) }
    }
  }

  @Test func standsDamagedPictures() throws {
    let folder = try TemporaryFolder()
    let bytes = try Self.gray(2, 3, 7)
    standsDamage(
      to: bytes, rounds: 2000,
      by: { damaged in
        try folder.put(damaged, "a.png")
        return try ImageFolder.read(folder.path).images
      }, isPossible: { $0.shape == [1, 3, 2] })
  }
}
