import Dispatch
import Glibc
import MinimFiles
import MinimTraining
import Synchronization
import TestSupport
import Testing

@Suite struct RunDirectoryTests {
  let time = 1_795_416_912  // 2026-11-23 06:55:12 UTC

  @Test func namesTheFolderByTimeConfigurationAndSeed() throws {
    let folder = try TemporaryFolder()
    let runs = folder["runs"]
    let run = try RunDirectory.create(in: runs, name: "pixelcnn", seed: 0, time: time) { 0x7f3a }
    #expect(run.path == runs + "/20261123-065512-pixelcnn-s0-7f3a")
    #expect(run.checkpoint(step: 1000) == run.path + "/checkpoints/step-00001000.safetensors")
    #expect(run.sample(step: 123_456_789) == run.path + "/samples/step-123456789.png")
    #expect(FileStore().isFolder(run.checkpoints) && FileStore().isFolder(run.samples))
    #expect(FileStore().linkTarget(runs + "/latest") == run.name)
    let odd = try RunDirectory.create(in: runs, name: "../ü b", seed: .max, time: time) { 1 }
    #expect(odd.name == "20261123-065512------b-s18446744073709551615-0001")
  }

  @Test func triesAgainWhenTheNameIsTaken() throws {
    let folder = try TemporaryFolder()
    var draws: [UInt16] = [5, 5, 5, 6]
    let runs = try (0..<2).map { _ in
      try RunDirectory.create(in: folder.path, name: "a", seed: 1, time: time) { draws.removeFirst() }
    }
    #expect(runs.map { $0.name.suffix(4) } == ["0005", "0006"])
    let error = #expect(throws: FileError.self) {
      try RunDirectory.create(in: folder.path, name: "a", seed: 1, time: time) { 5 }
    }
    #expect(error?.exit == .cannotCreate)
  }

  @Test func runsOfOneSecondAreDistinct() throws {
    let folder = try TemporaryFolder()
    let (path, time) = (folder.path, time)
    let names = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 64) { _ in
      // 256 suffixes for 64 runs: collisions are certain to be tried.
      let run = try? RunDirectory.create(in: path, name: "a", seed: 0, time: time) { .random(in: 0..<256) }
      names.withLock { $0.append(run?.name ?? "failed") }
    }
    let all = names.withLock { $0 }
    #expect(all.count == 64 && Set(all).count == 64 && !all.contains("failed"))
    #expect(try RunDirectory.all(in: path).map(\.name) == all.sorted())
    #expect(all.contains(try RunDirectory.locate("latest", in: path).name))
  }

  @Test("whatever call fails, there is no folder, or one that is found as latest, with or without a link")
  func everyFaultOfCreationIsACleanError() throws {
    var (failures, remarks) = (0, 0)
    for failing in 0..<12 {
      let folder = try TemporaryFolder()
      let faults = FileFaults { call, _ in call == failing ? .error(ENOSPC) : nil }
      do {
        let run = try RunDirectory.create(
          in: folder["runs"], name: "a", seed: 0, store: FileStore(faults: faults), remark: { _ in remarks += 1 })
        #expect(try RunDirectory.locate("latest", in: folder["runs"]).name == run.name)
        #expect(failing >= 4)
      } catch let error as FileError {
        failures += 1
        #expect(error.exit == .inputOutput && failing < 4)
        #expect(try FileStore().isFolder(folder["runs"]) ? FileStore().list(folder["runs"]).isEmpty : true)
      }
    }
    // The folder of runs, the run's, and two in it; then the link and its renaming.
    #expect(failures == 4 && remarks == 2)
  }

  @Test(
    "where latest cannot be a link, it still is the newest run, and the reason is told once", arguments: [true, false])
  func noLink(_ isFolder: Bool) throws {
    let folder = try TemporaryFolder()
    // As a copy leaves it that has followed links, or as a file system without links answers.
    if isFolder { try FileStore().makeFolders(folder["latest/checkpoints"]) }
    let faults = FileFaults { _, operation in operation == .link && !isFolder ? .error(EPERM) : nil }
    var remarks: [String] = []
    let runs = try (0..<2).map { index in
      try RunDirectory.create(
        in: folder.path, name: "a", seed: 0, time: time + index, store: FileStore(faults: faults),
        suffix: { UInt16(index) }, remark: { remarks.append($0) })
    }
    #expect(try RunDirectory.locate("latest", in: folder.path).name == runs[1].name)
    #expect(remarks.count == 2 && remarks[0].contains(folder["latest"]) && remarks[0].contains("newest run"))
    #expect(folder.names.filter { $0.hasPrefix(".") }.isEmpty)
  }

  @Test func refusesASecondWriter() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", seed: 0)
    try withExtendedLifetime(RunLock(run)) {
      let error = #expect(throws: RunLockedError.self) { try RunLock(run) }
      #expect(error?.exit == .tryAgain)
      #expect(error?.description.contains("process \(getpid()) on ") == true)
    }
    _ = try RunLock(run)  // free again
  }

  @Test("a reader that asks whether a run is written takes no lock") func asking() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", seed: 0)
    #expect(!RunLock.isHeld(run))
    // Asking all the time, on another thread.
    let isOver = Atomic(false)
    defer { isOver.store(true, ordering: .relaxed) }
    DispatchQueue.global().async {
      while !isOver.load(ordering: .relaxed) { _ = RunLock.isHeld(run) }
    }
    for _ in 0..<500 {
      try withExtendedLifetime(RunLock(run)) { #expect(RunLock.isHeld(run)) }
    }
    #expect(!RunLock.isHeld(run))
  }

  @Test("a file system without one kind of lock has the other; without both a file names the owner")
  func missingLocks() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", seed: 0)
    for missing in 0..<2 {
      let locks = Mutex(0)
      let faults = FileFaults { _, operation in
        guard operation == .lock else { return nil }
        return locks.withLock { locks in
          defer { locks += 1 }
          return locks == missing ? .error(ENOSYS) : nil
        }
      }
      try withExtendedLifetime(RunLock(run, store: FileStore(faults: faults))) {
        _ = #expect(throws: RunLockedError.self) { try RunLock(run) }
      }
    }
    let faults = FileFaults { _, operation in operation == .lock ? .error(ENOLCK) : nil }
    try withExtendedLifetime(RunLock(run, store: FileStore(faults: faults))) {
      #expect(folder.bytes(run.name + "/owner-000001") != nil && RunLock.isHeld(run))
      for store in [FileStore(faults: faults), FileStore()] {
        let error = #expect(throws: RunLockedError.self) { try RunLock(run, store: store) }
        #expect(error?.holder?.hasPrefix("process \(getpid()) on ") == true)
      }
    }
    #expect(!RunLock.isHeld(run))
    _ = try RunLock(run)
    let broken = FileFaults { _, operation in operation == .lock ? .error(EIO) : nil }
    #expect(throws: FileError.self) { try RunLock(run, store: FileStore(faults: broken)) }
  }

  @Test func theWriterClearsWhatAKilledOneLeft() throws {
    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", seed: 0)
    let stale = run.name + "/checkpoints/.step-00000001.safetensors.123-4.tmp"
    try folder.put([1], stale)
    try folder.put([1], run.name + "/checkpoints/step-00000001.safetensors")
    _ = try RunLock(run)
    #expect(folder.bytes(stale) == nil)
    #expect(try run.checkpointSteps() == [1])
  }

  @Test func findsARunByPrefixNameOrPath() throws {
    let folder = try TemporaryFolder()
    let runs = folder["runs"]
    let empty = #expect(throws: RunLookupError.self) { try RunDirectory.locate("latest", in: runs) }
    #expect(empty?.exit == .missingInput)
    let a = try RunDirectory.create(in: runs, name: "vae", seed: 0, time: time) { 0xab }
    let b = try RunDirectory.create(in: runs, name: "vae", seed: 0, time: time) { 0xabc }
    let c = try RunDirectory.create(in: runs, name: "gan", seed: 0, time: time + 86400) { 1 }
    func find(_ selector: String) throws -> String { try RunDirectory.locate(selector, in: runs).name }
    #expect(try find("latest") == c.name)
    #expect(try find("20261124") == c.name)
    #expect(try find(a.name) == a.name)
    #expect(try find(b.path) == b.name)
    #expect(try find(b.path + "/") == b.name)
    #expect(throws: RunLookupError.ambiguous("20261123", [a.name, b.name])) { try find("20261123") }
    #expect(throws: RunLookupError.none("2025", runs: runs, newest: [a.name, b.name, c.name])) { try find("2025") }
    #expect(throws: RunLookupError.noFolder("./none")) { try find("./none") }
    #expect(throws: RunLookupError.self) { try find("") }
    #expect(RunLookupError.ambiguous("2", [a.name]).exit == .usage)
    // A broken link falls back to the newest name.
    try FileStore().replaceLink(runs + "/latest", target: "gone")
    #expect(try find("latest") == c.name)
  }

  @Test func keepsTheLastTheBestAndEveryKth() throws {
    let steps = Array(stride(from: 100, through: 1000, by: 100))
    let retention = CheckpointRetention(last: 2, every: 400)
    #expect(retention.superfluous(steps, best: 300) == [100, 200, 500, 600, 700])
    #expect(CheckpointRetention().superfluous(steps, best: nil) == Array(steps.dropLast(2)))
    #expect(CheckpointRetention(last: 0, every: 0).superfluous([5], best: nil) == [])

    let folder = try TemporaryFolder()
    let run = try RunDirectory.create(in: folder.path, name: "a", seed: 0)
    for step in steps + [100_000_000] { try FileStore().writeAtomically([], to: run.checkpoint(step: step)) }
    try folder.put([], run.name + "/checkpoints/notes.txt")
    try run.pruneCheckpoints(retention, best: 300)
    #expect(try run.checkpointSteps() == [300, 400, 800, 1000, 100_000_000])
    #expect(try FileStore().list(run.checkpoints).contains("notes.txt"))
  }
}
