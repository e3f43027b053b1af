import MinimSystem

/// The beginning of a growing file, as it was when something recorded it: nothing but whole lines or records.
package struct FilePrefix: Equatable, Sendable {
  package let length: Int
  /// The checksum of these bytes; nil if it was not recorded.
  package let checksum: UInt64?

  package init(length: Int, checksum: UInt64?) {
    self.length = length
    self.checksum = checksum
  }

  /// The beginning of any file.
  package static let empty = FilePrefix(length: 0, checksum: CRC64().value)

  /// Checks that a file still begins so.
  ///
  /// - Throws: `FileError` (65) if it is shorter or other bytes are there; the errors of reading it.
  package func check(_ path: String, store: FileStore = FileStore()) throws(FileError) {
    if length == 0 { return }
    let descriptor = try open(path, O_RDONLY, store)
    defer { _ = MinimSystem.close(descriptor) }
    _ = try checksum(of: descriptor, path, store)
  }

  /// Opens the file; one that must have bytes is not made.
  func open(_ path: String, _ flags: Int32, _ store: FileStore) throws(FileError) -> Int32 {
    do throws(FileError) {
      return try store.openRegular(path, flags)
    } catch {
      throw error.code == ENOENT && length > 0 ? refusal(path, "it is gone") : error
    }
  }

  /// The checksum of an open file up to this length.
  func checksum(of descriptor: Int32, _ path: String, _ store: FileStore) throws(FileError) -> CRC64 {
    let size = try store.size(of: descriptor, path)
    guard length >= 0 && length <= size else { throw refusal(path, "it has \(size) bytes") }
    var (found, start) = (CRC64(), 0)
    var buffer = [UInt8](repeating: 0, count: min(length, 1 << 16))
    while start < length {
      let most = min(buffer.count, length - start), place = off_t(start)
      let count = try store.call(.read, path) {
        buffer.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, most, place) }
      }
      guard count > 0 else { throw refusal(path, "it has \(start) bytes") }
      found.update(buffer[..<count])
      start += count
    }
    if let checksum, checksum != found.value { throw refusal(path, "other bytes are there: lines have changed") }
    return found
  }

  private func refusal(_ path: String, _ found: String) -> FileError {
    let reason = "the checkpoint counts on its first \(length) bytes, and \(found). A copy of the file would help"
    return FileError(.read, path, reason: reason, exit: .badData)
  }
}
