import Foundation
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// Whole runs in folders of their own: what they leave behind, and that it does not depend on how they were run.
@Suite struct TrainingRunTests {
  // MARK: - The folder

  @Test func aFinishedRunHasItsFiles() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let run = try TrainingRun(SmallRun.experiment(), in: directory, SmallRun.options())
    guard case .done = try run.train() else { throw SmallRun.NotDone() }
    let claims = try run.concluded().claims
    #expect(
      directory.names(directory.path) == [
        "checkpoints", "claims.json", "config.json", "evaluation.json", "lock", "manifest.json", "metrics.jsonl",
        "report.html", "samples",
        "sources.json",
        "status.json", "timing.jsonl",
      ])
    #expect(directory.names(directory.checkpoints) == [20, 40, 60].map { "step-000000\($0).safetensors" })
    #expect(
      directory.names(directory.samples) == [
        "final.npy", "receptive-field.png", "receptive-field.svg", "step-00000030.png", "step-00000060.png",
      ])

    #expect(try directory.json(directory.config) == run.experiment.resolved)
    #expect(try directory.json(directory.sources)["seed"]?.string == "file small.json:3:3")
    let manifest = try directory.json(directory.manifest)
    #expect(
      manifest["config"]?.string == run.experiment.configHash && manifest["data"]?.string == run.experiment.dataHash)
    #expect(manifest["seed"] == 5 && manifest["layout"]?.array?.first?["path"] == "masked.0.weight")
    let status = try directory.json(directory.status)
    #expect(status.object?.keys == ["state", "step", "exitCode", "seconds", "checkpoint", "loss", "claims"])
    #expect(status["state"] == "done" && status["step"] == 60 && status["exitCode"] == 0)
    let written = try directory.json(directory.claims)
    #expect(written.object?.keys == ["version", "claims"] && written["version"] == 1)
    #expect(written["claims"]?.array == claims.map(\.json))
    #expect(claims.map(\.id) == ["P1", "P1b", "P2", "P3", "P4", "P5", "P5b", "T1", "T2", "T3", "T5", "T5b"])
    #expect(claims.allSatisfy { !$0.provesBug }, "\(claims.filter(\.provesBug))")
  }

  @Test func metricsHaveTheShapeThatIsPromised() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try SmallRun.trained(in: directory)
    let rows = try directory.metricsText.split(separator: "\n").map { try JSONParser.parse(String($0)).json }
    #expect(rows.compactMap { $0["step"]?.integer } == [7, 14, 21, 28, 35, 42, 49, 56, 60])
    for row in rows {
      #expect(row.object?.keys == ["step", "epoch", "examples", "nll", "gradientNorm"])
      #expect((row["nll"]?.number ?? 0) > 0 && (row["gradientNorm"]?.number ?? 0) > 0)
    }
    // Batches of 5, 5 and 4 of 14 examples: step 7 is the first of the third epoch.
    #expect(rows[0]["epoch"] == 3 && rows[0]["examples"] == 33)
    #expect(rows[8]["epoch"] == 20 && rows[8]["examples"] == 280)
    #expect((rows[8]["nll"]?.number ?? .infinity) < rows[0]["nll"]?.number ?? 0)
    let timing = try String(contentsOfFile: directory.timing, encoding: .utf8).split(separator: "\n")
      .map { try JSONParser.parse(String($0)).json }
    #expect(timing.compactMap { $0["step"]?.integer } == rows.compactMap { $0["step"]?.integer })
    #expect(timing.allSatisfy { $0.object?.keys == ["step", "seconds", "secondsPerStep"] })
  }

  @Test("only the checkpoints that are asked for are kept")
  func retention() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try SmallRun.trained(
      ["intervals.checkpoint=5", "intervals.keepLast=2", "intervals.keepEvery=25"], in: directory)
    let best = try Checkpoint(directory.checkpoint(step: 60), experiment: SmallRun.experiment()).best?.step
    #expect(try directory.checkpointSteps() == Set([25, 50, 55, 60, best ?? 0]).sorted())
  }

  // MARK: - Going on

  @Test(
    "a resumed run ends with the bits of one that was not stopped", arguments: [0, 20, 40, 60],
    ["adam", "sgd", "adamw", "muon"])
  func resume(_ cut: Int, optimizer: String) throws {
    let folder = try TemporaryFolder()
    let others = ["sgd": ["optimizer.momentum=0.9"], "adamw": ["optimizer.averageDecay=0.99"]]
    let overrides = ["optimizer.name=\(optimizer)"] + (others[optimizer] ?? [])
    let whole = try SmallRun.directory(folder, "whole")
    let parameters = try SmallRun.trained(overrides, in: whole)
    let killed = RunDirectory(path: folder["killed"])
    try FileManager.default.copyItem(atPath: whole.path, toPath: killed.path)
    try killed.cut(after: cut)
    // What the killed run had written after its last checkpoint, the last line in half, and a checkpoint in the making.
    let extra = whole.metricsText + #"{"step":61,"epo"#
    try extra.write(toFile: killed.metrics, atomically: false, encoding: .utf8)
    let halfWritten = try #require(Self.temporaryName(in: killed))
    try "half".write(toFile: halfWritten, atomically: false, encoding: .utf8)

    let again = try SmallRun.trained(overrides, in: killed, workers: 3)
    #expect(again.map(\.bitPattern) == parameters.map(\.bitPattern))
    #expect(killed.metricsText == whole.metricsText && !whole.metricsText.isEmpty)
    let files = try [whole, killed].map { try Safetensors(contentsOf: $0.checkpoint(step: 60)) }
    #expect(files[0].tensors == files[1].tensors)
    #expect(try killed.checkpointSteps() == [20, 40, 60])
    #expect(!FileManager.default.fileExists(atPath: halfWritten))
  }

  /// A name such as a killed writer leaves behind.
  private static func temporaryName(in run: RunDirectory) -> String? {
    [".step-00000060.safetensors.1-1.tmp"].first(where: FileStore.isTemporary)
      .map { Path.join(run.checkpoints, $0) }
  }

  /// A relation between metrics of one clock: whatever it shows.
  @Test("a resumed run counts the seconds on, and divides them by its own steps")
  func timesOfAResumedRun() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try SmallRun.trained(in: directory)
    for step in [40, 60] { try FileManager.default.removeItem(atPath: directory.checkpoint(step: step)) }
    let before = try Checkpoint(directory.checkpoint(step: 20), experiment: SmallRun.experiment()).seconds
    try SmallRun.trained(in: directory)
    let rows = try String(contentsOfFile: directory.timing, encoding: .utf8).split(separator: "\n")
      .map { try JSONParser.parse(String($0)).json }
    #expect(rows.compactMap { $0["step"]?.integer } == [7, 14, 21, 28, 35, 42, 49, 56, 60])
    let seconds = rows.compactMap { $0["seconds"]?.number }
    #expect(seconds == seconds.sorted() && seconds[2] >= before)
    for (index, last) in [(2, (step: 20, seconds: before)), (3, (step: 21, seconds: seconds[2]))] {
      let perStep = rows[index]["secondsPerStep"]?.number ?? 0
      let steps = Double((rows[index]["step"]?.integer ?? 0) - last.step)
      #expect(abs(perStep * steps - (seconds[index] - last.seconds)) < 1e-7)
    }
  }

  @Test("metrics that a checkpoint counts on and that are gone are an error")
  func lostMetrics() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    try SmallRun.trained(in: directory)
    try "".write(toFile: directory.metrics, atomically: false, encoding: .utf8)
    let error = #expect(throws: ResumeError.self) { try SmallRun.trained(in: directory) }
    #expect(error?.exit == .badData && error?.cause.description.contains(directory.metrics) == true)
  }

  @Test func aRunHasOneWriter() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let first = try TrainingRun(SmallRun.experiment(), in: directory, SmallRun.options())
    let error = #expect(throws: RunLockedError.self) {
      _ = try TrainingRun(SmallRun.experiment(), in: directory, SmallRun.options())
    }
    #expect(error?.exit == .tryAgain)
    guard case .done = try first.train() else { throw SmallRun.NotDone() }
  }

  // MARK: - The same bits

  @Test("the same bytes of metrics and samples for any number of workers, every fused level, any intervals")
  func sameBytes() throws {
    let folder = try TemporaryFolder()
    let reference = try SmallRun.directory(folder, "reference")
    let parameters = try SmallRun.trained(in: reference)
    let image = try Data(contentsOf: .init(fileURLWithPath: reference.sample(step: 60)))
    let rows = reference.metricsText.split(separator: "\n")
    for level in KernelLevel.bitExact {
      for workers in [1, 2, 3, 7] {
        let directory = try SmallRun.directory(folder, "\(level)-\(workers)")
        let again = try SmallRun.trained(in: directory, workers: workers, level: level)
        #expect(again.map(\.bitPattern) == parameters.map(\.bitPattern))
        #expect(directory.metricsText == reference.metricsText)
        #expect(try Data(contentsOf: .init(fileURLWithPath: directory.sample(step: 60))) == image)
      }
    }
    let often = try SmallRun.directory(folder, "often")
    let again = try SmallRun.trained(
      ["intervals.log=1", "intervals.samples=9", "intervals.checkpoint=13", "samples=2"], in: often, workers: 2)
    #expect(again.map(\.bitPattern) == parameters.map(\.bitPattern))
    let common = often.metricsText.split(separator: "\n").filter(rows.contains)
    #expect(common == rows && often.metricsText.split(separator: "\n").count == 60)
    // The control: another seed is another run.
    let other = try SmallRun.directory(folder, "other")
    try SmallRun.trained(["seed=6"], in: other)
    #expect(Set(other.metricsText.split(separator: "\n")).isDisjoint(with: rows))
  }

  @Test func doublePrecision() throws {
    let folder = try TemporaryFolder()
    let runs = try ["float32", "float64"].map { precision in
      let directory = try SmallRun.directory(folder, precision)
      return (directory, try SmallRun.trained(["precision=\(precision)"], in: directory))
    }
    #expect(runs[1].1.contains { Double(Float($0)) != $0 })
    for (single, double) in zip(runs[0].1, runs[1].1) { #expect(abs(single - double) < 1e-2) }
    let losses = try runs.map { run in
      try run.0.metricsText.split(separator: "\n").compactMap { try JSONParser.parse(String($0)).json["nll"]?.number }
    }
    for (single, double) in zip(losses[0], losses[1]) { #expect(abs(single - double) < 1e-3 * double) }
  }

  // MARK: - Divergence

  @Test("a run that diverges says so and keeps its last finite parameters")
  func divergence() throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let overrides = [
      "optimizer.name=sgd", "optimizer.learningRate=1e6", #"optimizer.schedule={"name":"constant","warmUp":0}"#,
      "optimizer.weightDecay=1", "intervals.log=1", "intervals.checkpoint=1",
    ]
    let run = try TrainingRun(SmallRun.experiment(overrides), in: directory, SmallRun.options())
    guard case .diverged(let bad) = try run.train() else { throw SmallRun.NotDone() }
    #expect((2...60).contains(bad.step))
    #expect("\(bad)".hasPrefix("step \(bad.step): loss "))
    let status = try RunStatus(of: directory)
    #expect(status.state == .diverged && status.exit?.rawValue == 3 && status.step == bad.step - 1)
    let steps = try directory.checkpointSteps()
    #expect(steps.last == bad.step - 1)
    for step in steps {
      let file = try Safetensors(contentsOf: directory.checkpoint(step: step))
      #expect(file.tensors.allSatisfy { $0.float32?.allSatisfy(\.isFinite) == true })
    }
    #expect(directory.metricsText.split(separator: "\n").count == bad.step - 1)
    #expect(!directory.metricsText.contains("NaN") && !directory.metricsText.contains("Infinity"))
  }

  /// An infinite weight shows in the next loss, unless it ends in a function that saturates: then first when it is saved.
  @Test(
    "parameters that a step made infinite are never saved; the checkpoint before them stays",
    arguments: ["output.bias", "masked.0.weight"])
  func divergenceOfTheParameters(_ path: String) throws {
    let folder = try TemporaryFolder()
    let directory = try SmallRun.directory(folder)
    let overrides = ["model.activation=tanh", "model.residual=false"]
    let whole = try SmallRun.trained(overrides, in: directory)
    for step in [40, 60] { try FileManager.default.removeItem(atPath: directory.checkpoint(step: step)) }
    do {
      let experiment = try SmallRun.experiment(overrides + ["intervals.checkpoint=21"])
      let run = try TrainingRun(experiment, in: directory, SmallRun.options())
      // As a step too long would leave it.
      let entry = try #require(run.experiment.model.parameters.entries.first { $0.path == path })
      run.trained.parameters[entry] = [.infinity] + run.trained.parameters[entry].dropFirst()
      guard case .diverged(let bad) = try run.train() else { throw SmallRun.NotDone() }
      #expect(bad.step == 21)
      #expect(bad.value?.parameterPaths.contains(path) == true, "\(bad)")
    }
    #expect(try directory.checkpointSteps() == [20])
    #expect(try RunStatus(of: directory).state == .diverged)
    // Going on begins with the finite checkpoint.
    #expect(try SmallRun.trained(overrides, in: directory) == whole)
  }

  // MARK: - Claims that must fail

  @Test("a control's expected failures are no errors, an expected failure that holds is one")
  func expectations() throws {
    let folder = try TemporaryFolder()
    let small = ["model.channels=2", "model.pointwiseLayers=0"]
    let leaking = small + ["model.masks=[\"B3\",\"B3\"]", "model.allowLeak=true"]
    let expected = #"expect={"P2":"fails","P3":"fails"}"#
    func claims(_ overrides: [String], _ name: String) throws -> [String: Claim] {
      let directory = try SmallRun.directory(folder, name)
      let run = try TrainingRun(SmallRun.experiment(overrides), in: directory, SmallRun.options())
      guard case .done = try run.train() else { throw SmallRun.NotDone() }
      return Dictionary(uniqueKeysWithValues: try run.concluded().claims.map { ($0.id, $0) })
    }
    let control = try claims(leaking + [expected], "control")
    #expect(control["P2"]?.verdict == .expectedFailure && control["P2"]?.provesBug == false)
    // The receptive fields are those of the masks, also of masks that leak; and there is nothing to draw from.
    #expect(control["P1"]?.verdict == .holds)
    #expect(control["P4"]?.verdict == .notApplicable && control["P5"]?.verdict == .notApplicable)
    #expect(control["P3"]?.verdict == .expectedFailure && control["P3"]?.provesBug == false)
    #expect(abs((control["P2"]?.measured ?? 1) - 1) > 0.1)
    let undeclared = try claims(leaking, "undeclared")
    #expect(undeclared["P2"]?.provesBug == true)
    let holding = try claims(small + [#"expect={"P2":"fails"}"#], "holding")
    #expect(holding["P2"]?.verdict == .fails && holding["P2"]?.provesBug == true)
    #expect(holding["P1"]?.verdict == .holds)
  }

  // MARK: - Signals

  @Test func exitCodesOfSignals() {
    #expect(ExitStatus.stopped(by: SIGTERM).rawValue == 143 && ExitStatus.stopped(by: SIGINT).rawValue == 130)
    #expect(Interruption.signal == nil)
  }
}
