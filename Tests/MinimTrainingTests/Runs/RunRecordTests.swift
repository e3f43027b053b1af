import Foundation
import MinimConfiguration
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// What is read back of a run's files, whole or damaged.
@Suite struct RunRecordTests {
  @Test("a trained run: its settings, state, loss and claims") func trained() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let run = try TrainingRun(SmallRun.experiment(), in: directory, SmallRun.options())
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    let claims = try run.concluded().claims
    let record = RunRecord(directory)
    #expect(record.state == .done && record.step == 60 && record.loss?.name == "nll")
    #expect(record.value("optimizer.schedule.warmUp") == "5" && record.value("model") == "pixelcnn")
    #expect(record.value("model.masks") == #"["A3","B3"]"# && record.value("nothing") == nil)
    #expect(record.verdicts.counts.reduce(0) { $0 + $1.count } == claims.count && record.claims.contains("hold"))

    let metrics = try RunMetrics(directory)
    #expect(metrics.lossName == "nll" && metrics.series("nll").map(\.x) == [7, 14, 21, 28, 35, 42, 49, 56, 60])
    #expect(metrics.series("nll").last?.y == record.loss?.value && metrics.series("nothing").isEmpty)

    // Claims come back as they were written.
    let json = try directory.json(directory.claims)
    let back = Claim.all(inFile: json)
    #expect(back == claims && back.map(\.provesBug) == claims.map(\.provesBug))
  }

  @Test("a cut line and damaged files are no error") func damaged() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try SmallRun.trained(in: directory)
    let whole = RunRecord(directory)
    try (directory.metricsText + #"{"step":61,"nll"#).write(
      toFile: directory.metrics, atomically: true, encoding: .utf8)
    #expect(RunRecord(directory).loss?.value == whole.loss?.value && RunRecord(directory).step == 60)
    #expect(try RunMetrics(directory).series("nll").count == 9)
    for path in [directory.config, directory.status, directory.claims] {
      try "{".write(toFile: path, atomically: true, encoding: .utf8)
    }
    let record = RunRecord(directory)
    #expect(record.state == .unknown && record.settings.isEmpty && record.verdicts.counts.isEmpty && record.step == 60)
  }

  @Test("numbers that are not finite are strings in the file") func infinite() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try #"{"step":1,"epoch":0,"examples":5,"nll":"inf","gradientNorm":2}"#.appending("\n").write(
      toFile: directory.metrics, atomically: true, encoding: .utf8)
    #expect(RunRecord(directory).loss?.value == .infinity)
  }
}
