/// The 64-bit cyclic redundancy check of ECMA-182, reflected (CRC-64/XZ): it finds every flipped bit and every burst
/// of up to 64 bits.
package struct CRC64: Sendable {
  private var register: UInt64 = .max

  package init() {}

  /// The checksum of everything fed so far.
  package var value: UInt64 { ~register }

  /// Feeds more bytes.
  package mutating func update(_ bytes: some Collection<UInt8>) {
    var register = register
    for byte in bytes {
      register = Self.table[Int(UInt8(truncatingIfNeeded: register) ^ byte)] ^ (register >> 8)
    }
    self.register = register
  }

  /// The register after each value of the low byte.
  private static let table: [UInt64] = (0..<256).map { index in
    (0..<8).reduce(UInt64(index)) { register, _ in
      register & 1 == 0 ? register >> 1 : (register >> 1) ^ 0xC96C_5795_D787_0F42
    }
  }
}
