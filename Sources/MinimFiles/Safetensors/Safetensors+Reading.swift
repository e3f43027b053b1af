extension Safetensors {
  /// Reads a file. Memory is bounded by a small multiple of its size, and no content can crash the reader.
  package init(
    contentsOf path: String, requiringChecksum: Bool = false, store: FileStore = FileStore()
  ) throws {
    try self.init(try store.read(path), file: path, requiringChecksum: requiringChecksum)
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: the name for errors.
  ///   - requiringChecksum: whether a file without a checksum is refused. An existing checksum is always checked.
  package init(_ bytes: [UInt8], file: String, requiringChecksum: Bool = false) throws(SafetensorsError) {
    try self.init(reading: SafetensorsReader(bytes: bytes, file: file))
    guard let checksum = metadatum(Self.checksumKey) else {
      if requiringChecksum { throw SafetensorsError(file: file, reason: "it has no checksum") }
      return
    }
    metadata.removeAll { $0.key == Self.checksumKey }
    guard try self.checksum() == checksum else {
      throw SafetensorsError(file: file, reason: "its content does not agree with its checksum; the file was damaged")
    }
  }

  private init(reading reader: SafetensorsReader) throws(SafetensorsError) {
    let headerEnd = try reader.headerEnd()
    var metadata: [Metadatum] = []
    var tensors: [Tensor] = []
    var start = headerEnd
    for (index, entry) in try reader.entries(headerEnd: headerEnd).enumerated() {
      if entry.key == Self.metadataKey {
        guard index == 0 else { throw reader.failure("\(Self.metadataKey) is not the first entry") }
        metadata = try reader.metadata(entry.value)
      } else {
        let tensor = try reader.tensor(entry, headerEnd: headerEnd, start: start)
        start += tensor.bytes.count
        tensors.append(tensor)
      }
    }
    guard start == reader.bytes.count else {
      throw reader.failure("\(reader.bytes.count - start) bytes follow the last tensor")
    }
    self.init(metadata: metadata, tensors: tensors)
  }
}

/// The checks of a file, one per function.
private struct SafetensorsReader {
  let bytes: [UInt8]
  let file: String

  func failure(_ reason: String) -> SafetensorsError { SafetensorsError(file: file, reason: reason) }

  /// The end of the header, where the numbers begin.
  func headerEnd() throws(SafetensorsError) -> Int {
    guard bytes.count >= 8 else { throw failure("it has \(bytes.count) bytes, the header's length alone takes 8") }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(Safetensors.maximumHeader) else {
      throw failure("a header of \(length) bytes; at most \(Safetensors.maximumHeader) are read")
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw failure("a header of \(length) bytes in a file of \(bytes.count)")
    }
    return 8 + Int(length)
  }

  /// The entries of the header.
  func entries(headerEnd: Int) throws(SafetensorsError) -> [JSONNode.Member] {
    guard headerEnd > 8, bytes[8] == UInt8(ascii: "{") else { throw failure("the header does not begin with {") }
    let node: JSONNode
    do throws(JSONError) {
      node = try JSONParser.parse(Array(bytes[8..<headerEnd]), limit: Safetensors.maximumHeader)
    } catch {
      throw failure("header \(error)")
    }
    guard let members = node.members else { throw failure("the header is not an object") }
    return members
  }

  func metadata(_ node: JSONNode) throws(SafetensorsError) -> [Safetensors.Metadatum] {
    guard let members = node.members else { throw failure("\(Safetensors.metadataKey) is not an object") }
    var metadata: [Safetensors.Metadatum] = []
    for member in members {
      guard let value = member.value.json.string else { throw failure("metadata \(member.key) is not a string") }
      metadata.append(Safetensors.Metadatum(key: member.key, value: value))
    }
    return metadata
  }

  /// The tensor of one entry, whose numbers must begin at `start`: without gap or overlap after those before it.
  func tensor(
    _ entry: JSONNode.Member, headerEnd: Int, start: Int
  ) throws(SafetensorsError) -> Safetensors.Tensor {
    let name = entry.key
    guard let members = entry.value.members, Set(members.map(\.key)) == ["dtype", "shape", "data_offsets"] else {
      throw failure("\(name) is not an object of dtype, shape and data_offsets")
    }
    let dtype = entry.value["dtype"]?.json.string
    guard let type = dtype.flatMap(Safetensors.ElementType.init(rawValue:)) else {
      let known = Safetensors.ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw failure("\(name) has dtype \(dtype ?? "that is not a string"); known are \(known)")
    }
    let shape = try naturals(entry.value["shape"], "the shape of \(name)")
    let offsets = try naturals(entry.value["data_offsets"], "the data_offsets of \(name)")
    guard offsets.count == 2 else { throw failure("\(name) has \(offsets.count) data_offsets, not 2") }
    guard let size = Safetensors.byteCount(shape, type) else { throw failure("the shape of \(name) is too large") }
    // Offsets are at most 2^53, so no sum here can overflow.
    guard headerEnd + offsets[0] == start else {
      throw failure("\(name) begins at \(offsets[0]), the tensors before it end at \(start - headerEnd)")
    }
    guard offsets[1] - offsets[0] == size else {
      throw failure("\(name) has \(offsets[1] - offsets[0]) bytes, its shape and dtype need \(size)")
    }
    guard headerEnd + offsets[1] <= bytes.count else {
      throw failure("\(name) ends \(headerEnd + offsets[1] - bytes.count) bytes after the end of the file")
    }
    return Safetensors.Tensor(name: name, type: type, shape: shape, bytes: Array(bytes[start..<start + size]))
  }

  private func naturals(_ node: JSONNode?, _ what: String) throws(SafetensorsError) -> [Int] {
    guard let elements = node?.elements else { throw failure("\(what) is not an array") }
    var values: [Int] = []
    for element in elements {
      guard let value = element.json.integer, value >= 0 else { throw failure("\(what): not a list of sizes") }
      values.append(value)
    }
    return values
  }
}
