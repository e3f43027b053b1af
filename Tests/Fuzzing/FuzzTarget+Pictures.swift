import MinimFiles

extension FuzzTarget {
  /// A picture, as it is and with the checksums made right: otherwise no change would get past them.
  static let png = FuzzTarget("png") { bytes in
    let plain = Result { try check(picture: bytes) }
    if let repaired = withRightChecksums(bytes), repaired != bytes {
      do { try check(picture: repaired) } catch is PNGError {}  // It may be refused for what it holds.
    }
    try plain.get()
  }

  private static func check(picture bytes: [UInt8]) throws {
    let most = 1 << 16
    let raster = try PNG.raster(bytes, maximumPixels: most)
    try demand(raster.width * raster.height <= most, "a picture is no larger than allowed")
    try demand(
      raster.samples.count == raster.width * raster.height * raster.channels, "a picture has all of its samples")
    try demand(raster.gray.allSatisfy { (0...Float(raster.white)).contains($0) }, "no gray is whiter than white")
    let (image, _) = try PNG.decode(bytes, maximumPixels: most)
    try demand(try PNG.decode(PNG.encode(image)).image == image, "what is written reads as the same")
  }

  /// The file with the right checksum for each whole chunk; nil if it does not begin like a PNG file.
  private static func withRightChecksums(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) else { return nil }
    var file = bytes
    var start = 8
    while file.count - start >= 12 {
      let length = file[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= file.count - start - 12 else { break }
      let end = start + 8 + length
      let sum = crc32(file[start + 4..<end])
      for place in 0..<4 { file[end + place] = UInt8(truncatingIfNeeded: sum >> (24 - 8 * place)) }
      start = end + 4
    }
    return file
  }

  /// The CRC-32 of PNG chunks, bit by bit.
  private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var register: UInt32 = .max
    for byte in bytes {
      register ^= UInt32(byte)
      for _ in 0..<8 { register = register & 1 == 0 ? register >> 1 : (register >> 1) ^ 0xedb8_8320 }
    }
    return ~register
  }
}
