import MinimKernels
import Testing

@Suite struct SHA256Tests {
  @Test func knownAnswers() {
    // FIPS 180-4 and the examples that NIST publishes with it.
    #expect(SHA256.hexDigest(of: "") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(SHA256.hexDigest(of: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256.hexDigest(of: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      SHA256.hexDigest(of: String(repeating: "a", count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func piecesHashAsTheWhole() {
    let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var whole = SHA256()
    whole.update(bytes)
    for size in [1, 3, 55, 56, 63, 64, 65, 128, 200] {
      var pieces = SHA256()
      for start in stride(from: 0, to: 300, by: size) {
        pieces.update(bytes[start..<min(start + size, 300)])
        _ = pieces.digest  // asking does not change it
      }
      #expect(pieces.digest == whole.digest)
    }
    #expect(whole.digest.count == 32)
    #expect(SHA256.hexDigest(of: "abd") != SHA256.hexDigest(of: "abc"))
  }
}
