import CPNG

/// PNG files in memory, through libpng. Equal images and texts give equal bytes.
package enum PNG {
  /// The width that the head of a file says; nil if it is not a PNG.
  package static func width(of bytes: [UInt8]) -> Int? {
    guard bytes.count > 24, bytes[1...3] == [0x50, 0x4E, 0x47] else { return nil }
    return bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
  }

  /// A text about an image, a tEXt chunk: printable ASCII, 1 to 79 characters of key.
  package struct Text: Equatable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// The texts of a sample: its step, seed and configuration.
  package static func texts(step: Int, seed: UInt64, configHash: String) -> [Text] {
    [
      Text(key: "Software", value: "minim"), Text(key: "step", value: String(step)),
      Text(key: "seed", value: String(seed)), Text(key: "config", value: configHash),
    ]
  }

  /// Encodes `image` as the bytes of a file.
  package static func encode(_ image: Image, texts: [Text] = []) throws(PNGError) -> [UInt8] {
    guard image.width > 0, image.height > 0, image.width < 1 << 20, image.height < 1 << 20 else {
      throw PNGError(reason: "cannot write an image of \(image.width) x \(image.height) pixels")
    }
    for text in texts { try check(text) }
    let packed = texts.flatMap { Array($0.key.utf8) + [0] + Array($0.value.utf8) + [0] }.map(CChar.init(bitPattern:))
    var file = minim_png()
    defer { minim_png_free(&file) }
    file.width = UInt32(image.width)
    file.height = UInt32(image.height)
    file.channels = Int32(image.channels)
    guard minim_png_encode(&file, image.pixels, packed, Int32(texts.count)) == 1 else { throw PNGError(file) }
    return Array(UnsafeBufferPointer(start: file.bytes, count: file.count))
  }

  /// Decodes the image and the texts of a file. Any kind of PNG becomes 8-bit gray or RGB; transparent pixels are
  /// blended with white.
  ///
  /// - Parameter maximumPixels: larger images are refused before memory is taken for them.
  package static func decode(
    _ bytes: [UInt8], maximumPixels: Int = 1 << 24
  ) throws(PNGError) -> (image: Image, texts: [Text]) {
    let (raster, texts) = try decode(bytes, maximumPixels: maximumPixels, keepsDepth: false)
    let image = Image(
      width: raster.width, height: raster.height, channels: raster.channels,
      // Of 8 bits, as they were asked for.
      pixels: raster.samples.map { UInt8(truncatingIfNeeded: $0) })
    return (image, texts)
  }

  /// Decodes the image of a file in its own units: 16 bits per channel stay what they are.
  package static func raster(_ bytes: [UInt8], maximumPixels: Int = 1 << 24) throws(PNGError) -> Raster {
    try decode(bytes, maximumPixels: maximumPixels, keepsDepth: true).raster
  }

  private static func decode(
    _ bytes: [UInt8], maximumPixels: Int, keepsDepth: Bool
  ) throws(PNGError) -> (raster: Raster, texts: [Text]) {
    try checkChunks(bytes)
    var file = minim_png()
    defer { minim_png_free(&file) }
    let isDecoded = minim_png_decode(&file, bytes, bytes.count, UInt64(max(0, maximumPixels)), keepsDepth ? 1 : 0)
    guard isDecoded == 1 else { throw PNGError(file) }
    let (width, height, channels) = (Int(file.width), Int(file.height), Int(file.channels))
    let count = width * height * channels
    let stored = UnsafeRawBufferPointer(start: file.pixels, count: count * Int(file.bits / 8))
    let samples =
      file.bits == 16
      ? (0..<count).map { stored.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self) } : stored.map { UInt16($0) }
    let raster = Raster(
      width: width, height: height, channels: channels, white: file.bits == 16 ? .max : 255, samples: samples)
    return (raster.blended, texts(UnsafeBufferPointer(start: file.text, count: file.textCount)))
  }

  /// Checks that every chunk ends within the file. libpng would first take, and clear, the memory that a chunk's length
  /// claims: one flipped bit there can cost a gigabyte and seconds.
  private static func checkChunks(_ bytes: [UInt8]) throws(PNGError) {
    guard bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) else {
      throw PNGError(reason: "it does not begin like a PNG file")
    }
    var start = 8
    while bytes.count - start >= 12 {
      let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      if bytes[start + 4..<start + 8].elementsEqual("IEND".utf8) && length == 0 { return }
      guard length <= bytes.count - start - 12 else { break }
      start += 12 + length
    }
    throw PNGError(reason: "the file ends too early")
  }

  /// Splits key, zero, value, zero, and so on; the characters are Latin-1.
  private static func texts(_ packed: UnsafeBufferPointer<CChar>) -> [Text] {
    let words = packed.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { word in
      String(String.UnicodeScalarView(word.map { Unicode.Scalar(UInt8(bitPattern: $0)) }))
    }
    return stride(from: 0, to: words.count - 1, by: 2).map { Text(key: words[$0], value: words[$0 + 1]) }
  }

  private static func check(_ text: Text) throws(PNGError) {
    let isPlain = (text.key + text.value).utf8.allSatisfy { (0x20..<0x7f).contains($0) || $0 == 0x0a }
    guard isPlain, !text.key.contains("\n"), (1...79).contains(text.key.utf8.count) else {
      throw PNGError(reason: "the text \"\(text.key)\" cannot be stored: ASCII, and a key of 1 to 79 characters")
    }
  }
}

/// A reason why an image cannot be read or written. Exit code 65, and 71 if there is not enough memory.
package struct PNGError: ReportedError, Equatable {
  package let reason: String

  /// libpng says by words alone that it lacks memory.
  package var exit: ExitStatus { reason.contains("memory") ? .noResources : .badData }
  package var description: String { "PNG: \(reason)" }

  init(reason: String) { self.reason = reason }

  init(_ file: minim_png) {
    reason = withUnsafeBytes(of: file.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
