import MinimFiles
import Testing

@Suite struct ProtobufMessageTests {
  /// By hand from the description of the encoding: a key is the number of the field times 8 and the kind of its value, 0 for
  /// a varint, 1 for eight bytes, 2 for counted bytes, 5 for four.
  @Test func everyKindOfField() {
    func bytes(_ number: Int, _ value: ProtobufMessage.Value) -> [UInt8] { ProtobufMessage((number, value)).bytes }
    #expect(bytes(1, .integer(0)) == [0x08, 0])
    #expect(bytes(1, .integer(127)) == [0x08, 0x7f])
    #expect(bytes(1, .integer(128)) == [0x08, 0x80, 0x01])
    #expect(bytes(1, .integer(300)) == [0x08, 0xac, 0x02])
    #expect(bytes(1, .integer(-1)) == [0x08] + [UInt8](repeating: 0xff, count: 9) + [0x01])
    #expect(bytes(2, .double(1)) == [0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f])
    #expect(bytes(2, .float(1)) == [0x15, 0, 0, 0x80, 0x3f])
    #expect(bytes(3, .text("µ")) == [0x1a, 2, 0xc2, 0xb5])
    #expect(bytes(4, .bytes([])) == [0x22, 0])
    #expect(bytes(16, .bytes([9])) == [0x82, 0x01, 1, 9])
    #expect(bytes(5, .message(ProtobufMessage((1, .integer(2))))) == [0x2a, 2, 0x08, 2])
    #expect(bytes(6, .bytes([UInt8](repeating: 1, count: 200))).prefix(4) == [0x32, 0xc8, 0x01, 1])
  }

  @Test func fieldsFollowOneAnother() {
    let message = ProtobufMessage((2, .integer(1)), (1, .text("a")), (2, .integer(3)))
    #expect(message.bytes == [0x10, 1, 0x0a, 1, 0x61, 0x10, 3])
    #expect(ProtobufMessage().bytes == [])
  }
}
