/// Named tensors in the safetensors format: eight bytes with the length of a JSON header, the header, the numbers.
///
/// Format: github.com/huggingface/safetensors, whose Python package can read files made here. This reader is stricter
/// than the format: it takes nothing that it would not write, down to spaces and the order of an entry's keys, since a
/// checkpoint that is almost right is wrong.
package struct Safetensors: Equatable, Sendable {
  /// The encoding of one number; always little-endian.
  package enum ElementType: String, Sendable, CaseIterable {
    case float32 = "F32"
    case float64 = "F64"
    case int64 = "I64"
    case uint8 = "U8"

    /// Bytes per number.
    package var size: Int {
      switch self {
      case .float32: 4
      case .float64, .int64: 8
      case .uint8: 1
      }
    }
  }

  /// A named array of numbers.
  package struct Tensor: Equatable, Sendable {
    package let name: String
    package let type: ElementType
    /// Sizes of the axes, the last one varying fastest; empty for a single number.
    package let shape: [Int]
    /// The numbers in little-endian order.
    package let bytes: [UInt8]

    package init(name: String, type: ElementType, shape: [Int], bytes: [UInt8]) {
      self.name = name
      self.type = type
      self.shape = shape
      self.bytes = bytes
    }
  }

  /// A key and a value about the whole file; the format has only strings.
  package struct Metadatum: Equatable, Sendable {
    package let key: String
    package let value: String

    package init(key: String, value: String) {
      self.key = key
      self.value = value
    }
  }

  /// Texts about the whole file, in order.
  package var metadata: [Metadatum]
  /// The tensors, in the order of their numbers in the file.
  package var tensors: [Tensor]

  package init(metadata: [Metadatum] = [], tensors: [Tensor] = []) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// The value of a key in the metadata.
  package func metadatum(_ key: String) -> String? { metadata.first { $0.key == key }?.value }

  /// The tensor with a name.
  package subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  static let metadataKey = "__metadata__"
  static let checksumKey = "checksum"
  /// The alignment of the numbers (the format asks for 8): a reader may map the file and load whole lanes.
  static let alignment = 64
  /// The largest header. The format allows 100 MB; this holds 40,000 tensors and limits the cost of a hostile file.
  package static let maximumHeader = 4 << 20

  /// Bytes of a tensor; nil if they cannot be counted in an Int, or if an axis is negative.
  static func byteCount(_ shape: [Int], _ type: ElementType) -> Int? {
    var count = type.size
    for axis in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: axis)
      if overflow || axis < 0 { return nil }
      count = product
    }
    return count
  }
}

/// A reason why bytes are not the expected safetensors file. Exit code 65.
package struct SafetensorsError: ReportedError, Equatable {
  /// The file.
  package let file: String
  /// The reason, for people.
  package let reason: String

  package var exit: ExitStatus { .badData }
  package var description: String { "\(file): not a valid safetensors file: \(reason)" }
}
