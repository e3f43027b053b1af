import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// What is on the device when a run's files say so.
@Suite struct RunSyncTests {
  /// The files and folders that calls have changed, and that may not be on the device: a file until it is synced, by its own name or by
  /// the name that it had before; its folder until that is.
  private struct Unsynced {
    private(set) var paths: Set<String> = []
    private var synced: Set<String> = []

    mutating func take(_ call: FileFaults.Call) {
      switch call.operation {
      case .sync:
        paths.remove(call.path)
        synced.insert(call.path)
      case .rename:
        let (folder, name) = (Path.parent(of: call.path), Path.name(of: call.path))
        // The temporary file of this name, if it was synced.
        let before = synced.first { Path.parent(of: $0) == folder && Path.name(of: $0).hasPrefix(".\(name).") }
        if let before { synced.remove(before) } else { paths.insert(call.path) }
        paths.insert(folder)
      default: break
      }
    }
  }

  @Test("when a checkpoint is there, and when the status says that a run has ended, all files before are on the device")
  func order() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let faults = FileFaults { _, _ in nil }
    var options = SmallRun.options()
    options.store = FileStore(faults: faults)
    let run = try TrainingRun(SmallRun.experiment(["intervals.samples=10"]), in: directory, options)
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    _ = try run.concluded()
    let (renames, syncs) = (faults.trail.filter { $0.operation == .rename }, faults.log.count { $0 == .sync })
    let last = try #require(renames.last { $0.path == directory.status })
    var unsynced = Unsynced(), statuses = renames.count { $0.path == directory.status }, mostWaiting = 0, checked = 0
    for call in faults.trail {
      if call.operation == .rename, call.path == directory.status { statuses -= 1 }
      let isEnd = call.operation == .rename && call.path == last.path && statuses == 0
      let isCheckpoint = call.operation == .rename && call.path.hasPrefix(directory.checkpoints)
      if isEnd || isCheckpoint {
        #expect(unsynced.paths.isEmpty, "\(call.path): \(unsynced.paths.sorted())")
        checked += 1
      }
      unsynced.take(call)
      mostWaiting = max(mostWaiting, unsynced.paths.count)
    }
    #expect(checked == 4)
    // The control: in between, several files wait, which saves syncs of their folders.
    #expect(mostWaiting > 3 && syncs < 2 * renames.count)
  }
}
