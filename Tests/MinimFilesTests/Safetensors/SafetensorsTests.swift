import MinimFiles
import TestSupport
import Testing

@Suite struct SafetensorsTests {
  typealias Tensor = Safetensors.Tensor

  static let example = Safetensors(
    metadata: [.init(key: "step", value: "1000"), .init(key: "quoted \"key\"\n", value: "\u{1F600}\u{0}")],
    tensors: [
      Tensor(
        name: "parameters/conv.weight", shape: [2, 3], [1, -0.0, .pi, .infinity, .leastNonzeroMagnitude, -7] as [Float]),
      Tensor(name: "optimizer/m/conv.weight", shape: [], [Double(bitPattern: 0x7ff8_0000_dead_beef)]),
      Tensor(name: "counts", shape: [3], [.min, -1, .max] as [Int64]),
      Tensor(name: "empty", shape: [0, 5], [] as [Float]),
      Tensor(name: "bytes", type: .uint8, shape: [3], bytes: [0, 128, 255]),
    ])

  @Test func roundTripToTheBit() throws {
    for checksum in [true, false] {
      let bytes = try Self.example.encoded(checksum: checksum)
      let read = try Safetensors(bytes, file: "f", requiringChecksum: checksum)
      #expect(read == Self.example)
      #expect(try read.encoded(checksum: checksum) == bytes)
    }
    #expect(Self.example["counts"]?.int64 == [.min, -1, .max])
    #expect(Self.example["parameters/conv.weight"]?.float32?.map(\.bitPattern)[1] == 0x8000_0000)
    #expect(Self.example["optimizer/m/conv.weight"]?.float64?[0].bitPattern == 0x7ff8_0000_dead_beef)
    #expect(Self.example["counts"]?.float32 == nil && Self.example["none"] == nil)
    #expect(try Safetensors([UInt8](repeating: 0, count: 0) + Safetensors().encoded(), file: "f") == Safetensors())
  }

  @Test func roundTripThroughAFile() throws {
    let folder = try TemporaryFolder()
    try Self.example.write(to: folder["a.safetensors"])
    #expect(try Safetensors(contentsOf: folder["a.safetensors"], requiringChecksum: true) == Self.example)
    #expect(throws: FileError.self) { try Safetensors(contentsOf: folder["b"]) }
  }

  /// The layout, written out by hand from the format's description.
  @Test func byteLayout() throws {
    let file = Safetensors(
      metadata: [.init(key: "a", value: "b")], tensors: [Tensor(name: "w", shape: [1, 2], [1, 2] as [Float])])
    let json = #"{"__metadata__":{"a":"b"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#
    let header = json + String(repeating: " ", count: 120 - json.utf8.count)
    let expected: [UInt8] = [120, 0, 0, 0, 0, 0, 0, 0] + header.utf8 + [0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]
    #expect(try file.encoded(checksum: false) == expected)
  }

  @Test func refusesToWriteWhatItWouldNotRead() {
    let one = Tensor(name: "a", shape: [1], [1] as [Float])
    let wrong: [Safetensors] = [
      Safetensors(tensors: [one, one]),
      Safetensors(tensors: [Tensor(name: "a", shape: [2], [1] as [Float])]),
      Safetensors(tensors: [Tensor(name: "a", shape: [-1, -1], [1] as [Float])]),
      Safetensors(tensors: [Tensor(name: "__metadata__", shape: [1], [1] as [Float])]),
      Safetensors(metadata: [.init(key: "a", value: "1"), .init(key: "a", value: "2")]),
    ]
    for file in wrong { #expect(throws: SafetensorsError.self) { try file.encoded() } }
  }

  /// A file with this header and so many zero bytes behind it.
  static func file(_ header: String, data: Int = 0, length: UInt64? = nil) -> [UInt8] {
    let length = length ?? UInt64(header.utf8.count)
    return (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) } + header.utf8
      + [UInt8](repeating: 0, count: data)
  }

  static func tensor(_ dtype: String, _ shape: String, _ offsets: String, data: Int = 4) -> [UInt8] {
    file("{\"a\":{\"dtype\":\(dtype),\"shape\":\(shape),\"data_offsets\":\(offsets)}}", data: data)
  }

  static func two(_ first: String, _ second: String, data: Int, names: (String, String) = ("a", "b")) -> [UInt8] {
    func entry(_ name: String, _ offsets: String) -> String {
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":\(offsets)}"
    }
    return file("{\(entry(names.0, first)),\(entry(names.1, second))}", data: data)
  }

  static let hostile: [(what: String, words: String, bytes: [UInt8])] = [
    ("nothing", "0 bytes", []),
    ("half a length", "3 bytes", [1, 0, 0]),
    ("empty header", "does not begin with {", file("")),
    ("huge header", "18446744073709551615 bytes; at most", file("{}", length: .max)),
    ("negative header", "9223372036854775808 bytes; at most", file("{}", length: 1 << 63)),
    ("header over 100 MB", "100000001 bytes; at most", file("{}", length: 100_000_001)),
    ("header over the file", "3 bytes in a file of 10", file("{}", length: 3)),
    ("header cut in the middle", "header 1:2 expected", file("{}", length: 1)),
    ("not JSON", "header 1:2 expected a key", file("{nonsense}")),
    ("array", "does not begin with {", file("[]")),
    ("leading space", "does not begin with {", file(" {}")),
    ("number", "does not begin with {", file("1")),
    ("garbage behind the header", "expected the end of the text", file("{}x")),
    ("trailing byte", "1 bytes follow the last tensor", file("{}", data: 1)),
    ("invalid UTF-8", "header 1:2 expected", file("{") + [0xff]),
    (
      "invalid UTF-8 name", "invalid UTF-8",
      [9, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x7b, 0x7d, 0x7d]
    ),
    ("zero byte in the padding", "expected the end of the text", file("{}\u{0}")),
    ("unknown dtype", "has dtype Q7", tensor("\"Q7\"", "[1]", "[0,4]")),
    ("half precision, which is not ours", "has dtype F16; known are F32", tensor("\"F16\"", "[2]", "[0,4]")),
    ("dtype a number", "dtype that is not a string", tensor("32", "[1]", "[0,4]")),
    ("dtype in small letters", "has dtype f32", tensor("\"f32\"", "[1]", "[0,4]")),
    (
      "shape overflow", "the shape of a is too large", tensor("\"F32\"", "[9007199254740992,9007199254740992]", "[0,4]")
    ),
    (
      "shape overflow to zero", "the shape of a is too large",
      tensor("\"F32\"", "[4294967296,4294967296,4]", "[0,0]", data: 0)
    ),
    ("negative shape", "not a list of sizes", tensor("\"F32\"", "[-1]", "[0,4]")),
    ("two negative axes", "not a list of sizes", tensor("\"F32\"", "[-1,-1]", "[0,4]")),
    ("fractional shape", "not a list of sizes", tensor("\"F32\"", "[1.5]", "[0,4]")),
    ("exponent in the shape", "not a list of sizes", tensor("\"F32\"", "[1e0]", "[0,4]")),
    ("shape a string", "the shape of a is not an array", tensor("\"F32\"", "\"1\"", "[0,4]")),
    ("shape nested", "not a list of sizes", tensor("\"F32\"", "[[1]]", "[0,4]")),
    (
      "shape deeper than any stack", "nested deeper than 64",
      tensor("\"F32\"", String(repeating: "[", count: 100_000), "[0,4]")
    ),
    ("integer beyond 2^53", "2^53", tensor("\"F32\"", "[18446744073709551616]", "[0,4]")),
    ("one offset", "1 data_offsets, not 2", tensor("\"F32\"", "[1]", "[0]")),
    ("three offsets", "3 data_offsets, not 2", tensor("\"F32\"", "[1]", "[0,4,4]")),
    ("offsets backward", "begins at 4", tensor("\"F32\"", "[1]", "[4,0]")),
    ("offsets negative", "not a list of sizes", tensor("\"F32\"", "[1]", "[-4,0]")),
    ("offsets huge", "bytes after the end of the file", tensor("\"U8\"", "[9007199254740992]", "[0,9007199254740992]")),
    ("offsets too short", "has 4 bytes, its shape and dtype need 8", tensor("\"F32\"", "[2]", "[0,4]")),
    ("offsets too long", "has 8 bytes, its shape and dtype need 4", tensor("\"F32\"", "[1]", "[0,8]", data: 8)),
    ("offsets behind the file", "4 bytes after the end", tensor("\"F32\"", "[2]", "[0,8]")),
    ("begins late", "begins at 4, the tensors before it end at 0", tensor("\"F32\"", "[1]", "[4,8]", data: 8)),
    ("bytes left over", "1 bytes follow the last tensor", tensor("\"F32\"", "[1]", "[0,4]", data: 5)),
    ("gap", "b begins at 8, the tensors before it end at 4", two("[0,4]", "[8,12]", data: 12)),
    ("overlap", "b begins at 2, the tensors before it end at 4", two("[0,4]", "[2,6]", data: 6)),
    ("shared bytes", "b begins at 0", two("[0,4]", "[0,4]", data: 4)),
    ("out of order", "a begins at 4", two("[4,8]", "[0,4]", data: 8)),
    ("duplicate names", "duplicate key", two("[0,4]", "[4,8]", data: 8, names: ("a", "a"))),
    ("duplicate names, one escaped", "duplicate key", two("[0,4]", "[4,8]", data: 8, names: ("a", "\\u0061"))),
    ("missing dtype", "is not an object of dtype", file("{\"a\":{\"shape\":[1],\"data_offsets\":[0,4]}}", data: 4)),
    (
      "one key more", "is not an object of dtype",
      file("{\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],\"x\":1}}")
    ),
    ("tensor a number", "is not an object of dtype", file("{\"a\":1}")),
    ("metadata a number", "__metadata__ is not an object", file("{\"__metadata__\":1}")),
    ("metadata of numbers", "metadata a is not a string", file("{\"__metadata__\":{\"a\":1}}")),
    ("metadata twice", "duplicate key", file("{\"__metadata__\":{},\"__metadata__\":{}}")),
    (
      "wrong checksum", "does not agree with its checksum",
      file("{\"__metadata__\":{\"checksum\":\"0000000000000000\"}}")
    ),
  ]

  @Test func refusesHostileFiles() {
    #expect(Self.hostile.count >= 50)
    Reliability.record(10, "safetensors files", Self.hostile.count)
    for (what, words, bytes) in Self.hostile {
      do {
        _ = try Safetensors(bytes, file: "hostile.safetensors")
        Issue.record("accepted: \(what)")
      } catch {
        #expect(error.exit == .badData && error.description.hasPrefix("hostile.safetensors: "))
        #expect(error.reason.contains(words), "\(what): \(error.reason)")
      }
    }
    // The controls: the same makers with nothing wrong.
    #expect(throws: Never.self) { try Safetensors(Self.tensor("\"F32\"", "[1]", "[0,4]"), file: "f") }
    #expect(throws: Never.self) { try Safetensors(Self.two("[0,4]", "[4,8]", data: 8), file: "f") }
    #expect(throws: Never.self) { try Safetensors(Self.file("{}   "), file: "f") }
  }

  @Test func refusesAFileCutAtAnyByte() throws {
    let bytes = try Self.example.encoded()
    for count in 0..<bytes.count {
      #expect(throws: SafetensorsError.self) { try Safetensors(Array(bytes[..<count]), file: "f") }
    }
  }

  @Test func noticesEveryFlippedBit() throws {
    let bytes = try Self.example.encoded()
    for bit in 0..<8 * bytes.count {
      var damaged = bytes
      damaged[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: SafetensorsError.self) { try Safetensors(damaged, file: "f", requiringChecksum: true) }
    }
  }
}
