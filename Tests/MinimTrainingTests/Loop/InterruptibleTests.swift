import Dispatch
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimFiles
import MinimNN
import MinimTraining
import Synchronization
import TestSupport
import Testing

/// A model whose claims wait for a gate.
private struct GatedModel: Model {
  let parameters: ParameterLayout
  private let mean: Tensor
  private let gate: Gate

  /// What `claims` wait for, and whether they have come to it.
  final class Gate: Sendable {
    let opening = DispatchSemaphore(value: 0)
    let isReached = Atomic<Bool>(false)
  }

  init(_ data: DataSplit, _ gate: Gate) {
    let scope = ParameterScope()
    mean = scope.parameter("mean", shape: [data.exampleShape.reduce(1, *)], .zeros)
    parameters = scope.layout
    self.gate = gate
  }

  func objective(_ batch: Batch) -> Objective {
    Objective("loss", square(batch.examples.reshape([batch.count, mean.shape[0]]) - mean).sum(axis: 1).mean())
  }

  func claims(_ trained: Trained) throws -> [Claim] {
    gate.isReached.store(true, ordering: .releasing)
    gate.opening.wait()
    return []
  }
}

/// Computations that a signal makes a run leave.
@Suite struct InterruptibleTests {
  @Test("without a signal the result is that of the computation, and its error too") func undisturbed() throws {
    struct Failure: Error {}
    let interruptible = Interruptible { nil }
    #expect(try interruptible { 7 } == 7)
    #expect(throws: Failure.self) { try interruptible { throw Failure() } }
  }

  @Test("a signal ends the wait, however long the computation is") func left() {
    let gate = GatedModel.Gate()
    let interruptible = Interruptible { gate.isReached.load(ordering: .acquiring) ? 15 : nil }
    #expect(throws: Stopped(signal: 15)) {
      try interruptible {
        gate.isReached.store(true, ordering: .releasing)
        gate.opening.wait()
      }
    }
    #expect(Stopped(signal: 15).exit == .stopped(by: 15))
    gate.opening.signal()
  }

  @Test("a run that is stopped while its claims are checked is resumed to the same end") func claims() throws {
    let text = """
      {
        "name": "gated", "model": { "name": "gated" }, "data": { "name": "barsAndStripes", "height": 3, "width": 3 },
        "batch": { "examples": 14 }, "optimizer": { "name": "sgd", "learningRate": 0.1 }, "training": { "steps": 5 }
      }
      """
    let folder = try TemporaryFolder()
    func run(_ directory: RunDirectory, _ gate: GatedModel.Gate) throws -> TrainingRun {
      let model = NamedModel("gated") { _, data in GatedModel(data, gate) }
      let experiment = try Experiment(ConfigurationSource(texts: [("gated.json", text)]), models: [model])
      var options = SmallRun.options()
      options.interruptible = Interruptible { gate.isReached.load(ordering: .acquiring) ? 2 : nil }
      let run = try TrainingRun(experiment, in: directory, options)
      guard case .done = try run.train() else { throw SmallRun.NotDone() }
      return run
    }
    func end(_ directory: RunDirectory) throws {
      let open = GatedModel.Gate()
      open.opening.signal()
      try run(directory, open).concluded()
    }
    let (whole, stopped) = (try SmallRun.directory(folder, "whole"), try SmallRun.directory(folder, "stopped"))
    try end(whole)
    let closed = GatedModel.Gate()
    do {
      guard case .stopped(signal: 2) = try run(stopped, closed).conclude() else { throw SmallRun.NotDone() }
      let status = try RunStatus(of: stopped)
      #expect(status.state == .stopped && status.exit == .stopped(by: 2) && status.step == 5)
      #expect(!FileStore().exists(stopped.claims))
    }
    closed.opening.signal()
    try end(stopped)
    #expect(try RunStatus(of: stopped).state == .done)
    for path in [\RunDirectory.metrics, \.claims, \.evaluation] {
      #expect(try FileStore().read(stopped[keyPath: path]) == FileStore().read(whole[keyPath: path]))
    }
  }
}
