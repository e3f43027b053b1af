import Glibc
import MinimFiles

/// A file that grows by whole lines, such as metrics.jsonl, or by whole records. They are gathered in memory and
/// written by one call per flush.
///
/// A flush that fails leaves the file as it was before and keeps the lines, so that the next flush can try again.
package final class AppendFile {
  /// The file.
  package let path: String
  /// The length of the file in bytes, all of whole lines. A checkpoint records it, and a resumed run cuts the file to
  /// it.
  package private(set) var length: Int

  private let store: FileStore
  private var descriptor: Int32
  private var buffer: [UInt8] = []

  /// Opens the file for appending; creates a missing one.
  ///
  /// - Parameter length: the bytes to keep of an existing file, as recorded by a checkpoint; nil keeps all. A shorter
  ///   file is an error (65): lines that the checkpoint counts on are lost.
  package init(_ path: String, keeping length: Int? = nil, store: FileStore = FileStore()) throws(FileError) {
    let descriptor = try store.open(path, O_WRONLY | O_CREAT | O_APPEND)
    self.path = path
    self.store = store
    self.descriptor = descriptor
    self.length = 0
    let size = try store.size(of: descriptor, path)
    let kept = length ?? size
    guard kept >= 0 && kept <= size else {
      let reason = "it has \(size) bytes, but the checkpoint was taken when it had \(kept)"
      throw FileError(.truncate, path, reason: reason, exit: .badData)
    }
    if kept < size { try store.truncate(descriptor, to: kept, path) }
    self.length = kept
  }

  deinit { if descriptor >= 0 { _ = Glibc.close(descriptor) } }

  /// Adds a line to the buffer; `line` has no line break of its own.
  package func append(_ line: String) {
    buffer.append(contentsOf: line.utf8)
    buffer.append(UInt8(ascii: "\n"))
  }

  /// Adds whole records to the buffer.
  package func append(_ records: [UInt8]) { buffer.append(contentsOf: records) }

  /// Writes the gathered lines.
  package func flush() throws(FileError) {
    if buffer.isEmpty { return }
    do throws(FileError) {
      try store.write(buffer, to: descriptor, path)
    } catch {
      // Half a line would make the file unreadable. If this fails too, a resumed run still cuts to its length.
      _ = ftruncate(descriptor, length)
      throw error
    }
    length += buffer.count
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes the gathered lines and waits until they are on the device; call it before a checkpoint records ``length``.
  package func sync() throws(FileError) {
    try flush()
    try store.sync(descriptor, path)
  }

  /// Writes the gathered lines and closes the file.
  package func close() throws(FileError) {
    if descriptor < 0 { return }
    try flush()
    let closing = descriptor
    descriptor = -1
    try store.close(closing, path)
  }
}
