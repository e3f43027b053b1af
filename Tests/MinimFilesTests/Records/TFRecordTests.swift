import MinimFiles
import TestSupport
import Testing

@Suite struct TFRecordTests {
  /// The check of 32 zeros, 0x8a9136aa, turned right by 15 bits is 0x6d551522; and 0xa282ead8 more is 0x0fd7fffa.
  @Test func maskedCheck() { #expect(TFRecord.check([UInt8](repeating: 0, count: 32)) == 0x0fd7_fffa) }

  @Test func recordsFollowOneAnother() throws {
    let contents = [[], [7], Array("minim".utf8), [UInt8](repeating: 0xff, count: 1000)]
    let file = contents.flatMap(TFRecord.frame)
    #expect(file.count == contents.reduce(0) { $0 + $1.count + 16 })
    #expect(Array(TFRecord.frame([7])[0..<8]) == [1, 0, 0, 0, 0, 0, 0, 0])
    #expect(try EventReader.records(file) == contents)
  }

  /// A file that is cut within a record is seen to be, and so is a record with a wrong bit.
  @Test func damage() throws {
    let file = TFRecord.frame(Array("first".utf8)) + TFRecord.frame(Array("second".utf8))
    let end = 21
    for count in 1..<file.count where count != end {
      #expect(throws: EventReader.Fault.truncated) { try EventReader.records(Array(file.prefix(count))) }
    }
    #expect(try EventReader.records(Array(file.prefix(end))) == [Array("first".utf8)])
    for bit in 0..<file.count * 8 {
      var flipped = file
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: EventReader.Fault.checksum) { try EventReader.records(flipped) }
    }
  }
}
