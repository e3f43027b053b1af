import Foundation
import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// Pages and event files, one of whose calls of the system fails: the old page or the whole new one.
@Suite struct ReportFaultTests {
  /// A finished run with everything that a page shows, and a second one with another seed.
  private struct Finished {
    let folder: TemporaryFolder
    let runs: [RunDirectory]

    init() throws {
      folder = try TemporaryFolder()
      runs = try (5...6).map { [folder] seed in
        let directory = try SmallRun.directory(folder, "run-\(seed)")
        let run = try TrainingRun(SmallRun.experiment(["seed=\(seed)"]), in: directory, SmallRun.options())
        guard case .done = try run.train() else { throw SmallRun.NotDone() }
        try run.concluded()
        return directory
      }
    }
  }

  private static let old = "the page before"

  /// Lets each call of the writing of a page fail.
  private static func fail(
    _ name: String, _ page: String, least: Int, _ write: @escaping (FileStore) throws -> Void
  ) throws {
    func text() throws -> String { try String(contentsOfFile: page, encoding: .utf8) }
    try write(FileStore())
    let whole = try text()
    #expect(whole.hasSuffix("</html>\n"))
    let calls = EveryCall {
      try FileStore().writeAtomically(old, to: page)
    } work: { _, store in
      try write(store)
    } outcome: { _ in
      try text()
    } check: { _ in
      #expect([old, whole].contains(try text()))
      let names = try FileStore().list(Path.parent(of: page))
      #expect(!names.contains(where: FileStore.isTemporary), "\(names)")
    }
    try calls.fail(name, few: 12, least: least)
  }

  @Test("a fault while the page of a run is made") func run() throws {
    let finished = try Finished()
    let run = finished.runs[0]
    try Self.fail("the page of a run", run.report, least: 25) { try RunReport(run, store: $0).write() }
  }

  @Test("a fault while the page of a comparison is made") func comparison() throws {
    let finished = try Finished()
    let page = finished.folder["comparison.html"]
    try Self.fail("the page of a comparison", page, least: 25) { store in
      let comparison = RunComparison(finished.runs, store: store)
      try ComparisonReport(comparison).write(to: page, store: store)
    }
  }

  @Test("a fault while event files are made: readers see those before or all of the new ones") func events() throws {
    let finished = try Finished()
    let run = finished.runs[0], start = finished.folder["before"]
    _ = try EventFile(of: run, in: start)
    /// The events of the files that are not empty, without the time of the export.
    func events(_ folder: String) throws -> [[String]] {
      let files = try FileStore().list(folder).filter { $0.contains("tfevents") }
      return try files.map { try FileStore().read(Path.join(folder, $0)) }.filter { !$0.isEmpty }.map {
        try EventReader.lines($0)
      }
    }
    let whole = try events(start)[0]
    #expect(whole.count > 10)
    var count = 0
    let calls = EveryCall {
      count += 1
      let copy = finished.folder["events-\(count)"]
      try FileManager.default.copyItem(atPath: start, toPath: copy)
      return copy
    } work: { folder, store in
      _ = try EventFile(of: run, in: folder, store: store)
    } outcome: {
      try events($0)
    } check: { folder in
      // After the new file is there the old one is emptied: if that fails, the next writer does it.
      let left = try events(folder)
      #expect((1...2).contains(left.count) && left.allSatisfy { $0 == whole })
    }
    try calls.fail("an export of events", few: 12, least: 25)
  }
}
