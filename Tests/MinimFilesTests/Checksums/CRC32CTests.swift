import MinimFiles
import Testing

@Suite struct CRC32CTests {
  /// An iSCSI command that reads, of RFC 3720.
  private static let read: [UInt8] = [
    0x01, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18, 0x28, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
  ]

  /// RFC 3720, B.4, which shows the bytes of each check as they are sent, the lowest first.
  @Test func knownAnswers() {
    #expect(CRC32C.value(of: [UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CRC32C.value(of: [UInt8](repeating: 0xff, count: 32)) == 0x62a8_ab43)
    #expect(CRC32C.value(of: Array(0..<32)) == 0x46dd_794e)
    #expect(CRC32C.value(of: (0..<32).reversed()) == 0x113f_db5c)
    #expect(CRC32C.value(of: Self.read) == 0xd996_3a56)
  }

  /// The check value of the catalog of parametrized CRC algorithms for CRC-32/ISCSI, and that of nothing.
  @Test func catalog() {
    #expect(CRC32C.value(of: Array("123456789".utf8)) == 0xe306_9283)
    #expect(CRC32C.value(of: []) == 0)
  }

  @Test func anyFlippedBitIsSeen() {
    let bytes = (0..<64).map { UInt8(truncatingIfNeeded: $0 * 37) }
    for bit in 0..<512 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(CRC32C.value(of: flipped) != CRC32C.value(of: bytes))
    }
  }
}
