import MinimSystem

// What is not a regular file - a pipe, a device, a socket - can make a reader wait forever. It is told from a file before
// anything is read.

extension FileStore {
  /// Opens a regular file.
  ///
  /// - Throws: `FileError` (65) for anything else, at once.
  package func openRegular(_ path: String, _ flags: Int32) throws(FileError) -> Int32 {
    let (descriptor, kind) = try openWithoutWaiting(path, flags)
    if kind == S_IFREG || kind == S_IFDIR { return descriptor }
    _ = MinimSystem.close(descriptor)
    throw Self.notAFile(path, kind)
  }

  /// Opens a file, or a pipe or terminal that a user has named in its place, such as `<(command)` in a shell. Nobody waits
  /// for a pipe that nobody writes to.
  ///
  /// - Parameter patience: the seconds in which somebody has to begin to write to a pipe.
  package func openFileOrPipe(_ path: String, patience: Int = 10) throws(FileError) -> Int32 {
    let (descriptor, kind) = try openWithoutWaiting(path, O_RDONLY)
    if kind == S_IFREG || kind == S_IFDIR { return descriptor }
    guard kind == S_IFIFO || kind == S_IFCHR else {
      _ = MinimSystem.close(descriptor)
      throw Self.notAFile(path, kind)
    }
    var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    if kind == S_IFIFO, poll(&request, 1, Int32(patience * 1000)) == 0 {
      _ = MinimSystem.close(descriptor)
      let reason = "it is a pipe that nobody has written to for \(patience) s"
      throw FileError(.open, path, reason: reason, exit: .badData)
    }
    // From here on a read may wait for what the writer still has to say.
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    return descriptor
  }

  private func openWithoutWaiting(
    _ path: String, _ flags: Int32
  ) throws(FileError) -> (descriptor: Int32, kind: mode_t) {
    let descriptor: Int32
    do throws(FileError) {
      descriptor = try open(path, flags | O_NONBLOCK)
    } catch {
      // Of what exists, only a socket, a device without a driver, or a pipe that is to be written cannot be opened so.
      throw error.code == ENXIO ? Self.notAFile(path, S_IFSOCK) : error
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      _ = MinimSystem.close(descriptor)
      throw FileError(.open, path, code: code)
    }
    return (descriptor, status.st_mode & S_IFMT)
  }

  private static func notAFile(_ path: String, _ kind: mode_t) -> FileError {
    let found =
      switch kind {
      case S_IFIFO: "a pipe"
      case S_IFCHR, S_IFBLK: "a device"
      default: "a pipe, a socket or a device"
      }
    return FileError(.open, path, reason: "expected a file, found \(found)", exit: .badData)
  }
}
