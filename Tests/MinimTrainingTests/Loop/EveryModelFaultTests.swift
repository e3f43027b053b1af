import Foundation
import MinimConfiguration
import MinimFiles
import MinimModels
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// A run of each model, one of whose calls of the system fails, or after whose call the process is gone: a clean error or
/// none, valid checkpoints, and the same bits after a resume.
@Suite struct EveryModelFaultTests {
  private static func experiment(_ run: TinyRun) throws -> Experiment {
    try Experiment(ConfigurationSource(texts: [("tiny.json", run.config())], overrides: []), models: NamedModel.all)
  }

  private static func train(_ experiment: Experiment, in directory: RunDirectory, _ store: FileStore) throws {
    var options = SmallRun.options()
    (options.store, options.drawsPictures) = (store, false)
    guard case .done = try TrainingRun(experiment, in: directory, options).train() else { throw SmallRun.NotDone() }
  }

  /// The bits that a run has come to: its metrics, its diagnostics, and its parameters and moments.
  private static func bits(_ directory: RunDirectory) throws -> [[UInt8]] {
    let files = try [directory.metrics, directory.diagnostics].map { try FileStore().readIfPresent($0) ?? [] }
    return files + (try Safetensors(contentsOf: directory.checkpoint(step: 6)).tensors.map(\.bytes))
  }

  @Test("tiny runs of all models are here") func all() {
    #expect(Set(TinyRun.all.map(\.model)) == Set(NamedModel.all.map(\.name)))
  }

  @Test("a fault at a call of a run", arguments: TinyRun.all.indices) func run(_ index: Int) throws {
    let folder = try TemporaryFolder()
    let experiment = try Self.experiment(TinyRun.all[index])
    var count = 0
    let calls = EveryCall {
      count += 1
      return try SmallRun.directory(folder, "\(count)")
    } work: { directory, store in
      try Self.train(experiment, in: directory, store)
    } outcome: {
      try Self.bits($0)
    } check: {
      try Self.checkCheckpoints($0, experiment)
    }
    try calls.fail("a run of \(TinyRun.all[index])", from: index, least: 50)
  }

  @Test("a fault at a call of a resume", arguments: TinyRun.all.indices) func resume(_ index: Int) throws {
    let folder = try TemporaryFolder()
    let experiment = try Self.experiment(TinyRun.all[index])
    let stopped = try SmallRun.directory(folder, "stopped")
    try Self.train(experiment, in: stopped, FileStore())
    let uninterrupted = try Self.bits(stopped)
    try stopped.cut(after: 2)
    var count = 0
    let calls = EveryCall {
      count += 1
      let copy = RunDirectory(path: folder["\(count)"])
      try FileManager.default.copyItem(atPath: stopped.path, toPath: copy.path)
      return copy
    } work: { directory, store in
      try Self.train(experiment, in: directory, store)
    } outcome: { directory in
      let bits = try Self.bits(directory)
      #expect(bits == uninterrupted)
      return bits
    } check: { directory in
      try Self.checkCheckpoints(directory, experiment)
      #expect(try directory.checkpointSteps().contains(2))
    }
    try calls.fail("a resume of \(TinyRun.all[index])", from: index, least: 30)
  }

  /// Checks that every checkpoint that is there is a whole one.
  private static func checkCheckpoints(_ directory: RunDirectory, _ experiment: Experiment) throws {
    for step in try directory.checkpointSteps() {
      _ = try Checkpoint(directory.checkpoint(step: step), experiment: experiment)
    }
  }
}
