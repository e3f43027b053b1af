import MinimFiles
import Testing

@Suite struct CRC64Tests {
  /// The check value of the catalog of parametrized CRC algorithms for CRC-64/XZ.
  @Test func knownAnswer() {
    var check = CRC64()
    #expect(check.value == 0)
    check.update("12345".utf8)
    check.update("6789".utf8)
    #expect(check.value == 0x995D_C9BB_DF19_39FA)
  }
}
