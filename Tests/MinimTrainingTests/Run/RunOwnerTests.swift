import Foundation
import MinimFiles
import MinimParallel
import MinimTraining
import Synchronization
import TestSupport
import Testing

/// Ownership of a run where there are no locks: exactly one program has it, whatever its clock says.
@Suite struct RunOwnerTests {
  /// A store whose file system has no locks.
  private static let lockless = FileStore(
    faults: FileFaults { _, operation in operation == .lock ? .error(ENOSYS) : nil })

  private static func run(_ folder: TemporaryFolder) throws -> RunDirectory {
    try RunDirectory.create(in: folder.path, name: "a", seed: 0)
  }

  /// The file of an owner on another machine, last seen so many seconds ago.
  private static func foreign(_ run: RunDirectory, _ number: Int, seen ago: Double, _ text: String? = nil) throws {
    let path = run.file("owner-00000\(number)")
    let other = #"{"host":"node7","boot":"other","namespace":"pid:[1]","process":4711,"start":"12"}"# + "\n"
    try (text ?? other).write(toFile: path, atomically: false, encoding: .utf8)
    let time = Date().addingTimeInterval(-ago)
    try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: path)
  }

  @Test("of two that want a run at the same time, one gets it", arguments: [false, true]) func races(_ isStale: Bool)
    throws
  {
    let folder = try TemporaryFolder()
    for _ in 0..<1000 {
      let run = try Self.run(folder)
      if isStale { try Self.foreign(run, 1, seen: 1000) }
      let owners = Mutex<[RunLock]>([]), refusals = Atomic(0), ready = Atomic(0)
      // Threads of their own: those of a pool might run one after the other.
      let threads = (0..<2).compactMap { _ in
        SystemThread {
          ready.add(1, ordering: .sequentiallyConsistent)
          while ready.load(ordering: .acquiring) < 2 {}
          do {
            let lock = try RunLock(run, store: Self.lockless)
            owners.withLock { $0.append(lock) }
          } catch is RunLockedError {
            refusals.add(1, ordering: .relaxed)
          } catch { Issue.record("\(error)") }
        }
      }
      try #require(threads.count == 2)
      for thread in threads { thread.join() }
      let count = owners.withLock { $0.count }
      #expect(count == 1 && refusals.load(ordering: .relaxed) == 1)
      owners.withLock { $0 = [] }
      try FileManager.default.removeItem(atPath: run.path)
    }
  }

  @Test("an owner on another machine is left alone while it gives signs, and followed when it has given none for long")
  func signs() throws {
    let folder = try TemporaryFolder()
    for store in [Self.lockless, FileStore()] {
      let run = try Self.run(folder)
      try Self.foreign(run, 1, seen: 12)
      let error = #expect(throws: RunLockedError.self) { try RunLock(run, store: store) }
      let holder = try #require(error?.holder)
      #expect(holder.hasPrefix("process 4711 on node7, seen 1") && holder.hasSuffix(" s ago"), "\(holder)")
      #expect(RunLock.isHeld(run) && RunLock.remoteHolder(run)?.hasPrefix("process 4711 on node7, seen 1") == true)
      try RunStatus(state: .running, step: 3, seconds: 1).write(to: run)
      let record = RunRecord(run)
      #expect(record.state == .running && record.stateText.hasPrefix("running by process 4711 on node7, seen 1"))
      try Self.foreign(run, 1, seen: 100)
      #expect(!RunLock.isHeld(run) && RunRecord(run).state == .killed && RunRecord(run).stateText == "killed")
      _ = try RunLock(run, store: store)
      // Nothing is left that looks like a run.
      #expect(try FileManager.default.contentsOfDirectory(atPath: run.path).allSatisfy { !$0.hasPrefix(".") })
    }
  }

  @Test("the times are the server's: an owner whose clock is an hour off is as alive as its file is young")
  func clocks() throws {
    // A time that this machine's clock has not reached can only come from the server.
    let folder = try TemporaryFolder()
    let run = try Self.run(folder)
    try Self.foreign(run, 1, seen: -3600)
    let error = #expect(throws: RunLockedError.self) { try RunLock(run, store: Self.lockless) }
    #expect(error?.holder?.hasSuffix("seen 0 s ago") == true)
  }

  @Test("one that is done has said so, and one of this machine that is dead need not be waited for") func ended() throws
  {
    let folder = try TemporaryFolder()
    let run = try Self.run(folder)
    _ = try RunLock(run, store: Self.lockless)
    #expect(!RunLock.isHeld(run))
    _ = try RunLock(run, store: Self.lockless)
    #expect(folder.bytes(run.name + "/owner-000002") != nil)
    // The same words with the number of a process that does not exist, and with a start that is not the process's.
    let own = try #require(folder.bytes(run.name + "/owner-000002")).split(separator: UInt8(ascii: "\n"))[0]
    let text = String(decoding: own, as: UTF8.self)
    for (old, new) in [(#""process":\#(getpid())"#, #""process":999999999"#), (#""start":""#, #""start":"7"#)] {
      try #require(text.contains(old))
      try Self.foreign(run, 3, seen: 1, text.replacing(old, with: new) + "\n")
      #expect(!RunLock.isHeld(run))
    }
    // And with what is true, this process holds it.
    try Self.foreign(run, 3, seen: 1000, text + "\n")
    #expect(RunLock.isHeld(run))
  }

  @Test("a file that says nothing is an owner until it is old", arguments: ["", "{}", "x", "\n"]) func damaged(
    _ text: String
  ) throws {
    let folder = try TemporaryFolder()
    let run = try Self.run(folder)
    try Self.foreign(run, 1, seen: 5, text)
    #expect(throws: RunLockedError.self) { try RunLock(run, store: Self.lockless) }
    try Self.foreign(run, 1, seen: 200, text)
    _ = try RunLock(run, store: Self.lockless)
  }

  @Test("who steals has the run, and who had it writes nothing more and leaves no word") func stolen() throws {
    let folder = try TemporaryFolder()
    let run = try Self.run(folder)
    let first = try RunLock(run, interval: 0.02, store: Self.lockless)
    try first.confirm()
    let second = try RunLock(run, steals: true, store: Self.lockless)
    try second.confirm()
    var isTaken = false
    for _ in 0..<500 where !isTaken {
      usleep(10_000)
      do { try first.confirm() } catch let error as RunTakenError {
        #expect(error.exit == .tryAgain && error.description.contains("taken by process \(getpid()) on "))
        isTaken = true
      }
    }
    #expect(isTaken)
    try second.confirm()
    // Others see the thief, whatever the first one says at its end.
    let error = #expect(throws: RunLockedError.self) { try RunLock(run, store: Self.lockless) }
    #expect(error?.holder?.hasPrefix("process \(getpid())") == true)
    withExtendedLifetime((first, second)) {}
  }

  @Test("the files of former owners do not pile up") func many() throws {
    let folder = try TemporaryFolder()
    let run = try Self.run(folder)
    for _ in 0..<60 { _ = try RunLock(run, store: Self.lockless) }
    let names = try FileManager.default.contentsOfDirectory(atPath: run.path).filter { $0.hasPrefix("owner-") }.sorted()
    #expect(names.count <= 17 && names.last == "owner-000060")
  }
}
