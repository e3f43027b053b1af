/// A message of Protocol Buffers: the numbers of its fields and their values, in the order in which they are written.
package struct ProtobufMessage: Equatable, Sendable {
  /// The types of field values that are written here.
  package enum Value {
    case integer(Int)
    case double(Double)
    case float(Float)
    case text(String)
    case bytes([UInt8])
    case message(ProtobufMessage)
  }

  /// The message as it is stored.
  package private(set) var bytes: [UInt8] = []

  /// Creates a message of these fields; a repeated field has its number several times.
  package init(_ fields: (number: Int, value: Value)...) { self.init(fields) }

  /// Creates a message of these fields.
  package init(_ fields: [(number: Int, value: Value)]) {
    for field in fields { append(field.number, field.value) }
  }

  private mutating func append(_ number: Int, _ value: Value) {
    switch value {
    case .integer(let value):
      append(key: number, .varint)
      append(varint: UInt64(bitPattern: Int64(value)))
    case .double(let value):
      append(key: number, .eightBytes)
      bytes += value.bitPattern.littleEndianBytes
    case .float(let value):
      append(key: number, .fourBytes)
      bytes += value.bitPattern.littleEndianBytes
    case .text(let text): append(number, .bytes(Array(text.utf8)))
    case .message(let message): append(number, .bytes(message.bytes))
    case .bytes(let content):
      append(key: number, .counted)
      append(varint: UInt64(content.count))
      bytes += content
    }
  }

  /// The encoding of a field's value, so that a reader can skip what it does not know.
  private enum WireType: UInt64 {
    case varint = 0
    case eightBytes = 1
    case counted = 2
    case fourBytes = 5
  }

  private mutating func append(key number: Int, _ type: WireType) {
    append(varint: UInt64(number) << 3 | type.rawValue)
  }

  /// Appends seven bits per byte, the lowest first; the eighth bit says that more follow.
  private mutating func append(varint value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
