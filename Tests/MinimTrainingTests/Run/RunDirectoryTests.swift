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

  @Test func everyFaultOfCreationIsACleanError() throws {
    for failing in 0..<12 {
      let folder = try TemporaryFolder()
      let faults = FileFaults { call, _ in call == failing ? .error(ENOSPC) : nil }
      do {
        let run = try RunDirectory.create(in: folder["runs"], name: "a", seed: 0, store: FileStore(faults: faults))
        #expect(try RunDirectory.locate("latest", in: folder["runs"]).name == run.name)
        #expect(failing >= 6)
      } catch let error as FileError {
        #expect(error.exit == .inputOutput && failing < 6)
      }
    }
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
