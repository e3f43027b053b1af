import MinimFiles
import TestSupport
import Testing

/// Pictures that somebody has made to do harm, or that a disk has damaged.
@Suite struct HostilePNGTests {
  /// A file that must be refused, and words that the error must have.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let words: String
    let bytes: [UInt8]
    var testDescription: String { name }

    init(_ name: String, _ words: String, bytes: [UInt8]) {
      (self.name, self.words, self.bytes) = (name, words, bytes)
    }

    init(_ name: String, _ words: String, _ change: (inout PNGWriter) -> Void) {
      self.init(name, words, bytes: PNGWriter(change).bytes)
    }
  }

  @Test("the controls: the same writer with nothing wrong")
  func accepts() throws {
    let gray = try PNG.raster(PNGWriter().bytes)
    #expect(gray == Raster(width: 2, height: 2, channels: 1, white: 255, samples: [1, 2, 3, 4]))
    let palette = PNGWriter {
      ($0.color, $0.before, $0.rows) = (3, Self.palette(5), [0, 0, 1, 0, 2, 4])
    }
    #expect(try PNG.raster(palette.bytes).samples == [0, 0, 0, 1, 1, 1, 2, 2, 2, 4, 4, 4])
    let split = PNGWriter {
      let stream = PNGWriter.zlib($0.rows)
      $0.image = PNGWriter.chunk("IDAT", Array(stream[..<6])) + PNGWriter.chunk("IDAT", Array(stream[6...]))
    }
    #expect(try PNG.raster(split.bytes) == gray)
  }

  @Test(arguments: headers + sizes + chunks + images)
  func refuses(wrong: Case) {
    Reliability.record(10, "PNG files", 1)
    for read in [{ try PNG.decode($0).image.width }, { try PNG.raster($0).width }] as [([UInt8]) throws -> Int] {
      let error = #expect(throws: PNGError.self) { try read(wrong.bytes) }
      #expect(error?.exit == .badData)
      #expect(error?.reason.contains(wrong.words) == true, "\(error?.reason ?? "accepted")")
    }
  }

  @Test func thereAreManyCases() { #expect((Self.headers + Self.sizes + Self.chunks + Self.images).count >= 50) }

  /// Two megabytes of zeros in a few kilobytes: programs may write such texts and profiles, and nobody needs them.
  @Test(arguments: ["zTXt", "iCCP", "iTXt"])
  func leavesOutWhatUnfoldsTooFar(type: String) throws {
    let bomb = [0x78, 0x01] + deflateZeros(matches: 8_000) + big(0, 4)
    let start: [UInt8] = type == "iTXt" ? [0x61, 0, 1, 0, 0, 0] : [0x61, 0, 0]
    let file = PNGWriter { $0.before = PNGWriter.chunk(type, start + bomb) }
    let (image, texts) = try PNG.decode(file.bytes)
    #expect(image.pixels == [1, 2, 3, 4] && texts.isEmpty)
  }

  @Test("no memory is taken for more image data than the image has")
  func leavesOutWhatFollowsTheImage() throws {
    let zeros = [UInt8](repeating: 0, count: 1 + 258 * 8_000)
    let file = PNGWriter { $0.packed = PNGWriter.zlib(zeros, deflated: deflateZeros(matches: 8_000)) }
    #expect(try PNG.decode(file.bytes).image.pixels == [0, 0, 0, 0])
  }

  private static func palette(_ count: Int) -> [UInt8] {
    PNGWriter.chunk("PLTE", (0..<count).flatMap { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: 3) })
  }

  // MARK: Cases

  static let headers: [Case] = [
    Case("nothing", "does not begin", bytes: []),
    Case("a signature without its first byte", "does not begin", bytes: Array(PNGWriter().bytes.dropFirst())),
    Case(
      "line ends changed by a text transfer", "does not begin",
      bytes: Array(PNGWriter.signature[..<4]) + [0x0a, 0x1a, 0x0a] + PNGWriter().bytes.dropFirst(8)),
    Case("a signature alone", "ends too early", bytes: PNGWriter.signature),
    Case("no header", "Missing IHDR") { $0.header = [] },
    Case("header behind the image", "Missing IHDR") {
      ($0.header, $0.after) = ([], PNGWriter.chunk("IHDR", $0.fields))
    },
    Case("two headers", "IHDR: out of place") { $0.before = PNGWriter.chunk("IHDR", $0.fields) },
    Case("a short header", "IHDR: invalid") { $0.header = PNGWriter.chunk("IHDR", $0.fields.dropLast()) },
    Case("a long header", "IHDR: invalid") { $0.header = PNGWriter.chunk("IHDR", $0.fields + [0]) },
    Case("wrong checksum of the header", "IHDR: CRC error") {
      $0.header = PNGWriter.chunk("IHDR", $0.fields, flips: 1)
    },
    Case("3 bits", "Invalid IHDR") { $0.depth = 3 }, Case("0 bits", "Invalid IHDR") { $0.depth = 0 },
    Case("255 bits", "Invalid IHDR") { $0.depth = 255 },
    Case("color type 1", "Invalid IHDR") { $0.color = 1 }, Case("color type 7", "Invalid IHDR") { $0.color = 7 },
    Case("a palette of 16 bits", "Invalid IHDR") { ($0.depth, $0.color) = (16, 3) },
    Case("colors of 4 bits", "Invalid IHDR") { ($0.depth, $0.color) = (4, 2) },
    Case("compression 1", "Invalid IHDR") { $0.compression = 1 }, Case("filter 1", "Invalid IHDR") { $0.filter = 1 },
    Case("interlace 2", "Invalid IHDR") { $0.interlace = 2 },
  ]

  static let sizes: [Case] = [
    Case("no column", "Invalid IHDR") { $0.width = 0 }, Case("no row", "Invalid IHDR") { $0.height = 0 },
    Case("2^31 columns", "out of range") { $0.width = 1 << 31 },
    Case("2^32 - 1 rows", "out of range") { $0.height = 0xffff_ffff },
    Case("2^31 - 1 each way", "Invalid IHDR") { ($0.width, $0.height) = (0x7fff_ffff, 0x7fff_ffff) },
    Case("more than 2^20 columns", "Invalid IHDR") { ($0.width, $0.height) = (1 << 20 + 1, 1) },
    Case("2^32 pixels, 0 of them in 32 bits", "too many pixels") { ($0.width, $0.height) = (1 << 16, 1 << 16) },
    Case("2^24 pixels and one row", "too many pixels") { ($0.width, $0.height) = (1 << 12, 1 << 12 + 1) },
    Case("2^24 pixels in a short file", "too short for its size") { ($0.width, $0.height) = (1 << 12, 1 << 12) },
    Case("a row of 2^20 in a short file", "too short for its size") { ($0.width, $0.height) = (1 << 20, 1) },
    Case("2^24 pixels of 8 bytes", "too short for its size") {
      ($0.width, $0.height, $0.depth, $0.color) = (1 << 12, 1 << 12, 16, 6)
    },
    Case("2^24 pixels, interlaced", "too short for its size") {
      ($0.width, $0.height, $0.interlace) = (1 << 12, 1 << 12, 1)
    },
    Case("one row more than there is", "Not enough image data") { $0.height = 3 },
  ]

  static let chunks: [Case] = [
    Case("no end", "ends too early") { $0.end = [] },
    Case("wrong checksum of the end", "IEND: CRC error") { $0.end = PNGWriter.chunk("IEND", [], flips: 1 << 31) },
    Case("a length of 2^32 - 1", "ends too early") {
      $0.before = PNGWriter.chunk("tEXt", [97, 0], length: 0xffff_ffff)
    },
    Case("a length of 2^31", "ends too early") { $0.before = PNGWriter.chunk("tEXt", [97, 0], length: 1 << 31) },
    Case("a length of a gigabyte", "ends too early") { $0.before = PNGWriter.chunk("tEXt", [97, 0], length: 1 << 30) },
    Case("a length that takes the rest", "ends too early") {
      $0.before = PNGWriter.chunk("tEXt", [97, 0], length: 50)
    },
    Case("an unknown critical chunk", "unhandled critical chunk") { $0.before = PNGWriter.chunk("ABCD", [1]) },
    Case("a name that is not of letters", "invalid chunk type") { $0.before = PNGWriter.chunk("a\0Cd", [1]) },
    Case("wrong checksum of a text", "tEXt: CRC error") { $0.before = PNGWriter.chunk("tEXt", [97, 0, 98], flips: 2) },
    Case("no palette", "Missing PLTE") { $0.color = 3 },
    Case("an empty palette", "Invalid palette") { ($0.color, $0.before) = (3, palette(0)) },
    Case("a palette of 257 colors", "PLTE: invalid") { ($0.color, $0.before) = (3, palette(257)) },
    Case("a palette of a color and a third", "PLTE: invalid") {
      ($0.color, $0.before) = (3, PNGWriter.chunk("PLTE", [1, 2, 3, 4]))
    },
    Case("two palettes", "PLTE: duplicate") { ($0.color, $0.before) = (3, palette(5) + palette(5)) },
    Case("the palette behind the image", "Missing PLTE") { ($0.color, $0.after) = (3, palette(5)) },
  ]

  static let images: [Case] = [
    Case("no image", "IEND: out of place") { $0.image = [] },
    Case("an empty image", "Not enough image data") { $0.packed = [] },
    Case("not compressed", "incorrect header check") { $0.packed = Array("nonsense".utf8) },
    Case("a window of 2^23", "invalid window size") {
      $0.packed = [0xf8, 0x01] + PNGWriter.zlib($0.rows).dropFirst(2)
    },
    Case("a block of no type", "invalid block type") { $0.packed = [0x78, 0x01, 7, 0, 0] },
    Case("a stored block of two lengths", "invalid stored block") { $0.packed = [0x78, 0x01, 1, 6, 0, 6, 0] },
    Case("a match before the beginning", "distance too far back") {
      // Fixed codes: a match of 3 bytes, one byte back, where there is none.
      $0.packed = [0x78, 0x01, 0b0000_0011, 0b0000_0010, 0]
    },
    Case("compressed bytes that end early", "Not enough image data") {
      $0.packed = Array(PNGWriter.zlib($0.rows)[..<8])
    },
    Case("a row too short", "Not enough image data") { $0.rows.removeLast() },
    Case("wrong checksum of the pixels", "incorrect data check") {
      $0.packed = PNGWriter.zlib($0.rows).dropLast() + [0xff]
    },
    Case("wrong checksum of the chunk", "IDAT: CRC error") {
      $0.image = PNGWriter.chunk("IDAT", PNGWriter.zlib($0.rows), flips: 0x100)
    },
    Case("filter 5", "bad adaptive filter") { $0.rows[3] = 5 },
    Case("a text between its parts", "Not enough image data") {
      let stream = PNGWriter.zlib($0.rows)
      $0.image =
        PNGWriter.chunk("IDAT", Array(stream[..<6])) + PNGWriter.chunk("tEXt", [97, 0, 98])
        + PNGWriter.chunk("IDAT", Array(stream[6...]))
    },
  ]
}
