@preconcurrency import MinimSystem
import MinimFiles

/// This program, started again with other words and another environment. What it writes to standard output comes through a
/// pipe, its messages go to a file.
final class ChildProcess {
  /// How a process ended.
  enum Ending: Equatable {
    case exit(ExitStatus)
    case signal(Int32)
  }

  private let identifier: pid_t
  private let output: Int32
  private var ending: Ending?

  /// Starts the process.
  ///
  /// - Parameters:
  ///   - words: the words after the program's name.
  ///   - environment: variables that are set for it, besides those of this process.
  ///   - errors: the file for its messages.
  ///   - hasShortPipe: whether it has to wait as soon as a page of its output was not read.
  /// - Throws: `FileError`, `CommandError` (71) if it cannot be started.
  init(
    _ words: [String], environment: [(name: String, value: String)], errors: String, hasShortPipe: Bool
  ) throws {
    var ends: [Int32] = [-1, -1]
    _ = try FileStore().call(.open, "a pipe") { Int(pipe(&ends)) }
    // No other thread starts processes, so none inherits the pipe in between.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    // A larger pipe lets it run further ahead, and nothing else.
    if hasShortPipe { _ = fcntl(ends[1], Self.setPipeSize, Self.page) }
    output = ends[0]
    defer { close(ends[1]) }
    do {
      identifier = try Self.spawn(words, environment, output: ends[1], errors: errors)
    } catch {
      close(ends[0])
      throw error
    }
  }

  deinit {
    end()
    close(output)
  }

  /// The bytes of a short pipe.
  static let page: Int32 = 4096

  /// F_SETPIPE_SZ of Linux, which Swift's module of the C library leaves out.
  private static let setPipeSize: Int32 = 1031

  private static func spawn(
    _ words: [String], _ changes: [(name: String, value: String)], output: Int32, errors: String
  ) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    var identifier: pid_t = 0
    let code = withCStrings([CommandLine.arguments[0]] + words) { arguments in
      withCStrings(environment(changes)) { posix_spawn(&identifier, ProgramFile.path, &actions, nil, arguments, $0) }
    }
    guard code == 0 else {
      throw CommandError(
        "cannot start a process of this program: \(String(cString: strerror(code)))", exit: .noResources)
    }
    return identifier
  }

  /// This process's environment with changes.
  private static func environment(_ changes: [(name: String, value: String)]) -> [String] {
    var lines: [String] = []
    var next: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = environ
    while let place = next, let line = place.pointee {
      lines.append(String(cString: line))
      next = place + 1
    }
    return lines.filter { line in !changes.contains { line.hasPrefix("\($0.name)=") } }
      + changes.map { "\($0.name)=\($0.value)" }
  }

  /// Hands over texts as the system takes them: an array of pointers that ends with a null.
  private static func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    var pointers = texts.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else {
        // The null at the end is always there.
        preconditionFailure("an array with an element has an address")
      }
      return body(start)
    }
  }

  // MARK: - While it runs

  /// Waits for output for a twentieth of a second.
  ///
  /// - Returns: whether there is some, or the end.
  func waitForOutput() -> Bool {
    var request = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
    return poll(&request, 1, 50) == 1
  }

  /// Reads what is there.
  ///
  /// - Parameter most: the most bytes to read.
  /// - Returns: the number of bytes; 0 at the end.
  func read(_ most: Int) -> Int {
    var buffer = [UInt8](repeating: 0, count: most)
    while true {
      let count = MinimSystem.read(output, &buffer, most)
      if count >= 0 { return count }
      // A pipe has no other error that a program could act on, so this counts as its end.
      if errno != EINTR { return 0 }
    }
  }

  /// Kills it as `kill -9` does, and waits until it is gone.
  func end() {
    guard ending == nil else { return }
    kill(identifier, SIGKILL)
    _ = wait()
  }

  /// Waits until it is gone.
  func wait() -> Ending {
    if let ending { return ending }
    var status: Int32 = 0
    while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
    let signal = status & 0x7f
    let ending = signal == 0 ? Ending.exit(ExitStatus(rawValue: status >> 8 & 0xff)) : .signal(signal)
    self.ending = ending
    return ending
  }
}
