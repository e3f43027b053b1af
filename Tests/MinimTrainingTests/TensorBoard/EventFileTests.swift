import Glibc
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// How event files come to be, grow, and take each other's place.
@Suite struct EventFileTests {
  private static func line(_ step: Int) -> String { "{\"step\":\(step),\"x\":\(step)}\n" }

  @Test("a file grows by what is new, by whole lines and never ahead of its step") func growth() throws {
    let folder = try EventFolder()
    try folder.put(Self.line(10), "metrics.jsonl")
    _ = try folder.draw("step-00000010.png", step: 10)
    _ = try folder.draw("step-00000030.png", step: 30)
    let file = try EventFile(of: folder.run, in: folder.events, upTo: 10)
    func steps() throws -> [Int] { try folder.read().dropFirst(2).map(\.step) }
    let first = try folder.bytes()
    #expect(try steps() == [10, 10])
    try file.update(upTo: 10)
    #expect(try folder.bytes() == first)
    try folder.put(Self.line(10) + Self.line(20) + #"{"step":30,"#, "metrics.jsonl")
    try file.update(upTo: 20)
    #expect(try steps() == [10, 10, 20])
    let redrawn = try folder.draw("step-00000030.png", step: 30, shade: 7)
    try folder.put(Self.line(10) + Self.line(20) + Self.line(30), "metrics.jsonl")
    try file.update(upTo: 30)
    #expect(try steps() == [10, 10, 20, 30, 30] && folder.read().last?.values[0].picture?.png == redrawn)
    #expect(try folder.bytes().starts(with: first) && folder.names == ["events.out.tfevents.1800000000.minim"])

    let other = folder.folder["other"]
    _ = try EventFile(of: folder.run, in: other)
    let whole = try FileStore().read(other + "/events.out.tfevents.1800000000.minim")
    #expect(try EventReader.lines(whole) == EventReader.lines(folder.bytes()))
  }

  @Test("a later file takes the place of the one before, however that was left; others' files stay")
  func succession() throws {
    let folder = try EventFolder()
    try folder.put(Self.line(1), "metrics.jsonl")
    var file: EventFile? = try EventFile(of: folder.run, in: folder.events)
    let foreign = "events.out.tfevents.1700000000.host"
    try folder.put("theirs", "events/" + foreign)
    // Somebody writes: another must not.
    #expect(throws: RunLockedError.self) { try EventFile(of: folder.run, in: folder.events) }
    #expect(file?.path == folder.events + "/events.out.tfevents.1800000000.minim")
    file = nil
    let names = [0, 41, 42, 43].map { "events.out.tfevents.\(1_800_000_000 + $0).minim" }
    let whole = try folder.bytes(of: names[0])
    try folder.folder.put(Array(whole.dropLast(5)), "events/" + names[1])
    try folder.put("half a file", "events/.unfinished.7-1.tmp")
    _ = try EventFile(of: folder.run, in: folder.events)
    // A reader that is in the middle of one finds it empty, and goes on.
    #expect(folder.names == [foreign] + names[0...2])
    #expect(try names[0...2].map { try folder.bytes(of: $0) } == [[], [], whole])
    _ = try EventFile(of: folder.run, in: folder.events)
    #expect(folder.names == [foreign] + names[2...3])
    #expect(try names[2...3].map { try folder.bytes(of: $0) } == [[], whole])
  }

  @Test("a run without metrics is an error, and nothing is made") func nothing() throws {
    let folder = try EventFolder()
    try FileStore().remove(folder.run.metrics)
    let error = #expect(throws: FileError.self) { try EventFile(of: folder.run, in: folder.events) }
    #expect(error?.exit == .missingInput && !FileStore().exists(folder.events))
  }

  @Test("whatever call fails, there are whole records only, and the next update makes up for it") func faults() throws {
    var failures = 0
    for failing in 0..<60 {
      let folder = try EventFolder()
      try folder.put(Self.line(1), "metrics.jsonl")
      _ = try folder.draw("step-00000001.png", step: 1)
      let store = FileStore(faults: FileFaults { call, _ in call == failing ? .error(ENOSPC) : .shortWrite })
      let file: EventFile
      do {
        file = try EventFile(of: folder.run, in: folder.events, store: store)
      } catch {
        failures += 1
        for name in folder.names where name.hasPrefix("events") {
          _ = try EventReader.events(folder.bytes(of: name))
        }
        continue
      }
      try folder.put(Self.line(1) + Self.line(2), "metrics.jsonl")
      // One call fails: a second try must do.
      if (try? file.update(upTo: 2)) == nil {
        failures += 1
        #expect(try folder.read().count <= 5)
        try file.update(upTo: 2)
      }
      let steps = try folder.read().dropFirst(2).filter { $0.values[0].tag == "x" }.map(\.step)
      #expect(steps == [1, 2], "\(failing)")
    }
    #expect(failures > 20)
  }
}
