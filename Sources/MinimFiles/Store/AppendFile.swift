import MinimSystem

/// A file that grows by whole lines, such as metrics.jsonl, or by whole records. They are gathered in memory and
/// written by one call per flush.
///
/// A flush that fails leaves the file as it was before and keeps the lines, so that the next flush can try again.
package final class AppendFile {
  /// The file.
  package private(set) var path: String
  /// What the file holds by now, all of it whole lines. A checkpoint records it, and a resumed run cuts the file to it.
  package var prefix: FilePrefix { FilePrefix(length: length, checksum: check.value) }
  package private(set) var length: Int

  private let store: FileStore
  private var descriptor: Int32
  private var check = CRC64()
  private var buffer: [UInt8] = []

  /// Opens the file for appending; creates a missing one.
  ///
  /// - Parameter prefix: the beginning to keep of an existing file, as recorded by a checkpoint; nil keeps all. A file that
  ///   does not begin so is an error (65): lines that the checkpoint counts on are lost.
  package init(_ path: String, keeping prefix: FilePrefix? = nil, store: FileStore = FileStore()) throws(FileError) {
    let isCounted = (prefix?.length ?? 0) > 0
    let flags = O_RDWR | O_APPEND | (isCounted ? 0 : O_CREAT)
    self.path = path
    self.store = store
    length = 0
    descriptor = try (prefix ?? .empty).open(path, flags, store)
    let size = try store.size(of: descriptor, path)
    let kept = prefix ?? FilePrefix(length: size, checksum: nil)
    check = try kept.checksum(of: descriptor, path, store)
    if kept.length < size { try store.truncate(descriptor, to: kept.length, path) }
    length = kept.length
  }

  deinit { if descriptor >= 0 { _ = MinimSystem.close(descriptor) } }

  /// Adds a line to the buffer; `line` has no line break of its own.
  package func append(_ line: String) {
    buffer.append(contentsOf: line.utf8)
    buffer.append(UInt8(ascii: "\n"))
  }

  /// Adds whole records to the buffer.
  package func append(_ records: [UInt8]) { buffer.append(contentsOf: records) }

  /// The bytes that are gathered and not written yet.
  package var waiting: Int { buffer.count }

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
    check.update(buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  /// Writes the gathered lines and waits until they are on the device; call it before a checkpoint records ``prefix``.
  package func sync() throws(FileError) {
    try flush()
    try store.sync(descriptor, path)
  }

  /// Gives the file another name in the same folder, durably; it grows on under it.
  package func rename(to path: String) throws(FileError) {
    try sync()
    try store.rename(self.path, to: path)
    self.path = path
    try store.syncFolder(of: path)
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
