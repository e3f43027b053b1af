/// Writes PNG files for tests, right ones and wrong ones: every chunk and every field of the header can be something else.
struct PNGWriter {
  var width = 2, height = 2
  var (depth, color): (UInt8, UInt8) = (8, 0)
  var (compression, filter, interlace): (UInt8, UInt8, UInt8) = (0, 0, 0)
  /// The content of the image: for each row its filter and its bytes.
  var rows: [UInt8] = [0, 1, 2, 0, 3, 4]
  /// The bytes of the image's only chunk; nil for the rows, stored.
  var packed: [UInt8]?
  /// The chunks between the header and the image, and behind the image.
  var (before, after): ([UInt8], [UInt8]) = ([], [])
  /// The chunks instead of the header, of the image and of the end; nil for the right ones.
  var header: [UInt8]?, image: [UInt8]?, end: [UInt8]?

  init(_ change: (inout PNGWriter) -> Void = { _ in }) { change(&self) }

  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  var bytes: [UInt8] {
    let header = header ?? Self.chunk("IHDR", fields)
    let image = image ?? Self.chunk("IDAT", packed ?? Self.zlib(rows))
    return Self.signature + header + before + image + after + (end ?? Self.chunk("IEND", []))
  }

  /// The content of the header.
  var fields: [UInt8] { big(width, 4) + big(height, 4) + [depth, color, compression, filter, interlace] }

  /// A chunk.
  ///
  /// - Parameters:
  ///   - length: the length that it claims; nil for the right one.
  ///   - flips: the bits of its checksum that are wrong.
  static func chunk(_ type: String, _ data: [UInt8], length: Int? = nil, flips: UInt32 = 0) -> [UInt8] {
    let content = Array(type.utf8) + data
    return big(length ?? data.count, 4) + content + big(checksum(content) ^ flips, 4)
  }

  /// A zlib stream (RFC 1950).
  ///
  /// - Parameter deflated: a deflate stream of `content`; nil for blocks that are stored as they are.
  static func zlib(_ content: [UInt8], deflated: [UInt8]? = nil) -> [UInt8] {
    var (first, second): (UInt32, UInt32) = (1, 0)  // Adler-32
    for byte in content {
      first = (first + UInt32(byte)) % 65521
      second = (second + first) % 65521
    }
    return [0x78, 0x01] + (deflated ?? deflateStored(content)) + big(second << 16 | first, 4)
  }
}
