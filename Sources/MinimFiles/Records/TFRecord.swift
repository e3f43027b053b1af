/// Records of TensorFlow's files: a reader that finds half of one notices it, and waits for the rest.
///
/// Source: the comment on the format in TensorFlow's `record_writer.h`.
package enum TFRecord {
  /// A record around some bytes: their number, its checksum, the bytes, their checksum; all little-endian.
  package static func frame(_ data: [UInt8]) -> [UInt8] {
    let length = UInt64(data.count).littleEndianBytes
    return length + check(length).littleEndianBytes + data + check(data).littleEndianBytes
  }

  /// The checksum rotated by 15 bits with a constant added: a plain checksum of bytes that contain checksums is weak.
  package static func check(_ bytes: [UInt8]) -> UInt32 {
    let value = CRC32C.value(of: bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}

extension FixedWidthInteger {
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
