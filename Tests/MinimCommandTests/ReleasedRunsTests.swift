import Foundation
import MinimTraining
import TestSupport
import Testing

/// Runs of released versions, in `Tests/Fixtures/runs/VERSION/MODEL`: four steps of a tiny run. Every later version must read them
/// and go on with them. Before a release: `MINIM_WRITE_FIXTURES=1 ./test --filter ReleasedRunsTests` keeps those of the new version.
@Suite struct ReleasedRunsTests {
  private static let models = ["pixelcnn", "vae", "realnvp", "flow-matching", "gan", "simsiam"]

  private static func versions() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: fixture("runs").path).sorted()
  }

  @Test("this version's runs are kept, and written once only")
  func kept() throws {
    let folder = fixture("runs/\(minimVersion)")
    let isMissing = !FileManager.default.fileExists(atPath: folder.path)
    if isMissing, ProcessInfo.processInfo.environment["MINIM_WRITE_FIXTURES"] != nil {
      for model in Self.models { try Self.write(model, to: folder) }
    }
    #expect(try Self.versions().contains(minimVersion))
    for version in try Self.versions() {
      let kept = try FileManager.default.contentsOfDirectory(atPath: fixture("runs/\(version)").path)
      #expect(Set(kept) == Set(Self.models), "\(version)")
    }
  }

  @Test(
    "a run of a released version is listed, shown, sampled, evaluated, made a page, and gone on with", arguments: models
  )
  func read(_ model: String) throws {
    for version in try Self.versions() {
      let tiny = try TinyFolder(TinyRun.named(model)), path = tiny.scratch.path, run = "kept/run"
      try FileManager.default.createDirectory(atPath: path + "/kept", withIntermediateDirectories: false)
      try FileManager.default.copyItem(
        at: fixture("runs/\(version)/\(model)"), to: URL(fileURLWithPath: path + "/" + run))
      let commands = [
        ["list", "--runs", "kept"], ["report", run], ["eval", run], ["export", run, "--csv"],
        ["sample", run, "--count", "2"],
      ]
      for words in commands {
        let result = try Program("minim").run(words, in: path)
        #expect(result.exitCode == 0, "\(version), \(model): \(words[0]): \(result.errors)")
      }
      let shown = try Program("minim").run(["show", run], in: path)
      #expect(shown.exitCode == 0 && shown.output.contains("done at step 4"), "\(version), \(model): \(shown.output)")
      // The oracle is this version's own run of all six steps.
      let resumed = try Program("train").run(["resume", run, "training.steps=6", "--quiet"], in: path)
      #expect(resumed.exitCode == 0, "\(version), \(model): \(resumed.errors)")
      #expect(try tiny.train(in: "new").exitCode == 0)
      let (old, new) = (try tiny.bits(of: RunDirectory(path: path + "/" + run)), try tiny.bits(in: "new"))
      #expect(old.rows.count == 6)
      // The bits may change with the version, but not what is learned.
      if version == minimVersion { #expect(old == new, "\(model)") }
      let losses = [old, new].compactMap { $0.rows.last.flatMap(Self.loss) }
      #expect(losses.count == 2 && abs(losses[0] - losses[1]) <= 1e-5 * max(1, abs(losses[1])), "\(version), \(model)")
    }
  }

  /// The loss of a line of metrics: the first value after the counts.
  private static func loss(_ row: String) -> Double? {
    row.split(separator: ",").dropFirst(3).first?.split(separator: ":").last.flatMap { Double($0) }
  }

  /// Trains four steps and keeps the run without its lock, its page and its plots, which are made of the other files.
  private static func write(_ model: String, to folder: URL) throws {
    let tiny = try TinyFolder(TinyRun.named(model)), files = FileManager.default
    #expect(try tiny.train(in: "runs", ["training.steps=4"]).exitCode == 0)
    let run = URL(fileURLWithPath: tiny.run(in: "runs").path).resolvingSymlinksInPath()
    for name in ["report.html", "lock"] { try? files.removeItem(at: run.appendingPathComponent(name)) }
    let samples = run.appendingPathComponent("samples")
    for name in try files.contentsOfDirectory(atPath: samples.path)
    where name != "final.npy" && !name.hasPrefix("step-") {
      try files.removeItem(at: samples.appendingPathComponent(name))
    }
    try files.createDirectory(at: folder, withIntermediateDirectories: true)
    try files.copyItem(at: run, to: folder.appendingPathComponent(model))
  }
}
