/// The 32-bit cyclic redundancy check of Castagnoli, reflected, as in iSCSI (RFC 3720, section 12.1).
package enum CRC32C {
  /// The checksum of some bytes.
  package static func value(of bytes: [UInt8]) -> UInt32 {
    var register = UInt32.max
    for byte in bytes { register = table[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ (register >> 8) }
    return ~register
  }

  /// The register after each value of the low byte.
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { register, _ in
      register & 1 == 0 ? register >> 1 : (register >> 1) ^ 0x82F6_3B78
    }
  }
}
