import Foundation
import MinimFiles
import TestSupport
import Testing

@Suite struct PNGTests {
  static let texts = PNG.texts(step: 1000, seed: 7, configHash: "0a1b2c")

  static func noise(width: Int, height: Int, rgb: Bool) -> Image {
    var generator = SplitMix(seed: 1)
    var image = Image(width: width, height: height, rgb: rgb)
    for index in image.pixels.indices { image.pixels[index] = .random(in: 0...255, using: &generator) }
    return image
  }

  @Test(arguments: [(1, 1), (1, 9), (9, 1), (31, 17), (300, 200)])
  func roundTripIsExact(width: Int, height: Int) throws {
    for rgb in [false, true] {
      let image = Self.noise(width: width, height: height, rgb: rgb)
      let bytes = try PNG.encode(image, texts: Self.texts)
      let read = try PNG.decode(bytes)
      #expect(read.image == image)
      #expect(read.texts == Self.texts)
      #expect(try PNG.encode(image, texts: Self.texts) == bytes)
      #expect(try PNG.decode(PNG.encode(image)).texts == [])
    }
  }

  /// The chunks of the file, found without libpng.
  @Test func textsAreChunksOfTheFile() throws {
    let bytes = try PNG.encode(Self.noise(width: 4, height: 4, rgb: false), texts: Self.texts)
    var chunks: [String] = []
    var texts: [String] = []
    var start = 8
    while start < bytes.count {
      let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      let type = String(decoding: bytes[start + 4..<start + 8], as: UTF8.self)
      chunks.append(type)
      if type == "tEXt" { texts.append(String(decoding: bytes[start + 8..<start + 8 + length], as: UTF8.self)) }
      start += 12 + length
    }
    #expect(chunks == ["IHDR", "tEXt", "tEXt", "tEXt", "tEXt", "IDAT", "IEND"])
    #expect(texts == ["Software\0minim", "step\0\u{31}000", "seed\0\u{37}", "config\0\u{30}a1b2c"])
  }

  @Test func refusesATruncatedFile() throws {
    let bytes = try PNG.encode(Self.noise(width: 20, height: 10, rgb: true), texts: Self.texts)
    for count in 0..<bytes.count {
      #expect(throws: PNGError.self) { try PNG.decode(Array(bytes[..<count])) }
    }
  }

  @Test func noticesEveryFlippedBit() throws {
    let bytes = try PNG.encode(Self.noise(width: 12, height: 10, rgb: false), texts: Self.texts)
    for bit in 0..<8 * bytes.count {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: PNGError.self) { try PNG.decode(damaged) }
    }
  }

  @Test func boundsTheSize() throws {
    let image = Self.noise(width: 100, height: 10, rgb: false)
    let bytes = try PNG.encode(image)
    #expect(try PNG.decode(bytes, maximumPixels: 1000).image == image)
    #expect(throws: PNGError.self) { try PNG.decode(bytes, maximumPixels: 999) }
    #expect(throws: PNGError.self) { try PNG.decode(bytes, maximumPixels: -1) }
    // A header of 4096 x 4096 pixels on a file of some hundred bytes, its checksum made right.
    var claim = bytes
    claim.replaceSubrange(16..<24, with: [0, 0, 16, 0, 0, 0, 16, 0])
    claim.replaceSubrange(29..<33, with: crc32(claim[12..<29]))
    let error = #expect(throws: PNGError.self) { try PNG.decode(claim) }
    #expect(error?.description == "PNG: the file is too short for its size")
    claim.replaceSubrange(16..<24, with: [0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff])
    claim.replaceSubrange(29..<33, with: crc32(claim[12..<29]))
    #expect(throws: PNGError.self) { try PNG.decode(claim) }
  }

  @Test func refusesWhatCannotBeWritten() {
    let image = Image(width: 1, height: 1, rgb: false)
    #expect(throws: PNGError.self) { try PNG.encode(Image(width: 0, height: 1, rgb: false)) }
    for key in ["", String(repeating: "k", count: 80), "a\0b", "ü", "a\nb"] {
      #expect(throws: PNGError.self) { try PNG.encode(image, texts: [.init(key: key, value: "v")]) }
    }
    #expect(throws: PNGError.self) { try PNG.encode(image, texts: [.init(key: "k", value: "\0")]) }
    // libpng itself refuses spaces around a key, from inside of its error path.
    #expect(throws: Never.self) { try PNG.encode(image, texts: [.init(key: "two words", value: "")]) }
  }

  /// Files made by hand in kinds that we do not write, stored without compression.
  @Test(arguments: [
    // bit depth, color type, further chunks, the bytes of the two rows of two pixels, expected pixels
    Kind(depth: 1, color: 0, rows: [[0b0100_0000], [0b1000_0000]], expected: [0, 255, 255, 0], channels: 1),
    Kind(depth: 16, color: 0, rows: [[0, 0, 255, 255], [128, 0, 1, 0]], expected: [0, 255, 128, 1], channels: 1),
    Kind(depth: 8, color: 4, rows: [[0, 0, 0, 255], [100, 128, 9, 255]], expected: [255, 0, 177, 9], channels: 1),
    Kind(
      depth: 2, color: 3, palette: [1, 2, 3, 4, 5, 6], rows: [[0b0001_0000], [0b0100_0000]],
      expected: [1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3], channels: 3),
    Kind(
      depth: 8, color: 6, rows: [[1, 2, 3, 255, 1, 2, 3, 0], [0, 0, 0, 51, 5, 6, 7, 255]],
      expected: [1, 2, 3, 255, 255, 255, 204, 204, 204, 5, 6, 7], channels: 3),
  ])
  func readsOtherKinds(kind: Kind) throws {
    let image = try PNG.decode(kind.file).image
    #expect(image.channels == kind.channels && image.width == 2 && image.height == 2)
    #expect(image.pixels == kind.expected)
  }

  @Test("as a raster, 16 bits stay what they are, and fewer become 8")
  func depth() throws {
    let deep = try PNG.raster(Kind(depth: 16, color: 0, rows: [[0, 0, 255, 255], [15, 255, 1, 0]]).file)
    #expect(deep == Raster(width: 2, height: 2, channels: 1, white: 65535, samples: [0, 65535, 4095, 256]))
    #expect(deep.gray == [0, 65535, 4095, 256] && !deep.hasColors)
    let few = try PNG.raster(Kind(depth: 1, color: 0, rows: [[0b0100_0000], [0b1000_0000]]).file)
    #expect(few == Raster(width: 2, height: 2, channels: 1, white: 255, samples: [0, 255, 255, 0]))
    // Gray with opacity: 1000 at half of it is 1000 / 2 + 65535 / 2, rounded.
    let rows: [[UInt8]] = [[3, 232, 128, 0, 3, 232, 0, 0], [3, 232, 255, 255, 0, 0, 255, 255]]
    let faint = try PNG.raster(Kind(depth: 16, color: 4, rows: rows).file)
    #expect(faint.samples == [33267, 65535, 1000, 0] && faint.channels == 1 && faint.white == 65535)
    let color: [UInt8] = [1, 0, 2, 0, 3, 0]
    let red = try PNG.raster(Kind(depth: 16, color: 2, rows: [color + color, color + color]).file)
    // 0.299 * 256 + 0.587 * 512 + 0.114 * 768 = 464.6
    #expect(red.channels == 3 && red.hasColors && red.gray == [465, 465, 465, 465])
  }

  struct Kind: Sendable {
    var depth: UInt8
    var color: UInt8
    var palette: [UInt8] = []
    var rows: [[UInt8]]
    var expected: [UInt8] = []
    var channels = 1

    var file: [UInt8] {
      let raw: [UInt8] = rows.flatMap { [UInt8(0)] + $0 }
      let size = UInt16(raw.count)
      var sums: (UInt32, UInt32) = (1, 0)  // Adler-32
      for byte in raw {
        sums.0 = (sums.0 + UInt32(byte)) % 65521
        sums.1 = (sums.1 + sums.0) % 65521
      }
      let sizes: [UInt8] = [UInt8(size & 255), UInt8(size >> 8), UInt8(~size & 255), UInt8(~size >> 8)]
      let stored: [UInt8] = [0x78, 0x01, 1] + sizes + raw + bigEndian(sums.1 << 16 | sums.0)
      var file: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
      file += chunk("IHDR", [0, 0, 0, 2, 0, 0, 0, 2, depth, color, 0, 0, 0])
      if !palette.isEmpty { file += chunk("PLTE", palette) }
      return file + chunk("IDAT", stored) + chunk("IEND", [])
    }
  }
}

private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
  bigEndian(UInt32(data.count)) + type.utf8 + data + crc32((Array(type.utf8) + data)[...])
}

private func bigEndian(_ value: UInt32) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}

/// The CRC-32 of PNG chunks, bit by bit.
private func crc32(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
  var register: UInt32 = .max
  for byte in bytes {
    register ^= UInt32(byte)
    for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : (register >> 1) ^ 0xedb8_8320 }
  }
  return bigEndian(~register)
}
