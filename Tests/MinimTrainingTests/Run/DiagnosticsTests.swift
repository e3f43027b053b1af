import Foundation
import MinimConfiguration
import MinimFiles
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// What is seen of a model along its run: written at its steps, the same after a resume, and told once.
@Suite struct DiagnosticsTests {
  private static func run(in directory: RunDirectory, _ overrides: [String] = []) throws -> TrainingRun {
    try TrainingRun(
      Experiment(
        ConfigurationSource(texts: [("c.json", SiameseRun.config)], overrides: ["intervals.keepLast=10"] + overrides),
        models: SmallRun.models),
      in: directory, SmallRun.options())
  }

  private static func lines(_ directory: RunDirectory) throws -> [JSON] {
    try String(contentsOfFile: directory.diagnostics, encoding: .utf8).split(separator: "\n").map {
      try JSONParser.parse(Array($0.utf8)).json
    }
  }

  @Test("a line at the start and at each interval, with metrics, eigenvalues and the alarm; a picture of them")
  func lines() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    guard case .done = try Self.run(in: directory).train() else { throw SmallRun.NotDone() }
    let lines = try Self.lines(directory)
    #expect(lines.map { $0["step"]?.integer } == [0, 20, 40, 60, 80, 100, 120])
    #expect(lines.allSatisfy { $0["spectrum"]?.array?.count == 8 && $0["effectiveRank"]?.number != nil })
    // Without stop-gradient it collapses: there is an alarm at the end, and none at the start.
    #expect(lines[0]["alarm"] == .null && lines[6]["alarm"]?.string?.hasPrefix("Collapse: ") == true)
    #expect(FileManager.default.fileExists(atPath: directory.picture("diagnostics")))
  }

  @Test("a resumed run has the lines of the uninterrupted one") func resume() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    _ = try Self.run(in: directory).train()
    let whole = try String(contentsOfFile: directory.diagnostics, encoding: .utf8)
    for step in [80, 120] { try FileManager.default.removeItem(atPath: directory.checkpoint(step: step)) }
    _ = try Self.run(in: directory).train()
    #expect(try String(contentsOfFile: directory.diagnostics, encoding: .utf8) == whole)
    // Killed before its first checkpoint, it begins again.
    try directory.cut(after: 0)
    _ = try Self.run(in: directory).train()
    #expect(try String(contentsOfFile: directory.diagnostics, encoding: .utf8) == whole)
    // The control: another interval has other lines, and the same parameters and metrics.
    let other = try SmallRun.directory(folder, "b")
    _ = try Self.run(in: other, ["intervals.diagnostics=7"]).train()
    #expect(try String(contentsOfFile: other.diagnostics, encoding: .utf8) != whole)
    #expect(other.metricsText == directory.metricsText)
  }

  @Test("a model without diagnostics has no such file") func none() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try SmallRun.trained(["training.steps=10"], in: directory)
    #expect(!FileManager.default.fileExists(atPath: directory.diagnostics))
  }
}
