import MinimSystem
import MinimFiles

/// The right of one program to write a run's folder. The system drops it with the process, however that ends.
///
/// It is a lock of the file system. Where that reaches one machine only, or where there is none, a `RunOwner` comes with it.
package final class RunLock: Sendable {
  private let descriptor: Int32
  private let owner: RunOwner?

  /// Takes the writer's lock of `run`, and removes temporary files that a killed writer left behind.
  ///
  /// - Parameters:
  ///   - steals: whether to take the run from a program on another machine that seems to live.
  ///   - interval: the seconds between an owner's signs of life.
  /// - Throws: ``RunLockedError`` (75) if another process, or another part of this one, is writing.
  package init(
    _ run: RunDirectory, steals: Bool = false, interval: Double = RunOwner.interval, store: FileStore = FileStore()
  ) throws {
    descriptor = try store.openRegular(run.lock, O_RDWR | O_CREAT)
    do { owner = try Self.take(descriptor, run, steals, interval, store) } catch {
      _ = MinimSystem.close(descriptor)
      throw error
    }
    // The holder's name, for the other's message. The lock is not on these bytes: they may be stale, it cannot.
    try store.truncate(descriptor, to: 0, run.lock)
    try store.write(Array("process \(getpid()) on \(RunOwnerIdentity.hostName)\n".utf8), to: descriptor, run.lock)
    for folder in [run.path, run.checkpoints, run.samples] where store.isFolder(folder) {
      for name in try store.list(folder) where FileStore.isTemporary(name) {
        try store.remove(Path.join(folder, name))
      }
    }
  }

  deinit { _ = MinimSystem.close(descriptor) }

  /// Takes the lock, or becomes the owner, or both.
  private static func take(
    _ descriptor: Int32, _ run: RunDirectory, _ steals: Bool, _ interval: Double, _ store: FileStore
  ) throws -> RunOwner? {
    var hasLock = false
    do {
      if try LockKind.current() != .ownerFiles {
        guard try store.lock(descriptor, run.lock) else {
          throw RunLockedError(run: run.name, holder: holder(run, store))
        }
        hasLock = true
      }
    } catch let error as FileError where error.isMissingLock {}
    if hasLock, !LockKind.isShared(run.path), RunOwner.living(of: run, store: store) == nil { return nil }
    return try RunOwner(run, steals: steals, interval: interval, store: store)
  }

  /// Checks before something is written that the run is still this program's.
  ///
  /// - Throws: ``RunTakenError`` if another program has taken it.
  package func confirm() throws { try owner?.confirm() }

  /// Whether a process is writing the run: false for a run that was killed.
  package static func isHeld(_ run: RunDirectory, store: FileStore = FileStore()) -> Bool {
    store.isLocked(run.lock) || RunOwner.living(of: run, store: store) != nil
  }

  /// Who writes the run from another machine, and when it was last seen; nil for nobody, or for a process of this machine.
  package static func remoteHolder(_ run: RunDirectory, store: FileStore = FileStore()) -> String? {
    store.isLocked(run.lock) ? nil : RunOwner.living(of: run, store: store)
  }

  private static func holder(_ run: RunDirectory, _ store: FileStore) -> String? {
    // Without a name the message says "another process".
    guard let bytes = try? store.read(run.lock, limit: 512), !bytes.isEmpty else { return nil }
    let line = bytes.prefix { (0x20..<0x7f).contains($0) }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }
}

/// A second writer of a run: exit code 75.
package struct RunLockedError: ReportedError, Equatable {
  /// The run's name.
  package let run: String
  /// The writer, if it left its name.
  package let holder: String?

  package var exit: ExitStatus { .tryAgain }

  package var description: String {
    "\(run) is being written by \(holder ?? "another process"). Wait for it, stop it, or start a new run."
  }
}
