import MinimSystem

// The lock of a file's only writer.

extension FileStore {
  /// Tries to take the writer's lock of an open file; false if another process, or another part of this one, holds it. The
  /// system drops it with the descriptor.
  ///
  /// It is a lock of the open file description, since a reader can ask for such a lock without taking it. That of `flock`
  /// comes with it, because earlier versions have no other.
  ///
  /// - Throws: `FileError`, also if the file system has neither.
  package func lock(_ descriptor: Int32, _ path: String) throws(FileError) -> Bool {
    let kinds: [() -> Int32] = [
      {
        var request = Self.request
        return fcntl(descriptor, Self.setLock, &request)
      }, { flock(descriptor, LOCK_EX | LOCK_NB) },
    ]
    var (isLocked, refusal) = (false, FileError?.none)
    for kind in kinds {
      do throws(FileError) {
        _ = try call(.lock, path) { Int(kind()) }
        isLocked = true
      } catch {
        if [EAGAIN, EACCES].contains(error.code) { return false }
        guard error.isMissingLock else { throw error }
        refusal = error
      }
    }
    if !isLocked, let refusal { throw refusal }
    return true
  }

  /// Whether a process holds the writer's lock of a file. This takes no lock, so that no writer is refused because of a
  /// reader. One of an earlier version is not seen.
  package func isLocked(_ path: String) -> Bool {
    let descriptor = MinimSystem.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { _ = MinimSystem.close(descriptor) }
    var request = Self.request
    return fcntl(descriptor, Self.getLock, &request) == 0 && request.l_type != Int16(F_UNLCK)
  }

  /// F_OFD_GETLK and F_OFD_SETLK of Linux, which Swift's module of the C library leaves out.
  private static let getLock: Int32 = 36, setLock: Int32 = 37

  /// The whole file, for a writer.
  private static var request: flock {
    var request = flock()
    request.l_type = Int16(F_WRLCK)
    request.l_whence = Int16(SEEK_SET)
    return request
  }
}

extension FileError {
  /// Whether the file system has no such lock.
  package var isMissingLock: Bool {
    operation == .lock && [EINVAL, ENOLCK, ENOSYS, EOPNOTSUPP].contains(code)
  }
}
