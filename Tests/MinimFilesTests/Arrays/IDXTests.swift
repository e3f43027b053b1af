import MinimFiles
import Testing

@Suite struct IDXTests {
  static func read(_ bytes: [UInt8], _ file: String = "test-idx3-ubyte") throws -> NumericArray {
    try IDX.decode(bytes, file: file)
  }

  static func idx(_ type: UInt8, _ shape: [Int], _ data: [UInt8]) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)] + shape.flatMap { big($0, 4) } + data
  }

  static let pictures = idx(8, [2, 2, 3], Array(0..<12))

  @Test func readsEveryType() throws {
    let types: [(UInt8, [UInt8], [Float])] = [
      (0x08, [0, 200], [0, 200]), (0x09, [127, 255], [127, -1]), (0x0b, big(-2, 2) + big(300, 2), [-2, 300]),
      (0x0c, big(-70000, 4) + big(5, 4), [-70000, 5]),
      (0x0d, big(Float(0.1).bitPattern, 4) + big(Float(-8).bitPattern, 4), [0.1, -8]),
      (0x0e, big((0.1).bitPattern, 8) + big((2.5).bitPattern, 8), [0.1, 2.5]),
    ]
    for (type, data, values) in types {
      for bytes in [Self.idx(type, [2], data), gzip(Self.idx(type, [2], data))] {
        #expect(try Self.read(bytes) == NumericArray(shape: [2], values: values))
      }
    }
  }

  @Test func readsEveryNumberOfAxes() throws {
    for rank in 1...8 {
      let shape = [2] + Array(repeating: 1, count: rank - 1)
      #expect(try Self.read(Self.idx(8, shape, [3, 4])) == NumericArray(shape: shape, values: [3, 4]))
    }
    #expect(try Self.read(Self.pictures) == NumericArray(shape: [2, 2, 3], values: (0..<12).map { Float($0) }))
  }

  /// A file that Python's gzip has written.
  @Test func readsAFileCompressedByPython() throws {
    let bytes = try base64("H4sIAAAAAAACA2Ng4GBmYGBggmJmBkYmZhZWNnYOTi5uAHgeI4QcAAAA")
    #expect(try Self.read(bytes) == NumericArray(shape: [2, 2, 3], values: (0..<12).map { Float($0) }))
  }

  @Test("a gzip file may have several members, and zeros behind the last")
  func members() throws {
    let whole = try Self.read(Self.pictures)
    for cut in 0...Self.pictures.count {
      let parts = gzip(Array(Self.pictures[..<cut])) + gzip(Array(Self.pictures[cut...]))
      #expect(try Self.read(parts) == whole && Self.read(parts + [0, 0, 0]) == whole, "cut at \(cut)")
    }
    #expect(try Self.read(gzip(Self.pictures) + [UInt8](repeating: 0, count: 512)) == whole)
    #expect(try Self.read(gzip(Self.pictures) + gzip([])) == whole)
  }

  @Test func readsLargeCompressedFiles() throws {
    // 1001 images of 28 x 28 zeros, and one more, in blocks of the two kinds.
    let content = Self.idx(8, [1001, 28, 28], Array(repeating: 0, count: 1001 * 784))
    #expect(try Self.read(gzip(content)).values == Array(repeating: 0, count: 1001 * 784))
  }

  @Test(arguments: wrong)
  func refuses(wrong: Wrong) { wrong.isRefused(by: Self.read) }

  static let wrong: [Wrong] = [
    Wrong("nothing", [], "cut short"),
    Wrong("three bytes", [0, 0, 8], "cut short"),
    Wrong("other beginning", [1, 0, 8, 1, 0, 0, 0, 1, 7], "two zero bytes"),
    Wrong("unknown type", idx(0x0a, [1], [7]), "type 10", "8, 9, 11"),
    Wrong("type 0", idx(0, [1], [7]), "type 0"),
    Wrong("no axes", idx(8, [], [7]), "0 axes", "1 to 8"),
    Wrong("9 axes", idx(8, Array(repeating: 1, count: 9), [7]), "9 axes"),
    Wrong("255 axes", [0, 0, 8, 255], "255 axes"),
    Wrong("sizes missing", [0, 0, 8, 3, 0, 0, 0, 1], "sizes of 3 axes"),
    Wrong("too few numbers", idx(8, [4], [1, 2, 3]), "cut short", "needs 4", "3 are there"),
    Wrong("too many numbers", idx(11, [1], [1, 2, 3]), "1 bytes follow"),
    Wrong("empty", idx(8, [0, 28, 28], []), "empty", "[0, 28, 28]"),
    Wrong("2^32 - 1 values", idx(8, [4_294_967_295], [1]), "too large"),
    Wrong("2^31 values", idx(8, [2_147_483_648], [1]), "too large", "268435456"),
    Wrong("2^60 values", idx(8, [1 << 30, 1 << 30], [1]), "too large"),
    Wrong("2^256 values", idx(14, Array(repeating: 4_294_967_295, count: 8), [1]), "too large"),
    Wrong("as many as allowed", idx(14, [1 << 28], [1]), "cut short", "needs 2147483648"),
    Wrong("not a number", idx(13, [2], big(0, 4) + big(0x7fc0_0000, 4)), "[1]", "not a number"),
    Wrong("infinite", idx(14, [1], big(Double.infinity.bitPattern, 8)), "[0]", "infinite"),
    Wrong("gzip of nothing", gzip([]), "cut short"),
    Wrong("gzip of text", gzip(Array("1,2,3\n".utf8)), "two zero bytes"),
    Wrong("gzip in gzip", gzip(gzip(pictures)), "two zero bytes"),
    Wrong("gzip header only", [0x1f, 0x8b], "gzip", "too early"),
    Wrong("gzip of another method", [0x1f, 0x8b, 7] + gzip(pictures).dropFirst(3), "gzip", "damaged"),
    Wrong("gzip with wrong checksum", gzip(pictures).dropLast(8) + little(7, 4) + little(28, 4), "damaged"),
    Wrong("gzip with wrong length", gzip(pictures).dropLast(4) + little(29, 4), "damaged"),
    Wrong("bytes behind gzip", gzip(pictures) + [0, 1], "2 bytes follow"),
    Wrong("two gzip files", gzip(pictures) + gzip(pictures), "more comes out"),
    Wrong("a second member cut short", gzip(pictures) + gzip([]).dropLast(1), "too early"),
    Wrong("gzip holds more", gzip(pictures + [0]), "more comes out"),
    Wrong("gzip holds less", gzip(pictures.dropLast()), "27 bytes come out", "28"),
    Wrong("gzip claims 2^28 values", gzip(idx(8, [1 << 28], [1])), "cannot become the 268435464"),
    // 16 MiB of zeros come out of 106 kB: the first ones are refused, since they are no header.
    Wrong("gzip of many zeros", gzip([], deflated: deflateZeros(matches: 1 << 16)), "type 0"),
  ]

  @Test func refusesATruncatedFile() {
    refusesEveryTruncation(of: Self.pictures) { try Self.read($0) }
    refusesEveryTruncation(of: gzip(Self.pictures)) { try Self.read($0) }
  }

  @Test func standsDamagedBytes() throws {
    standsDamage(to: Self.pictures, by: { try Self.read($0) }, isPossible: { $0.values.count <= 24 })
    let original = try Self.read(Self.pictures)
    // Of a compressed file all that counts is under its checksum.
    standsDamage(to: gzip(Self.pictures), by: { try Self.read($0) }, isPossible: { $0 == original })
  }
}
