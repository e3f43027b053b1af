/// The format of one number in a file.
enum NumberType: Sendable, CaseIterable {
  /// A byte; any value but 0 is read as 1, as NumPy does.
  case bool
  case uint8
  case int8
  case uint16
  case int16
  case uint32
  case int32
  case uint64
  case int64
  case float16
  case float32
  case float64

  /// Bytes per number.
  var size: Int {
    switch self {
    case .bool, .uint8, .int8: 1
    case .uint16, .int16, .float16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    }
  }

  /// The numbers in `bytes`, each rounded to the nearest Float: whole numbers are exact up to 2^24. A double that is
  /// too large becomes infinite. Trailing bytes that do not fill a number are left out.
  func decode(_ bytes: ArraySlice<UInt8>, bigEndian: Bool) -> [Float] {
    switch self {
    case .bool: Self.map(bytes, UInt8.self, bigEndian) { $0 == 0 ? 0 : 1 }
    case .uint8: Self.map(bytes, UInt8.self, bigEndian) { Float($0) }
    case .int8: Self.map(bytes, Int8.self, bigEndian) { Float($0) }
    case .uint16: Self.map(bytes, UInt16.self, bigEndian) { Float($0) }
    case .int16: Self.map(bytes, Int16.self, bigEndian) { Float($0) }
    case .uint32: Self.map(bytes, UInt32.self, bigEndian) { Float($0) }
    case .int32: Self.map(bytes, Int32.self, bigEndian) { Float($0) }
    case .uint64: Self.map(bytes, UInt64.self, bigEndian) { Float($0) }
    case .int64: Self.map(bytes, Int64.self, bigEndian) { Float($0) }
    case .float16: Self.map(bytes, UInt16.self, bigEndian) { Self.value(half: $0) }
    case .float32: Self.map(bytes, UInt32.self, bigEndian) { Float(bitPattern: $0) }
    case .float64: Self.map(bytes, UInt64.self, bigEndian) { Float(Double(bitPattern: $0)) }
    }
  }

  /// The number that 16 bits stand for (IEEE 754, binary16), exactly: Float has all of them.
  private static func value(half bits: UInt16) -> Float {
    let (exponent, fraction) = (Int(bits >> 10 & 31), UInt32(bits & 1023))
    let magnitude: Float
    switch exponent {
    case 0: magnitude = Float(fraction) * 0x1p-24
    case 31: magnitude = fraction == 0 ? .infinity : .nan
    default: magnitude = Float(bitPattern: UInt32(exponent + 112) << 23 | fraction << 13)
    }
    return bits >> 15 == 0 ? magnitude : -magnitude
  }

  private static func map<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: ArraySlice<UInt8>, _: Word.Type, _ bigEndian: Bool, _ value: (Word) -> Float
  ) -> [Float] {
    let size = MemoryLayout<Word>.size
    let count = bytes.count / size
    return bytes.withUnsafeBytes { source in
      [Float](unsafeUninitializedCapacity: count) { values, initialized in
        for index in 0..<count {
          let word = source.loadUnaligned(fromByteOffset: index * size, as: Word.self)
          values.initializeElement(at: index, to: value(bigEndian ? Word(bigEndian: word) : Word(littleEndian: word)))
        }
        initialized = count
      }
    }
  }
}
