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
  /// The section "model" and the section "data" of a small run of each model.
  private static let runs: [(model: String, data: String)] = [
    (#""name":"pixelcnn","masks":["A3","B3"],"channels":2,"pointwiseLayers":0"#, bars),
    (#""name":"vae","latent":1,"encoder":[3],"decoder":[3],"likelihood":"bernoulli""#, bars),
    (#""name":"realnvp","couplings":2,"hidden":[4]"#, ring),
    (#""name":"forward-reverse","couplings":2,"hidden":[4]"#, ring),
    (#""name":"fixed-q","learn":"bias","start":-2"#, factor),
    (#""name":"bilinear","matrix":[1],"critic":[1],"generator":[0.5]"#, none),
    (#""name":"gan","latent":2,"generator":[4],"critic":[4],"activation":"tanh""#, ring),
    (#""name":"dirac-gan","gradientPenalty":0.5"#, none),
    (#""name":"simsiam","hidden":[6],"outputs":4,"predictorHidden":[3]"#, bars),
    (#""name":"simsiam-variants","hidden":[6],"outputs":4,"predictorHidden":[3]"#, bars),
    (#""name":"simsiam-linear","encoderStart":[0.9,0.1,0.2,0,0.8,-0.1]"#, none),
  ]
  private static let bars = #""name":"barsAndStripes","height":3,"width":3"#, none = #""name":"none""#
  private static let ring = #""name":"ring","rows":40"#
  private static let factor =
    #""name":"linearGaussian","inputs":1,"latent":1,"weights":[1],"bias":[0.7],"variance":1,"rows":12"#

  /// The long suite has a fault at every call, each CI run at a few.
  private static let isLong = ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] != nil

  private static func experiment(_ run: (model: String, data: String)) throws -> Experiment {
    let text = """
      {"model":{\(run.model)},"data":{\(run.data)},"batch":{"examples":1,"shards":1},"samples":1,"training":{"steps":6},
       "optimizer":{"name":"sgd","learningRate":0.01},
       "intervals":{"log":1,"checkpoint":2,"samples":3,"diagnostics":2,"keepLast":9}}
      """
    return try Experiment(ConfigurationSource(texts: [("small.json", text)], overrides: []), models: NamedModel.all)
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
    let names = Set(NamedModel.all.map(\.name))
    #expect(Set(names.filter { name in Self.runs.contains { $0.model.contains("\"name\":\"\(name)\"") } }) == names)
  }

  @Test("a fault at a call", arguments: runs.indices) func faults(_ index: Int) throws {
    let folder = try TemporaryFolder()
    let experiment = try Self.experiment(Self.runs[index])
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
    }
  }
}
