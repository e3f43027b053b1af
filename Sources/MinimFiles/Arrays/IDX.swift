/// Arrays in the format of the MNIST files: two zeros, a type, the number of axes, their sizes, the numbers, all
/// big-endian. Format: yann.lecun.com/exdb/mnist.
package enum IDX {
  /// The array in the bytes of a file, which may be compressed by gzip.
  ///
  /// - Parameter file: the name for errors.
  package static func decode(_ bytes: [UInt8], file: String) throws(DataFileError) -> NumericArray {
    if bytes.starts(with: gzipMagic) { return try decodePlain(inflate(bytes, file: file), file: file) }
    return try decodePlain(bytes, file: file)
  }

  /// The first bytes of a file compressed by gzip.
  static let gzipMagic: [UInt8] = [0x1f, 0x8b]

  /// Whether bytes begin like a file of this format.
  static func begins(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && types[bytes[2]] != nil
  }

  private static let types: [UInt8: NumberType] = [
    0x08: .uint8, 0x09: .int8, 0x0b: .int16, 0x0c: .int32, 0x0d: .float32, 0x0e: .float64,
  ]

  private struct Header {
    let type: NumberType
    let shape: [Int]
    /// The number of elements of the array.
    let count: Int
    /// The size of the header in bytes.
    let size: Int
  }

  private static func decodePlain(_ bytes: [UInt8], file: String) throws(DataFileError) -> NumericArray {
    let header = try header(bytes, file: file)
    try DataLimits.check(header.count, of: header.type, from: header.size, fileBytes: bytes.count, file: file)
    return try NumericArray(
      bytes[header.size...], type: header.type, bigEndian: true, shape: header.shape, file: file)
  }

  private static func header(_ bytes: [UInt8], file: String) throws(DataFileError) -> Header {
    guard bytes.count >= 4 else { throw DataFileError(file: file, reason: "it is cut short: no IDX header") }
    guard bytes[0] == 0, bytes[1] == 0 else {
      throw DataFileError(file: file, reason: "it does not begin like an IDX file, with two zero bytes")
    }
    guard let type = types[bytes[2]] else {
      throw DataFileError(
        file: file, reason: "IDX has no number type \(bytes[2]); expected 8, 9, 11, 12, 13 or 14")
    }
    let rank = Int(bytes[3])
    guard (1...DataLimits.rank).contains(rank) else {
      throw DataFileError(file: file, reason: "the array has \(rank) axes; 1 to \(DataLimits.rank) are read")
    }
    let size = 4 + 4 * rank
    guard bytes.count >= size else {
      throw DataFileError(file: file, reason: "it is cut short: the sizes of \(rank) axes are not all there")
    }
    let shape = stride(from: 4, to: size, by: 4).map { start in
      bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    return Header(type: type, shape: shape, count: try DataLimits.count(of: shape, file: file), size: size)
  }

  /// The content of a compressed file. A gzip file does not reliably state the size of its content, but the header of
  /// the array, which comes out first, does.
  private static func inflate(_ bytes: [UInt8], file: String) throws(DataFileError) -> [UInt8] {
    let start = try Inflate.named(file) { () throws(Inflate.Failure) in
      try Inflate.prefix(bytes[...], .gzip, count: 4 + 4 * DataLimits.rank)
    }
    let header = try header(start, file: file)
    return try Inflate.named(file) { () throws(Inflate.Failure) in
      try Inflate.all(bytes[...], .gzip, size: header.size + header.count * header.type.size)
    }
  }
}
