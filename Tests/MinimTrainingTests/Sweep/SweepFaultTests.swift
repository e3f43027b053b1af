import Foundation
import Glibc
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// A sweep, one of whose calls of the system fails: its members, its table and its page become what they are without the
/// fault.
@Suite struct SweepFaultTests {
  /// A member that failed, as the program's exit status tells.
  private struct Failed: ReportedError {
    let outcome: SweepRun.Outcome
    var exit: MinimFiles.ExitStatus { outcome.exit }
    var description: String { outcome.message ?? "no message" }
  }

  /// The folder of the only sweep in a folder of runs, once it has a description; nil before.
  private static func sweep(in runs: String, _ store: FileStore = FileStore()) throws -> SweepDirectory? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: runs)) ?? []
    let paths = names.filter { $0.contains("-sweep-") }.map { runs + "/" + $0 }
    let path = paths.first { FileManager.default.fileExists(atPath: $0 + "/sweep.json") }
    return try path.map { try SweepDirectory(path: $0, store: store) }
  }

  /// Begins a sweep, or goes on with the one that is there, to its end.
  private static func train(in runs: String, _ store: FileStore) throws {
    let texts = [(name: "game.json", text: TinyRun.named("bilinear").config())]
    let sweep =
      try sweep(in: runs, store)
      ?? SweepDirectory(in: runs, name: "game", configs: texts, grid: SweepGrid(["seed=0,1"]), store: store)
    var options = SweepRun.Options(level: .preferred)
    (options.workers, options.isQuiet, options.store) = (1, true, store)
    options.progress = .init(write: { _ in }, now: { 0 })
    let run = SweepRun(sweep, options) { try Experiment($0, models: SmallRun.models, loader: $1) }
    if let outcome = try run.train().first(where: { $0.exit != .success }) { throw Failed(outcome: outcome) }
  }

  /// All that a sweep comes to, by file. Times and the sweep's name are not the same in two sweeps.
  private static func contents(_ runs: String) throws -> [String: [UInt8]] {
    let sweep = try #require(try sweep(in: runs))
    var contents: [String: [UInt8]] = [:]
    for member in sweep.members.map(sweep.folder) {
      for path in [member.metrics, member.claims, member.evaluation, member.config] {
        contents[member.name.suffix(4) + "/" + Path.name(of: path)] = try FileStore().read(path)
      }
      let last = try Safetensors(contentsOf: member.checkpoint(step: 6))
      contents[member.name.suffix(4) + "/parameters"] = last.tensors.flatMap(\.bytes)
    }
    for path in [sweep.table, sweep.report] {
      let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: sweep.name, with: "SWEEP")
      contents[Path.name(of: path)] = Array(text.utf8)
    }
    contents["sweep.png"] = try FileStore().read(sweep.picture)
    return contents
  }

  /// Checks that what is there of the files about all members is whole, and that nothing else is.
  private static func check(_ runs: String) throws {
    guard let sweep = try sweep(in: runs) else { return }
    let names = try FileManager.default.contentsOfDirectory(atPath: sweep.path)
    #expect(
      Set(names).isSubset(of: ["0001", "0002", "sweep.json", "sweep.csv", "sweep.png", "report.html"]), "\(names)")
    if let page = try? String(contentsOfFile: sweep.report, encoding: .utf8) { #expect(page.hasSuffix("</html>\n")) }
    if let table = try? String(contentsOfFile: sweep.table, encoding: .utf8) {
      let rows = table.split(separator: "\n").dropFirst()
      #expect(Set(rows.map { $0.prefix { $0 != "," }.suffix(4) }) == ["0001", "0002"], "\(table)")
    }
  }

  @Test("a fault at a call") func faults() throws {
    let folder = try TemporaryFolder()
    var count = 0
    let calls = EveryCall {
      count += 1
      return folder["runs-\(count)"]
    } work: {
      try Self.train(in: $0, $1)
    } outcome: {
      try Self.contents($0)
    } check: {
      try Self.check($0)
    }
    try calls.fail("a sweep", few: 24, least: 150)
  }

  @Test("no table or page is made if the system does not let a file of a member be read") func unreadable() throws {
    let folder = try TemporaryFolder()
    try Self.train(in: folder.path, FileStore())
    let sweep = try #require(try Self.sweep(in: folder.path))
    let counting = FileFaults { _, _ in nil }
    try sweep.writeSummary(store: FileStore(faults: counting))
    let reads = counting.log.indices.filter { counting.log[$0] == .read }
    #expect(reads.count > 4)
    for path in [sweep.table, sweep.report] { try FileStore().remove(path) }
    for read in reads {
      let faults = FileFaults { call, _ in call == read ? .error(EIO) : nil }
      #expect(throws: FileError.self) { try sweep.writeSummary(store: FileStore(faults: faults)) }
      #expect(!FileStore().exists(sweep.table) && !FileStore().exists(sweep.report))
    }
  }
}
