import MinimFiles
import Testing

@Suite struct NPZTests {
  static func read(_ bytes: [UInt8], _ file: String = "test.npz") throws -> NumericArray {
    try NPZ.decode(bytes, file: file)
  }

  static let array = NumericArray(shape: [2, 3], values: [0, 1, 2, 3, 4, 5])
  static let content = npy(npyHeader("|u1", "(2, 3)"), [0, 1, 2, 3, 4, 5])
  static let entry = ZIPWriter.Entry("images.npy", content)
  static let deflated = ZIPWriter.Entry("images.npy", content, deflated: deflateStored(content))
  static let labels = ZIPWriter.Entry("labels.npy", npy(npyHeader("|u1", "(2,)"), [1, 0]))

  // MARK: Right archives

  /// np.savez and np.savez_compressed of NumPy 2.4, of images (2, 3) and labels (2,).
  static let byNumPy = [
    """
    UEsDBC0AAAAAAAAAIQB+ntfP//////////8KABQAaW1hZ2VzLm5weQEAEACGAAAAAAAAAIYAAAAAAAAAk05VTVBZAQB2AHsnZGVz
    Y3InOiAnfHUxJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAgICAgICAgICAgICAgICAgICAg
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAoAAQIDBAVQSwMELQAAAAAAAAAhAHH7Oav//////////woAFABs
    YWJlbHMubnB5AQAQAJAAAAAAAAAAkAAAAAAAAACTTlVNUFkBAHYAeydkZXNjcic6ICc8aTgnLCAnZm9ydHJhbl9vcmRlcic6IEZh
    bHNlLCAnc2hhcGUnOiAoMiwpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg
    ICAgICAgCgEAAAAAAAAAAAAAAAAAAABQSwECLQMtAAAAAAAAACEAfp7Xz4YAAACGAAAACgAAAAAAAAAAAAAAgAEAAAAAaW1hZ2Vz
    Lm5weVBLAQItAy0AAAAAAAAAIQBx+zmrkAAAAJAAAAAKAAAAAAAAAAAAAACAAcIAAABsYWJlbHMubnB5UEsFBgAAAAACAAIAcAAA
    AI4BAAAAAA==
    """,
    """
    UEsDBC0AAAAIAAAAIQB+ntfP//////////8KABQAaW1hZ2VzLm5weQEAEACGAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJa
    nFykbqWgXlNqqK6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaRjoKxpo6CrUKZAMuBkYmZhZWAFBLAwQtAAAACAAAACEA
    cfs5q///////////CgAUAGxhYmVscy5ucHkBABAAkAAAAAAAAABIAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Ce
    ll9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAC5GBlQAAFBLAQItAy0AAAAIAAAAIQB+ntfPTAAAAIYAAAAKAAAA
    AAAAAAAAAACAAQAAAABpbWFnZXMubnB5UEsBAi0DLQAAAAgAAAAhAHH7OatIAAAAkAAAAAoAAAAAAAAAAAAAAIABiAAAAGxhYmVs
    cy5ucHlQSwUGAAAAAAIAAgBwAAAADAEAAAAA
    """,
  ]

  @Test(arguments: byNumPy)
  func readsArchivesOfNumPy(text: String) throws {
    let bytes = try base64(text)
    for member in ["images", "images.npy"] {
      #expect(try NPZ.decode(bytes, file: "a.npz", member: member) == Self.array)
    }
    let labels = try NPZ.decode(bytes, file: "a.npz", member: "labels")
    #expect(labels == NumericArray(shape: [2], values: [1, 0]))
    Wrong("none named", bytes, "2 arrays; choose one: \"images\", \"labels\"").isRefused(by: Self.read)
    let missing = #expect(throws: DataFileError.self) { try NPZ.decode(bytes, file: "a.npz", member: "image\u{7}") }
    let words = "a.npz: the archive has no array \"image\\u{7}\"; it has \"images\", \"labels\""
    #expect(missing?.description == words)
  }

  /// np.savez_compressed of one array of 40 x 28 x 28 zeros: 125,568 bytes in 224.
  @Test func readsWhatIsCompressedWell() throws {
    let bytes = try base64(
      """
      UEsDBC0AAAAIAAAAIQDmfxws//////////8JABQAYXJyXzAubnB5AQAQAIDqAQAAAAAA4AAAAAAAAADtyDEKwkAARNHYeortViGF
      SAoRazvFxsJKgtlgIUY2YiOewgsbr5D6PZhi/nd/3B1Ok+JVvGOT+kuO6xA3bRXLENsuP3N9P3e5Sf++rW99Gnp/rR9p+LNqUYbl
      6r95GT5hhGkBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACP8AFBLAQItAy0AAAAIAAAAIQDm
      fxws4AAAAIDqAQAJAAAAAAAAAAAAAACAAQAAAABhcnJfMC5ucHlQSwUGAAAAAAEAAQA3AAAAGwEAAAAA
      """)
    #expect(try Self.read(bytes) == NumericArray(shape: [40, 28, 28], values: Array(repeating: 0, count: 31360)))
  }

  @Test(arguments: [
    ZIPWriter(entry), ZIPWriter(deflated),
    // Another file beside the array, an empty one, and a folder.
    ZIPWriter(.init("notes.txt", [1, 2]), deflated, .init("empty", []), .init("folder/", [])),
    // Sizes behind the bytes, as programs write them that cannot go back.
    ZIPWriter(deflated.with { ($0.flags, $0.localCRC, $0.localSize, $0.behind) = (8, 0, 0, little(0x0807_4b50, 4)) }),
    // An extra field that we do not know; a name in UTF-8; free room in front.
    ZIPWriter(entry.with { $0.extra = [0x55, 0x54, 1, 0, 9] }),
    ZIPWriter(entry.with { ($0.flags, $0.name) = (0x0800, Array("Bilder ü.npy".utf8)) }),
    ZIPWriter(entry).with { $0.front = [1, 2, 3] },
    // 64-bit sizes in the header only, behind another extra field.
    ZIPWriter(
      entry.with {
        $0.localSize = 0xffff_ffff
        $0.extra = [0x55, 0x54, 0, 0, 1, 0, 16, 0] + little($0.size, 8) + little($0.compressed, 8)
      }),
  ])
  func readsArchives(writer: ZIPWriter) throws { #expect(try Self.read(writer.bytes) == Self.array) }

  @Test func prefersTheNameThatIsGiven() throws {
    let first = Self.labels.with { $0.name = Array("a.npy.npy".utf8) }
    let second = Self.entry.with { $0.name = Array("a.npy".utf8) }
    let bytes = ZIPWriter(first, second).bytes
    #expect(try NPZ.decode(bytes, file: "a.npz", member: "a.npy") == Self.array)
    #expect(try NPZ.decode(bytes, file: "a.npz", member: "a.npy.npy").shape == [2])
  }

  // MARK: Wrong ones

  @Test(arguments: wrongEntries + wrongSizes + wrongArchives)
  func refuses(wrong: Wrong) { wrong.isRefused(by: Self.read) }

  static func wrong(
    _ name: String, _ entry: ZIPWriter.Entry, _ words: String..., change: (inout ZIPWriter.Entry) -> Void
  ) -> Wrong {
    Wrong(name: name, bytes: ZIPWriter(entry.with(change)).bytes, words: words)
  }

  static let wrongEntries: [Wrong] = [
    wrong("encrypted", entry, "encrypted", "password") { $0.flags = 1 },
    wrong("strongly encrypted", entry, "encrypted") { $0.flags = 0x40 },
    wrong("names hidden", entry, "encrypted") { $0.flags = 0x2000 },
    wrong("a patch", entry, "unknown flags") { $0.flags = 0x20 },
    wrong("method 12", entry, "method 12", "(8)") { $0.method = 12 },
    wrong("wrong checksum", entry, "\"images.npy\"", "checksum") { $0.crc ^= 1 },
    wrong("wrong checksum, deflated", deflated, "checksum") { $0.crc ^= 1 },
    wrong("other checksum in the header", entry, "does not agree with the directory") { $0.localCRC = 7 },
    wrong("other size in the header", entry, "does not agree") { $0.localSize = 7 },
    wrong("other name in the header", entry, "does not agree") { $0.localName = Array("images_npy".utf8) },
    wrong("longer name in the header", entry, "does not agree") { $0.localName = Array("images.npy2".utf8) },
    wrong("other method in the header", entry, "does not agree") { $0.localMethod = 8 },
    wrong("other flags in the header", entry, "does not agree") { $0.localFlags = 8 },
    wrong("late sizes, but others", entry, "does not agree") { ($0.flags, $0.localCRC, $0.localSize) = (8, 0, 7) },
    wrong("no 64-bit sizes", entry, "lacks its 64-bit sizes") { $0.localSize = 0xffff_ffff },
    wrong("short 64-bit sizes", entry, "lacks its 64-bit") {
      ($0.localSize, $0.extra) = (0xffff_ffff, [1, 0, 8, 0] + little($0.size, 8))
    },
    wrong("64-bit sizes that end behind", entry, "lacks its 64-bit") {
      ($0.localSize, $0.extra) = (0xffff_ffff, [1, 0, 16, 0] + little($0.size, 8))
    },
    wrong("huge 64-bit sizes", entry, "does not agree") {
      ($0.localSize, $0.extra) = (0xffff_ffff, [1, 0, 16, 0] + little(UInt64.max, 8) + little(UInt64.max, 8))
    },
    wrong("name not in UTF-8", entry, "UTF-8") { $0.name = [0xff] + $0.name },
    wrong("control character in the name", entry, "\\u{1b}") { $0.name = [0x1b] + $0.name },
    wrong("begins elsewhere", entry, "does not begin where") { $0.offset = 1 },
    wrong("begins behind the archive", entry, "does not begin where") { $0.offset = 0xffff_fffe },
    wrong("64-bit offset", entry, "zip64") { $0.offset = 0xffff_ffff },
    wrong("no array", .init("images.npz", content), "no array", ".npy") { _ in },
    wrong("not an array", .init("images.npy", [1, 2, 3]), "array \"images\"", "does not begin") { _ in },
    wrong("objects", .init("images.npy", npy(npyHeader("|O", "(1,)"), [1])), "pickle") { _ in },
  ]

  static let wrongSizes: [Wrong] = [
    wrong("64-bit size", entry, "zip64") { $0.size = 0xffff_ffff },
    wrong("size over 2^31", deflated, "claims 2147483649") { $0.size = (1 << 31) + 1 },
    wrong("two sizes though stored", entry, "two sizes") { $0.size += 1 },
    wrong("ends behind the archive", entry, "ends after") { ($0.size, $0.compressed) = (1 << 20, 1 << 20) },
    wrong("claims more than deflate can", deflated, "cannot hold") { $0.size = 1033 * $0.compressed },
    wrong("claims more", deflated, "array \"images\"", "1 bytes follow") { $0.size += 1 },
    wrong("claims less", deflated, "array \"images\"", "cut short") { $0.size -= 1 },
    wrong("claims nothing", deflated, "array \"images\"", "does not begin") { $0.size = 0 },
    wrong("more comes out", deflated, "more comes out", "\(content.count)") {
      $0.stored = deflateStored(content + [6])
      $0.compressed = $0.stored.count
    },
    wrong("less comes out", deflated, "\(content.count - 1) bytes come out", "claims \(content.count)") {
      $0.stored = deflateStored(content.dropLast())
      $0.compressed = $0.stored.count
    },
    // 16 MiB come out of 106 kB: one byte more than the array has, and it is over.
    wrong("bomb behind an array", deflated, "more comes out", "\(content.count)") {
      $0.stored = deflateStored(content, isLast: false) + deflateZeros(matches: 1 << 16)
      $0.compressed = $0.stored.count
    },
    // No more of it comes out than a header can have.
    wrong("honest bomb", .init("images.npy", [], deflated: deflateZeros(matches: 1 << 16)), "does not begin") {
      $0.size = (258 << 16) + 1
    },
    wrong("2^31 bytes that are not there", deflated, "cannot hold") { $0.size = 1 << 31 },
    wrong("bytes behind the compressed ones", deflated, "1 bytes follow") {
      ($0.stored, $0.compressed) = ($0.stored + [0], $0.compressed + 1)
    },
    wrong("compressed bytes cut short", deflated, "too early") { $0.compressed -= 1 },
    wrong("no compressed bytes", .init("images.npy", [], deflated: []), "does not begin") { _ in },
    wrong("not deflated", .init("images.npy", content, deflated: Array(repeating: 0xff, count: 9)), "damaged") { _ in },
    wrong("distance before the beginning", .init("images.npy", content, deflated: [0x63, 0x00, 0x42]), "damaged") { _ in
    },
  ]

  static let wrongArchives: [Wrong] = [
    Wrong("nothing", [], "does not end like"),
    Wrong("only a magic", [0x50, 0x4b, 3, 4], "does not end like"),
    Wrong("empty archive", ZIPWriter().bytes, "no array"),
    Wrong("name twice", ZIPWriter(entry, entry).bytes, "two entries are named \"images.npy\""),
    Wrong(
      "two names of one entry", ZIPWriter(entry, entry.with { ($0.name, $0.offset) = ([0x61], 0) }).bytes, "not agree"),
    Wrong("overlapping entries", overlapping, "overlap"),
    Wrong("a comment cut short", Array(ZIPWriter(entry).with { $0.comment = [1, 2, 3] }.bytes.dropLast()), "comment"),
    Wrong(
      "a comment that is an end, too", ZIPWriter(entry).with { $0.comment = ZIPWriter().bytes }.bytes, "another end"),
    Wrong("a missing comment", ZIPWriter(entry).with { $0.commentLength = 3 }.bytes, "comment", "cut short"),
    Wrong("bytes behind", ZIPWriter(entry).bytes + [0], "does not end like"),
    Wrong("bytes before the end", ZIPWriter(entry).with { $0.tail = [0] }.bytes, "not where it should be"),
    Wrong("directory elsewhere", ZIPWriter(entry).with { $0.directoryStart = 0 }.bytes, "not where it"),
    Wrong("directory of 4 GiB", ZIPWriter(entry).with { $0.directorySize = 0xffff_fffe }.bytes, "not where it"),
    Wrong("64-bit directory", ZIPWriter(entry).with { $0.directoryStart = 0xffff_ffff }.bytes, "zip64"),
    Wrong("64-bit count", ZIPWriter(entry).with { $0.count = 0xffff }.bytes, "zip64"),
    Wrong("too many entries claimed", ZIPWriter(entry).with { $0.count = 2 }.bytes, "directory is damaged"),
    Wrong("too few entries claimed", ZIPWriter(entry, labels).with { $0.count = 1 }.bytes, "longer than its entries"),
    Wrong("no entries claimed", ZIPWriter(entry).with { $0.count = 0 }.bytes, "longer than its entries"),
    Wrong("counts differ", ZIPWriter(entry).with { $0.countHere = 0 }.bytes, "several parts"),
    Wrong("second disk", ZIPWriter(entry).with { $0.disk = 1 }.bytes, "several parts"),
    Wrong("two arrays", ZIPWriter(entry, labels).bytes, "2 arrays", "\"images\", \"labels\""),
  ]

  /// An archive whose first entry contains the second one, header and all.
  static var overlapping: [UInt8] {
    let inner = Array(ZIPWriter(labels).bytes[..<(30 + labels.name.count + labels.stored.count)])
    let outer = ZIPWriter.Entry("outer", inner)
    // The directory points into the first entry: no bytes are written for the second.
    var bytes = ZIPWriter(outer).bytes
    let end = bytes.count - 22 - (46 + outer.name.count)
    var record = Array(ZIPWriter(labels).bytes.dropLast(22).suffix(46 + labels.name.count))
    record.replaceSubrange(42..<46, with: little(30 + outer.name.count, 4))
    bytes = Array(bytes[..<(bytes.count - 22)]) + record + bytes.suffix(22)
    bytes.replaceSubrange(bytes.count - 14..<bytes.count - 10, with: little(2, 2) + little(2, 2))
    bytes.replaceSubrange(bytes.count - 10..<bytes.count - 6, with: little(bytes.count - 22 - end, 4))
    return bytes
  }

  @Test("a comment of any length at the end")
  func comments() throws {
    for comment in [[1], Array("PK\u{5}\u{6} is no end".utf8), [UInt8](repeating: 7, count: 65535)] {
      let bytes = ZIPWriter(Self.entry).with { $0.comment = comment }.bytes
      #expect(try Self.read(bytes) == Self.read(ZIPWriter(Self.entry).bytes))
    }
  }

  @Test func refusesATruncatedFile() throws {
    for writer in [ZIPWriter(Self.entry), ZIPWriter(Self.deflated)] {
      refusesEveryTruncation(of: writer.bytes) { try Self.read($0) }
    }
    for text in Self.byNumPy {
      refusesEveryTruncation(of: try base64(text)) { try NPZ.decode($0, file: "a.npz", member: "images") }
    }
  }

  /// A damaged archive is refused, or the damage is where nothing counts: the checksum sees all of the content.
  @Test func standsDamagedBytes() throws {
    for text in Self.byNumPy {
      standsDamage(
        to: try base64(text), by: { try NPZ.decode($0, file: "a.npz", member: "images") },
        isPossible: { $0 == Self.array })
    }
    standsDamage(to: ZIPWriter(Self.deflated).bytes, by: { try Self.read($0) }, isPossible: { $0 == Self.array })
  }
}
