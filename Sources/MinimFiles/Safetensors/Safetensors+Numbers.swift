extension Safetensors.Tensor {
  /// Creates a tensor of 32-bit numbers.
  package init(name: String, shape: [Int], _ values: [Float]) {
    self.init(name: name, type: .float32, shape: shape, bytes: Self.bytes(values.map(\.bitPattern)))
  }

  /// Creates a tensor of 64-bit numbers.
  package init(name: String, shape: [Int], _ values: [Double]) {
    self.init(name: name, type: .float64, shape: shape, bytes: Self.bytes(values.map(\.bitPattern)))
  }

  /// Creates a tensor of 64-bit integers.
  package init(name: String, shape: [Int], _ values: [Int64]) {
    self.init(name: name, type: .int64, shape: shape, bytes: Self.bytes(values))
  }

  /// The numbers, if they are of type F32; to the bit, including NaN.
  package var float32: [Float]? {
    type == .float32 ? Self.integers(bytes, of: UInt32.self).map(Float.init(bitPattern:)) : nil
  }

  /// The numbers, if they are of type F64; to the bit.
  package var float64: [Double]? {
    type == .float64 ? Self.integers(bytes, of: UInt64.self).map(Double.init(bitPattern:)) : nil
  }

  /// The numbers, if they are of type I64.
  package var int64: [Int64]? { type == .int64 ? Self.integers(bytes, of: Int64.self) : nil }

  private static func bytes<Integer: FixedWidthInteger>(_ values: [Integer]) -> [UInt8] {
    values.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }

  private static func integers<Integer: FixedWidthInteger>(_ bytes: [UInt8], of: Integer.Type) -> [Integer] {
    let size = MemoryLayout<Integer>.size
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / size).map {
        Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: Integer.self))
      }
    }
  }
}
