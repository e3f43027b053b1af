extension Safetensors {
  /// The bytes of the file.
  ///
  /// - Parameter checksum: whether to add an entry "checksum" to the metadata: the CRC-64 of the file without that
  ///   entry, so that a reader notices a flipped bit anywhere. An entry of that name in ``metadata`` is replaced.
  package func encoded(checksum: Bool = true) throws(SafetensorsError) -> [UInt8] {
    var plain = self
    plain.metadata.removeAll { $0.key == Self.checksumKey }
    guard checksum else { return try plain.assemble() }
    plain.metadata.append(Metadatum(key: Self.checksumKey, value: try plain.checksum()))
    return try plain.assemble()
  }

  /// Replaces the file at `path`, durably.
  package func write(to path: String, store: FileStore = FileStore()) throws {
    try store.writeAtomically(try encoded(), to: path)
  }

  /// The CRC-64 of the file, in 16 hexadecimal digits.
  func checksum() throws(SafetensorsError) -> String {
    var check = CRC64()
    check.update(try header())
    for tensor in tensors { check.update(tensor.bytes) }
    return String(check.value, radix: 16).zeroPadded(to: 16)
  }

  private func assemble() throws(SafetensorsError) -> [UInt8] {
    var bytes = try header()
    bytes.reserveCapacity(bytes.count + tensors.reduce(0) { $0 + $1.bytes.count })
    for tensor in tensors { bytes.append(contentsOf: tensor.bytes) }
    return bytes
  }

  /// The length and the JSON, padded with spaces up to the alignment.
  private func header() throws(SafetensorsError) -> [UInt8] {
    var object = JSONObject()
    if !metadata.isEmpty {
      object.append(Self.metadataKey, .object(try members(metadata.map { ($0.key, .string($0.value)) })))
    }
    var start = 0
    for tensor in tensors {
      guard tensor.name != Self.metadataKey else { throw failure("a tensor cannot be named \(Self.metadataKey)") }
      let size = Self.byteCount(tensor.shape, tensor.type)
      guard size == tensor.bytes.count else {
        throw failure("\(tensor.name) has shape \(tensor.shape) but \(tensor.bytes.count) bytes")
      }
      let end = start + tensor.bytes.count
      object.append(
        tensor.name,
        [
          "dtype": .string(tensor.type.rawValue), "shape": .array(tensor.shape.map { .integer($0) }),
          "data_offsets": [.integer(start), .integer(end)],
        ])
      start = end
    }
    _ = try members(object.members.map { ($0.key, $0.value) })
    var text = Array(JSON.object(object).compact.utf8)
    let end = 8 + text.count
    text.append(
      contentsOf: repeatElement(UInt8(ascii: " "), count: (Self.alignment - end % Self.alignment) % Self.alignment))
    guard text.count <= Self.maximumHeader else {
      throw failure("the header has more than \(Self.maximumHeader) bytes")
    }
    return (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) } + text
  }

  /// An object of these members, whose keys must differ.
  private func members(_ pairs: [(String, JSON)]) throws(SafetensorsError) -> JSONObject {
    var seen: Set<String> = []
    var object = JSONObject()
    for (key, value) in pairs {
      guard seen.insert(key).inserted else { throw failure("two entries are named \(key)") }
      object.append(key, value)
    }
    return object
  }

  private func failure(_ reason: String) -> SafetensorsError {
    SafetensorsError(file: "tensors to be written", reason: reason)
  }
}

/// Writes arrays of 32-bit numbers for other programs that are to compute the same thing.
@_spi(Minim) public func writeSafetensors(
  _ arrays: [(name: String, shape: [Int], values: [Float])], metadata: KeyValuePairs<String, String>, to path: String
) throws {
  let tensors = arrays.map { Safetensors.Tensor(name: $0.name, shape: $0.shape, $0.values) }
  let words = metadata.map { Safetensors.Metadatum(key: $0.key, value: $0.value) }
  try Safetensors(metadata: words, tensors: tensors).write(to: path)
}
