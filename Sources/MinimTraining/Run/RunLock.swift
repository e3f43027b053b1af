import Glibc
import MinimFiles

/// The lock of a run folder's only writer. The system drops it with the process, however that ends.
package final class RunLock {
  private let descriptor: Int32

  /// Takes the writer's lock of `run`, and removes temporary files that a killed writer left behind.
  ///
  /// - Throws: ``RunLockedError`` (75) if another process, or another part of this one, is writing.
  package init(_ run: RunDirectory, store: FileStore = FileStore()) throws {
    descriptor = try store.openRegular(run.lock, O_RDWR | O_CREAT)
    do {
      guard try store.lock(descriptor, run.lock) else {
        throw RunLockedError(run: run.name, holder: Self.holder(run, store))
      }
    } catch let error as FileError where error.isMissingLock {
      let reason =
        "\(error.reason). The file system has no locks, which keep two programs from writing one run. Let runs lie elsewhere "
        + "(--runs FOLDER), or mount it with locks (Lustre: -o flock)"
      throw FileError(.lock, run.lock, reason: reason, exit: .inputOutput)
    }
    // The holder's name, for the other's message. The lock is not on these bytes: they may be stale, it cannot.
    try store.truncate(descriptor, to: 0, run.lock)
    try store.write(Array("process \(getpid()) on \(Self.hostName())\n".utf8), to: descriptor, run.lock)
    for folder in [run.path, run.checkpoints, run.samples] where store.isFolder(folder) {
      for name in try store.list(folder) where FileStore.isTemporary(name) {
        try store.remove(Path.join(folder, name))
      }
    }
  }

  deinit { _ = Glibc.close(descriptor) }

  /// Whether a process is writing the run: false for a run that was killed.
  package static func isHeld(_ run: RunDirectory, store: FileStore = FileStore()) -> Bool { store.isLocked(run.lock) }

  private static func holder(_ run: RunDirectory, _ store: FileStore) -> String? {
    // Without a name the message says "another process".
    guard let bytes = try? store.read(run.lock, limit: 512), !bytes.isEmpty else { return nil }
    let line = bytes.prefix { (0x20..<0x7f).contains($0) }
    return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
  }

  private static func hostName() -> String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count) == 0 else { return "?" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
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
