import MinimSystem

/// A file that a user has named, written part by part. A regular file is replaced whole, when all is written, or not at all,
/// and so is the target of a link. A pipe, a device or an open stream such as `/dev/stdout` receives the parts at once and
/// stays what it is.
package final class OutputFile {
  /// The name that the user gave.
  private let path: String
  /// What will have the new content, if that is a regular file, and the file that has it until then.
  private let replaced: (place: String, temporary: String)?
  private let store: FileStore
  private let descriptor: Int32
  private let isOwn: Bool
  private var isOpen = true, isFinished = false

  /// Opens the file for writing; what it holds stays until ``finish()``.
  package init(_ path: String, store: FileStore = FileStore()) throws(FileError) {
    (self.path, self.store) = (path, store)
    let place = store.followed(path)
    let stream = FileStore.stream(place)
    isOwn = stream == nil
    if let stream {
      (descriptor, replaced) = (stream, nil)
    } else if store.isSpecial(place) {
      (descriptor, replaced) = (try store.open(place, O_WRONLY), nil)
    } else {
      var opened: Int32 = -1
      do throws(FileError) {
        let temporary = try store.withTemporaryName(for: place) { temporary throws(FileError) in
          opened = try store.open(temporary, O_WRONLY | O_CREAT | O_EXCL)
        }
        (descriptor, replaced) = (opened, (place, temporary))
      } catch {
        throw error.naming(path)
      }
    }
  }

  deinit { abandon() }

  /// Writes the next part.
  package func write(_ bytes: [UInt8]) throws(FileError) { try store.write(bytes, to: descriptor, path) }

  /// Ends the file; a regular file now has the new content, durably. Without this call it keeps the old.
  package func finish() throws(FileError) {
    guard isOwn else { return }
    guard let replaced else { return try close() }
    do throws(FileError) {
      try store.sync(descriptor, path)
      try close()
      try store.rename(replaced.temporary, to: replaced.place)
    } catch {
      abandon()
      throw error.naming(path)
    }
    isFinished = true
    do throws(FileError) { try store.syncFolder(of: replaced.place) } catch { throw error.naming(path) }
  }

  private func close() throws(FileError) {
    isOpen = false
    try store.close(descriptor, path)
  }

  /// Closes what is open and removes an unfinished file. Best effort, past the faults: the first error is the one to report.
  private func abandon() {
    guard isOwn else { return }
    if isOpen { _ = MinimSystem.close(descriptor) }
    isOpen = false
    if let replaced, !isFinished { unlink(replaced.temporary) }
  }
}
