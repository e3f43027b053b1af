import MinimDrawing

/// Event files as TensorBoard understands them, read without anything of what writes them.
package struct EventReader {
  /// Why a file is none, or is damaged.
  package enum Fault: Error, Equatable { case truncated, checksum, field(Int), text }

  /// What an event says.
  package struct Event {
    package var time = 0.0
    package var step = 0
    package var version: String?
    package var startsSession = false
    package var values: [Value] = []
  }

  /// A metric or a picture of an event.
  package struct Value {
    package var tag = ""
    package var float: Float?
    package var double: Double?
    package var plugin: String?
    package var picture: Picture?
  }

  package struct Picture: Equatable {
    package var height: Int, width: Int, channels: Int
    package var png: [UInt8]

    package init(height: Int = 0, width: Int = 0, channels: Int = 0, png: [UInt8] = []) {
      (self.height, self.width, self.channels, self.png) = (height, width, channels, png)
    }
  }

  /// The events of a file.
  package static func events(_ file: [UInt8]) throws -> [Event] { try records(file).map(event) }

  /// A line for each metric and picture of a file, with all but its time; sorted.
  package static func lines(_ file: [UInt8]) throws -> [String] {
    try events(file).flatMap { event in
      event.values.map { value in
        let bits = value.float.map { "float \($0.bitPattern)" } ?? value.double.map { "double \($0.bitPattern)" }
        let picture = value.picture.map { "\($0.width)x\($0.height)x\($0.channels) of check \(check($0.png))" }
        return "\(event.step) \(value.tag) \(bits ?? picture ?? "nothing")"
      }
    }.sorted()
  }

  /// The contents of the records of a file; both checksums of each must be right.
  package static func records(_ file: [UInt8]) throws -> [[UInt8]] {
    var (rest, records) = (file[...], [[UInt8]]())
    while !rest.isEmpty {
      let count = try take(8, &rest)
      guard try number(take(4, &rest)) == UInt64(check(count)) else { throw Fault.checksum }
      let data = try take(Int(number(count)), &rest)
      guard try number(take(4, &rest)) == UInt64(check(data)) else { throw Fault.checksum }
      records.append(data)
    }
    return records
  }

  private static func event(_ bytes: [UInt8]) throws -> Event {
    var event = Event()
    for field in try fields(bytes) {
      switch field.number {
      case 1: event.time = Double(bitPattern: field.value)
      case 2: event.step = Int(Int64(bitPattern: field.value))
      case 3: event.version = try text(field.bytes)
      case 5: event.values = try fields(field.bytes).map { try value($0.bytes) }
      case 7: event.startsSession = try fields(field.bytes).contains { $0.number == 1 && $0.value == 1 }
      default: throw Fault.field(field.number)
      }
    }
    return event
  }

  private static func value(_ bytes: [UInt8]) throws -> Value {
    var value = Value()
    for field in try fields(bytes) {
      switch field.number {
      case 1: value.tag = try text(field.bytes)
      case 2: value.float = Float(bitPattern: UInt32(field.value))
      case 4: value.picture = try picture(field.bytes)
      case 8: value.double = try fields(field.bytes).first { $0.number == 6 }.map { Double(bitPattern: $0.value) }
      case 9:
        let plugin = try fields(field.bytes).first { $0.number == 1 }
        value.plugin = try plugin.flatMap { try fields($0.bytes).first }.map { try text($0.bytes) }
      default: throw Fault.field(field.number)
      }
    }
    return value
  }

  private static func picture(_ bytes: [UInt8]) throws -> Picture {
    var picture = Picture()
    for field in try fields(bytes) {
      switch field.number {
      case 1: picture.height = Int(field.value)
      case 2: picture.width = Int(field.value)
      case 3: picture.channels = Int(field.value)
      default: picture.png = field.bytes
      }
    }
    return picture
  }

  // MARK: - Protocol Buffers

  /// A number, or bytes, by the kind of the field.
  private static func fields(_ message: [UInt8]) throws -> [(number: Int, value: UInt64, bytes: [UInt8])] {
    var (rest, fields) = (message[...], [(number: Int, value: UInt64, bytes: [UInt8])]())
    while !rest.isEmpty {
      let key = try varint(&rest)
      let number = Int(key / 8)
      switch key % 8 {
      case 0: fields.append((number, try varint(&rest), []))
      case 1: fields.append((number, Self.number(try take(8, &rest)), []))
      case 2: fields.append((number, 0, try take(Int(varint(&rest)), &rest)))
      case 5: fields.append((number, Self.number(try take(4, &rest)), []))
      default: throw Fault.field(number)
      }
    }
    return fields
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws -> UInt64 {
    var (value, shift) = (UInt64(0), UInt64(0))
    while true {
      let byte = try take(1, &rest)[0]
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
  }

  private static func text(_ bytes: [UInt8]) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else { throw Fault.text }
    return text
  }

  // MARK: - Bytes

  private static func take(_ count: Int, _ rest: inout ArraySlice<UInt8>) throws -> [UInt8] {
    guard count <= rest.count else { throw Fault.truncated }
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }

  private static func number(_ bytes: [UInt8]) -> UInt64 { bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

  /// The masked CRC-32C, bit by bit.
  private static func check(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xffff_ffff
    for byte in bytes {
      for bit in 0..<8 {
        let isOdd = (crc ^ UInt32(byte >> bit)) & 1 == 1
        crc = crc >> 1 ^ (isOdd ? 0x82f6_3b78 : 0)
      }
    }
    crc = ~crc
    return (crc >> 15 | crc << 17) &+ 0xa282_ead8
  }
}
