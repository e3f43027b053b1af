import Foundation
import Glibc
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
  /// The long suite has a fault at every call, each CI run at a few.
  private static let isLong = ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] != nil

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

  @Test("small runs of all models are here") func all() {
    #expect(Set(TinyRun.all.map(\.name)) == Set(NamedModel.all.map(\.name)))
  }

  @Test("a fault at a call", arguments: TinyRun.all.indices) func faults(_ index: Int) throws {
    let folder = try TemporaryFolder()
    let experiment = try Self.experiment(TinyRun.all[index])
    let whole = try SmallRun.directory(folder, "whole")
    let counting = FileFaults { _, _ in nil }
    try Self.train(experiment, in: whole, FileStore(faults: counting))
    let expected = try Self.bits(whole), calls = counting.log.count
    #expect(calls > 50)
    let kinds: [(name: String, lasts: Bool, fault: FileFault)] = [
      ("EIO", false, .error(EIO)), ("full", true, .error(ENOSPC)), ("EINTR", false, .error(EINTR)),
      ("short", true, .shortWrite), ("gone", true, .error(EIO)),
    ]
    // Another kind and other places for each model: all of them together come to every kind.
    let stride = Self.isLong ? 1 : calls / 6
    for call in Swift.stride(from: Self.isLong ? 0 : index, to: calls, by: stride) {
      let kind = kinds[(index + call) % kinds.count]
      let directory = try SmallRun.directory(folder, "\(call)")
      let faults = FileFaults { number, _ in number == call || (kind.lasts && number > call) ? kind.fault : nil }
      do {
        try Self.train(experiment, in: directory, FileStore(faults: faults))
        #expect(try Self.bits(directory) == expected, "\(kind.name) at \(call)")
      } catch {
        #expect(
          [ExitStatus.inputOutput, .cannotCreate].contains(ExitStatus(error)), "\(kind.name) at \(call): \(error)")
        #expect(![.error(EINTR), .shortWrite].contains(kind.fault), "\(kind.name) at \(call)")
      }
      for step in try directory.checkpointSteps() {
        _ = try Checkpoint(directory.checkpoint(step: step), experiment: experiment)
      }
      try Self.train(experiment, in: directory, FileStore())
      #expect(try Self.bits(directory) == expected, "after \(kind.name) at \(call)")
      Reliability.record(6, "faults in runs", 1)
    }
  }
}
