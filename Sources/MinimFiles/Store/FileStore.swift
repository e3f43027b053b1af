import MinimSystem

/// The only access to the files of a run, for reading and writing.
///
/// Interrupted calls and short writes are resumed; everything else that the system reports becomes a ``FileError``. A
/// file is replaced whole or not at all: a reader, or a machine that loses power, sees the old bytes or the new ones.
/// What is made of other files may be synced later (``UnsyncedFiles``).
package struct FileStore: Sendable {
  /// The faults of a test; nil in a program.
  private let faults: FileFaults?

  /// - Parameter faults: faults to inject, for tests.
  package init(faults: FileFaults? = nil) { self.faults = faults }

  // MARK: Whole files

  /// Replaces the file at `path` by `bytes`, durably: writes and syncs a temporary file in the same folder, then
  /// renames it.
  ///
  /// On failure the file holds all of the old bytes (or, if only the last sync failed, all of the new ones), and the
  /// temporary file is removed.
  package func writeAtomically(_ bytes: [UInt8], to path: String) throws(FileError) {
    try replace(path, by: bytes, synced: true)
    try syncFolder(of: path)
  }

  /// Replaces the file at `path` in one step.
  ///
  /// - Parameter synced: whether the bytes are on the device before the old ones are gone.
  func replace(_ path: String, by bytes: [UInt8], synced: Bool) throws(FileError) {
    do throws(FileError) {
      let temporary = try withTemporaryName(for: path) { temporary throws(FileError) in
        try writeNew(bytes, to: temporary, synced: synced)
      }
      do throws(FileError) {
        try rename(temporary, to: path)
      } catch {
        unlink(temporary)  // Best effort, past the faults: the first error is the one to report.
        throw error
      }
    } catch {
      throw error.naming(path)
    }
  }

  /// Replaces the file at `path` by the UTF-8 of `text`, durably.
  package func writeAtomically(_ text: String, to path: String) throws(FileError) {
    try writeAtomically(Array(text.utf8), to: path)
  }

  /// All bytes of the file at `path`, which may have at most `limit`.
  ///
  /// - Parameter allowsPipes: whether it may be a pipe or a terminal, which a user has named.
  package func read(
    _ path: String, limit: Int = 1 << 32, allowsPipes: Bool = false
  ) throws(FileError) -> [UInt8] {
    let descriptor = try allowsPipes ? openFileOrPipe(path) : openRegular(path, O_RDONLY)
    defer { _ = MinimSystem.close(descriptor) }
    let size = try size(of: descriptor, path)
    guard size <= limit else {
      throw FileError(.read, path, reason: "it has \(size) bytes, at most \(limit) are allowed", exit: .badData)
    }
    // One byte more than the size: reading ends when a read returns none, even if the file grew meanwhile.
    var bytes = [UInt8](repeating: 0, count: size + 1)
    var count = 0
    while true {
      if count == bytes.count { bytes.append(contentsOf: repeatElement(0, count: bytes.count)) }
      let got = try call(.read, path) {
        bytes.withUnsafeMutableBytes { MinimSystem.read(descriptor, $0.baseAddress! + count, $0.count - count) }
      }
      if got == 0 { break }
      count += got
      guard count <= limit else {
        throw FileError(.read, path, reason: "it has more than the \(limit) bytes that are allowed", exit: .badData)
      }
    }
    bytes.removeLast(bytes.count - count)
    return bytes
  }

  // MARK: Open files

  /// Opens a file; a missing one is created if `flags` say so.
  package func open(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    let operation: FileOperation = flags & O_CREAT == 0 ? .open : .create
    return Int32(try call(operation, path) { Int(MinimSystem.open(path, flags | O_CLOEXEC, 0o666)) })
  }

  /// Writes all bytes, however many calls that takes.
  package func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(FileError) {
    var start = 0
    while start < bytes.count {
      let written = try call(.write, path) { short in
        bytes.withUnsafeBytes { bytes in
          let rest = bytes.count - start
          return MinimSystem.write(descriptor, bytes.baseAddress! + start, short ? (rest + 1) / 2 : rest)
        }
      }
      // A regular file never takes zero bytes without an error; treat it as one rather than try forever.
      guard written > 0 else { throw FileError(.write, path, code: EIO) }
      start += written
    }
  }

  /// Waits until the bytes of an open file are on the device.
  package func sync(_ descriptor: Int32, _ path: String) throws(FileError) {
    _ = try call(.sync, path) { Int(fsync(descriptor)) }
  }

  /// Cuts an open file to `length` bytes.
  package func truncate(_ descriptor: Int32, to length: Int, _ path: String) throws(FileError) {
    _ = try call(.truncate, path) { Int(ftruncate(descriptor, length)) }
  }

  /// The size of an open file in bytes.
  package func size(of descriptor: Int32, _ path: String) throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.open, path, code: errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError(.read, path, code: EISDIR) }
    return status.st_size
  }

  /// Closes a file. A network file system may report here that the disk is full. Linux has closed the file even if it
  /// reports an interruption: a second try could close another thread's file.
  package func close(_ descriptor: Int32, _ path: String) throws(FileError) {
    let fault = faults?.next(.close, path)
    let result = MinimSystem.close(descriptor)
    var code = result == 0 ? 0 : errno
    if case .error(let injected) = fault { code = injected }
    if code != 0 && code != EINTR { throw FileError(.close, path, code: code) }
  }

  // MARK: Parts

  private func writeNew(_ bytes: [UInt8], to path: String, synced: Bool) throws(FileError) {
    let descriptor = try open(path, O_WRONLY | O_CREAT | O_EXCL)
    do throws(FileError) {
      do throws(FileError) {
        try write(bytes, to: descriptor, path)
        if synced { try sync(descriptor, path) }
      } catch {
        _ = MinimSystem.close(descriptor)
        throw error
      }
      try close(descriptor, path)
    } catch {
      unlink(path)  // Best effort, past the faults, as above.
      throw error
    }
  }

  /// Makes a rename durable. Some network file systems cannot sync a folder and return EINVAL: they need no sync.
  func syncFolder(of path: String) throws(FileError) {
    let parent = Path.parent(of: path)
    let folder = parent.isEmpty ? "." : parent
    let descriptor = try open(folder, O_RDONLY | O_DIRECTORY)
    defer { _ = MinimSystem.close(descriptor) }
    do throws(FileError) {
      try sync(descriptor, folder)
    } catch {
      if error.code != EINVAL { throw error }
    }
  }

  /// Runs one system call until it is not interrupted; -1 becomes an error.
  package func call(_ operation: FileOperation, _ path: String, _ body: () -> Int) throws(FileError) -> Int {
    try call(operation, path) { _ in body() }
  }

  /// Runs one system call in the same way; `body` receives whether to write only a part.
  package func call(
    _ operation: FileOperation, _ path: String, _ body: (_ short: Bool) -> Int
  ) throws(FileError) -> Int {
    while true {
      let fault = faults?.next(operation, path)
      var result = -1
      var code: Int32 = 0
      if case .error(let injected) = fault {
        code = injected
      } else {
        result = body(fault == .shortWrite)
        if result == -1 { code = errno }
      }
      if result != -1 { return result }
      if code != EINTR { throw FileError(operation, path, code: code) }
    }
  }
}
