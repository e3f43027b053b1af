import MinimSystem
import MinimFiles

// How texts reach standard output and standard error.

extension Terminal {
  /// Writes a result of a command to standard output.
  ///
  /// - Returns: false if the reader has closed the pipe, as in `minim export RUN | head`. That is not an error.
  /// - Throws: `FileError` if the text cannot be written whole, as on a full disk.
  @discardableResult
  package static func print(_ text: String) throws(FileError) -> Bool {
    let code = deliver(text, to: STDOUT_FILENO)
    if code == 0 || code == EPIPE { return code == 0 }
    throw FileError(.write, "standard output", code: code)
  }

  /// Writes a message to a descriptor. If that fails, the program continues: there is nowhere else to report it.
  ///
  /// - Returns: false if the message was not written whole.
  @discardableResult
  package static func write(_ text: String, to descriptor: Int32) -> Bool { deliver(text, to: descriptor) == 0 }

  /// Writes all bytes of a text, however many calls that takes; returns the system's error number, or 0.
  private static func deliver(_ text: String, to descriptor: Int32) -> Int32 {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let written = bytes.withUnsafeBytes { MinimSystem.write(descriptor, $0.baseAddress! + start, $0.count - start) }
      if written > 0 {
        start += written
      } else if written == 0 {
        // No stream takes nothing without an error; treat it as one rather than try forever.
        return EIO
      } else if errno == EAGAIN {
        // Another program has made the terminal or the pipe nonblocking.
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }

  /// Whether a write would be taken at once: a stopped terminal (control-S) or a full pipe must not stop the training.
  package static func isReady(_ descriptor: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return poll(&request, 1, 0) == 1 && request.revents & Int16(POLLOUT) != 0
  }
}
