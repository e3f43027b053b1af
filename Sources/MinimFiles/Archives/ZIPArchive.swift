import CZlib

/// A zip archive in memory: its entries, all checked, and their contents.
///
/// Format: APPNOTE.TXT of PKWARE. Reads what NumPy and ordinary programs write, and nothing that two programs could
/// understand differently: see ``ZIPReader``.
struct ZIPArchive: Sendable {
  /// A file in the archive. Its bytes lie within the archive, and no other entry shares them.
  struct Entry: Equatable, Sendable {
    let name: String
    let method: Method
    let crc: UInt32
    /// The size of its content in bytes.
    let size: Int
    /// The place of its bytes in the archive.
    let stored: Range<Int>
  }

  /// The methods of storing the bytes of an entry.
  enum Method: Int, Sendable {
    case stored = 0
    case deflated = 8
  }

  /// The entries, in the order of the archive's directory.
  let entries: [Entry]
  private let bytes: [UInt8]
  private let file: String

  /// Checks the bytes of a whole archive.
  ///
  /// - Parameter file: the name for errors.
  init(_ bytes: [UInt8], file: String) throws(DataFileError) {
    entries = try ZIPReader(bytes: bytes, file: file).entries()
    self.bytes = bytes
    self.file = file
  }

  /// The content of an entry, checked against its checksum.
  func content(of entry: Entry) throws(DataFileError) -> [UInt8] {
    let content: [UInt8]
    switch entry.method {
    case .stored: content = Array(bytes[entry.stored])
    case .deflated:
      content = try inflated(entry) { (stored) throws(Inflate.Failure) in
        try Inflate.all(stored, .raw, size: entry.size)
      }
    }
    let crc = content.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    guard crc == UInt(entry.crc) else {
      throw failure(entry, "its content does not agree with its checksum; the file was damaged")
    }
    return content
  }

  /// The first bytes of an entry's content: `count`, or all if there are fewer. No checksum covers them.
  func beginning(of entry: Entry, count: Int) throws(DataFileError) -> [UInt8] {
    let count = min(count, entry.size)
    if entry.method == .stored { return Array(bytes[entry.stored].prefix(count)) }
    return try inflated(entry) { (stored) throws(Inflate.Failure) in
      try Inflate.prefix(stored, .raw, count: count)
    }
  }

  /// The inflated bytes of an entry, or a prefix of them.
  private func inflated(
    _ entry: Entry, by inflate: (ArraySlice<UInt8>) throws(Inflate.Failure) -> [UInt8]
  ) throws(DataFileError) -> [UInt8] {
    do throws(Inflate.Failure) {
      return try inflate(bytes[entry.stored])
    } catch {
      throw failure(entry, error.reason)
    }
  }

  private func failure(_ entry: Entry, _ reason: String) -> DataFileError {
    DataFileError(file: file, reason: "entry \(DataFileError.quoted(entry.name.utf8)): \(reason)")
  }
}
