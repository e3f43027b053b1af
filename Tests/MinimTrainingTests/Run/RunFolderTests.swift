import Foundation
import MinimFiles
import MinimTraining
import TestSupport
import Testing

/// What a user's words find: runs, sweeps, and the members of sweeps.
@Suite struct RunFolderTests {
  private static let time = 1_795_416_912

  /// A run, and a sweep of six of which the first three have begun.
  private static func folder() throws -> (folder: TemporaryFolder, run: RunDirectory, sweep: SweepDirectory) {
    let folder = try TemporaryFolder()
    let runs = folder["runs"]
    let run = try RunDirectory.create(in: runs, name: "vae", seed: 0, time: time) { 1 }
    try FileStore().writeAtomically("{}", to: run.config)
    let grid = try SweepGrid(["seed=0..2", "optimizer.learningRate=0.1,0.2"])
    let sweep = try SweepDirectory(in: runs, name: "game", configs: [("game.json", "{}")], grid: grid)
    for member in sweep.members.prefix(3) { _ = try sweep.directory(member) }
    return (folder, run, sweep)
  }

  @Test("a sweep and its members by path, name, prefix, number and latest") func names() throws {
    let (folder, run, sweep) = try Self.folder()
    let runs = folder["runs"]
    func find(_ selector: String) throws -> RunFolder { try RunFolder.locate(selector, in: runs) }
    // The newest is the sweep.
    for selector in ["latest", "latest/", sweep.name, String(sweep.name.dropLast(2)), sweep.path, runs + "/latest"] {
      #expect(try find(selector) == .sweep(path: sweep.path), "\(selector)")
    }
    let third = sweep.folder(sweep.grid.member(2))
    #expect(third.name == sweep.name + "/0003" && third.path == sweep.path + "/0003")
    for selector in [
      "latest/0003", "latest/3", "latest/3/", sweep.name + "/3", String(sweep.name.dropLast(2)) + "/0003",
      sweep.path + "/0003", runs + "/latest/0003",
    ] {
      #expect(try find(selector) == .run(third), "\(selector)")
    }
    #expect(try RunDirectory.locate("latest/3", in: runs) == third)
    #expect(try find(run.name) == .run(run))
    #expect(try RunFolder.all(in: runs).map(\.name) == [run.name, sweep.name].sorted())
    #expect(try RunDirectory.all(in: runs) == [run])
    // In the sweep's own folder its members go by their numbers.
    #expect(try RunDirectory.all(in: sweep.path).map(\.name) == ["0001", "0002", "0003"])
  }

  @Test("what cannot be found is told, with what there is") func errors() throws {
    let (folder, run, sweep) = try Self.folder()
    let runs = folder["runs"]
    func error(_ selector: String) -> RunLookupError? {
      #expect(throws: RunLookupError.self) { try RunDirectory.locate(selector, in: runs) }
    }
    #expect(error("latest") == .sweep(sweep.name, count: 6) && error("latest")?.exit == .usage)
    #expect(error("latest")?.description.contains("\(sweep.name)/0001") == true)
    for word in ["7", "0", "-1", "x", "00003x"] {
      #expect(error("latest/\(word)") == .noMember(word, sweep: sweep.name, count: 6), "\(word)")
    }
    #expect(error("latest/4") == .notBegun(sweep.name + "/0004", path: sweep.path))
    #expect(error(run.name + "/1") == .noSweep(run.name, run.name + "/1"))
    #expect(error("./none") == .noFolder("./none") && error("/none/none/1") == .noFolder("/none"))
    #expect(error("gone/1") == .none("gone", runs: runs, newest: [run.name, sweep.name].sorted()))
  }

  @Test("a sweep whose description is lost or damaged still has the members that have folders") func damaged() throws {
    let (folder, run, sweep) = try Self.folder()
    let runs = folder["runs"]
    let file = sweep.path + "/sweep.json"
    for text in ["{", "[]", #"{"configs":[],"axes":[],"draws":-3}"#, #"{"configs":[],"axes":[{"key":"a"}]}"#, nil] {
      if let text { try FileStore().writeAtomically(text, to: file) } else { try FileStore().remove(file) }
      #expect(throws: FileError.self) { try SweepDirectory(path: sweep.path) }
      let found = SweepDirectory(recovering: sweep.path)
      #expect(found.members.map(\.id) == ["0001", "0002", "0003"] && found.grid.variedKeys.isEmpty)
      let remark = try #require(found.remark)
      #expect(remark.hasPrefix("\(file): cannot ") && SweepRecord(path: sweep.path).remarks == [remark])
      #expect(try RunFolder.locate(sweep.name, in: runs) == .sweep(path: sweep.path), "\(text ?? "no file")")
    }
    // A run with a folder of that name is a run all the same.
    try FileManager.default.createDirectory(atPath: run.path + "/0001", withIntermediateDirectories: true)
    #expect(try RunFolder.locate(run.name, in: runs) == .run(run))
  }
}
