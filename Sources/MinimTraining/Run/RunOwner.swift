import MinimSystem
import MinimConfiguration
import MinimFiles

/// The ownership of a run where the locks of a file system reach one machine only, or where it has none: files that only one
/// program can make.
///
/// `owner-000001`, `owner-000002` and so on name the programs that have had the run; the last one has it, unless it has said that
/// it is done. Each file is made exclusively, which also network file systems decide on their server: of two programs that want
/// to follow the same owner, one gets the next file. While it lives, an owner sets the time of its file anew every ten seconds,
/// and the server's clock does that: no two clocks are ever compared. An owner that has not done so for `patience` is gone. One on
/// this machine is looked for among the processes, and need not be waited for.
package final class RunOwner: Sendable {
  private let run: RunDirectory
  private let number: Int
  private let descriptor: Int32
  private let store: FileStore
  private let heartbeat: OwnerHeartbeat

  /// The seconds after which an owner that gives no sign counts as gone: a network file system may keep back some
  /// of them.
  package static let patience = 90.0
  /// The seconds between signs of life.
  package static let interval = 10.0

  /// Takes a run, and keeps it until this value is gone.
  ///
  /// - Parameters:
  ///   - steals: whether to take it from an owner that seems to live.
  ///   - interval: the seconds between signs of life.
  /// - Throws: `RunLockedError` if another program has it, `FileError`.
  init(_ run: RunDirectory, steals: Bool, interval: Double, store: FileStore) throws {
    var (steals, made) = (steals, (number: 0, descriptor: Int32(-1)))
    while made.descriptor < 0 {
      let last = try Self.last(run, store)
      if last > 0, !steals, let owner = Self.living(of: run, last, store) {
        throw RunLockedError(run: run.name, holder: owner)
      }
      do throws(FileError) {
        made = (last + 1, try store.open(Self.path(run, last + 1), O_RDWR | O_CREAT | O_EXCL))
      } catch {
        guard error.code == EEXIST else { throw error }
        // Somebody else was faster, and is not stolen from.
        steals = false
      }
    }
    (self.run, self.store, number, descriptor) = (run, store, made.number, made.descriptor)
    heartbeat = OwnerHeartbeat(descriptor, next: Self.path(run, made.number + 1), every: interval)
    try store.write(Array((RunOwnerIdentity.own.json.compact + "\n").utf8), to: descriptor, Self.path(run, number))
    try store.sync(descriptor, Self.path(run, number))
    // A reader may have an old list of the folder, and must find one of the files that it has.
    for old in max(1, number - 32)..<max(1, number - 16) where store.exists(Self.path(run, old)) {
      try store.remove(Self.path(run, old))
    }
    heartbeat.begin()
  }

  deinit {
    heartbeat.stop()
    // If these words are lost, the next one waits until the owner counts as gone.
    if !heartbeat.isLost { try? store.write(Array("\(Self.released)\n".utf8), to: descriptor, Self.path(run, number)) }
    _ = MinimSystem.close(descriptor)
  }

  private static let released = "released"

  /// Checks before something is written that nobody else has the run: this process may have slept for longer than others wait.
  ///
  /// - Throws: ``RunTakenError``.
  func confirm() throws {
    if heartbeat.isLost || heartbeat.isOverdue && store.exists(Self.path(run, number + 1)) {
      throw RunTakenError(run: run.name, by: RunOwnerIdentity(Self.path(run, number + 1), store)?.text)
    }
  }

  // MARK: - What others see

  /// The owner of a run, and when it was last seen if it is on another machine; nil if there is none, or if it is gone.
  static func living(of run: RunDirectory, store: FileStore) -> String? {
    guard let last = try? last(run, store), last > 0 else { return nil }
    return living(of: run, last, store)
  }

  private static func living(of run: RunDirectory, _ number: Int, _ store: FileStore) -> String? {
    let path = path(run, number)
    guard let text = (try? store.read(path, limit: 1 << 12)).map({ String(decoding: $0, as: UTF8.self) }) else {
      // It is there and cannot be read: nobody may take it for gone.
      return store.exists(path) ? "another program" : nil
    }
    if text.hasSuffix("\(released)\n") { return nil }
    let identity = RunOwnerIdentity(path, store)
    if let identity, let isAlive = identity.isAlive {
      return isAlive ? identity.text : nil
    }
    let name = identity?.text ?? "another program"
    // Opened anew, so that the time is the server's and none that this machine remembers.
    guard let seen = Self.time(path, O_RDONLY), let now = Self.now(run) else { return name }
    let age = max(0, now - seen)
    return age > patience ? nil : "\(name), seen \(Int(age)) s ago"
  }

  /// The number of the last owner; 0 if there was none.
  private static func last(_ run: RunDirectory, _ store: FileStore) throws(FileError) -> Int {
    guard store.isFolder(run.path) else { return 0 }
    let numbers = try store.list(run.path).compactMap { name -> Int? in
      name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }
    var last = numbers.max() ?? 0
    // A list may be older than the files.
    while store.exists(path(run, last + 1)) { last += 1 }
    return last
  }

  /// How the names of these files begin.
  static let prefix = "owner-"

  private static func path(_ run: RunDirectory, _ number: Int) -> String {
    run.file(prefix + "\(number)".zeroPadded(to: 6))
  }

  /// The time of the server's clock: that of a file which is made now. Nil where none can be made.
  private static func now(_ run: RunDirectory) -> Double? {
    let path = run.file(".clock-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp")
    defer { unlink(path) }
    return time(path, O_WRONLY | O_CREAT | O_EXCL)
  }

  private static func time(_ path: String, _ flags: Int32) -> Double? {
    let descriptor = MinimSystem.open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o666)
    guard descriptor >= 0 else { return nil }
    defer { _ = MinimSystem.close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    return status.modificationTime
  }
}

/// The run was taken by another program while this one did not answer: exit code 75.
package struct RunTakenError: ReportedError, Equatable {
  /// The run's name.
  package let run: String
  /// Who has it now, if that is known.
  package let by: String?

  package var exit: ExitStatus { .tryAgain }

  package var description: String {
    "\(run) was taken by \(by ?? "another program"). This program stops without saving."
  }
}
