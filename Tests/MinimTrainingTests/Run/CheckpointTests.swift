import Foundation
import MinimFiles
import MinimKernels
import MinimNN
import MinimTraining
import TestSupport
import Testing

@Suite struct CheckpointTests {
  /// The last checkpoint of a finished small run, and the parameters that the run ended with.
  private struct Finished {
    let folder: TemporaryFolder
    let directory: RunDirectory
    let experiment: Experiment
    let parameters: [Double]
    var path: String { directory.checkpoint(step: 60) }

    init(_ overrides: [String] = []) throws {
      folder = try TemporaryFolder()
      directory = try SmallRun.directory(folder)
      experiment = try SmallRun.experiment(overrides)
      parameters = try SmallRun.trained(overrides, in: directory)
    }

    /// Writes the checkpoint again with something changed.
    func rewrite(_ change: (inout Safetensors) -> Void) throws {
      var tensors = try Safetensors(contentsOf: path)
      change(&tensors)
      try tensors.write(to: path)
    }

    func restored() throws -> ParameterVector {
      let vector = try ParameterVector(
        experiment.model.parameters, precision: experiment.configuration.precision)
      try Checkpoint(path, experiment: experiment).restore(vector, file: path)
      return vector
    }

    /// Going on with the run, which reads the checkpoint. One that is damaged is refused with the one before it.
    func resume() throws {
      do { _ = try TrainingRun(experiment, in: directory, SmallRun.options()) } catch let error as ResumeError {
        #expect(error.sound == 40 && error.description.hasSuffix("--from-step 40"))
        throw error.cause
      }
    }
  }

  @Test("parameters come back to the bit", arguments: ["float32", "float64"])
  func roundTrip(_ precision: String) throws {
    let finished = try Finished(["precision=\(precision)"])
    let restored = try finished.restored()
    #expect(restored.values.map(\.bitPattern) == finished.parameters.map(\.bitPattern))
    let file = try Safetensors(contentsOf: finished.path, requiringChecksum: true)
    #expect(file.tensors.allSatisfy { $0.type == (precision == "float32" ? .float32 : .float64) })
    let layout = finished.experiment.model.parameters
    let expected = ["parameters/", "optimizer/firstMoment/", "optimizer/secondMoment/"].flatMap { prefix in
      layout.entries.map { prefix + $0.path }
    }
    #expect(file.tensors.map(\.name) == expected)
    let checkpoint = try Checkpoint(finished.path, experiment: finished.experiment)
    #expect(checkpoint.step == 60)
    #expect(checkpoint.configHash == finished.experiment.configHash)
    #expect(checkpoint.prefixes.metrics.length == finished.directory.metricsText.utf8.count)
    #expect(checkpoint.best.map { [20, 40, 60].contains($0.step) && $0.loss > 0 } == true)
  }

  @Test("a checkpoint of another config is refused, one of another interval is not")
  func otherConfigs() throws {
    let finished = try Finished()
    for key in ["seed=6", "model.channels=9", "training.steps=61", "optimizer.learningRate=0.02", "precision=float64"] {
      let other = try SmallRun.experiment([key])
      let error = #expect(throws: CheckpointError.self) { try Checkpoint(finished.path, experiment: other) }
      #expect(error?.exit == .badData)
      #expect(error.map { "\($0)".contains("another configuration") } == true)
    }
    for key in ["intervals.log=1", "intervals.checkpoint=3", "name=other", "samples=9", #"expect={"P1":"fails"}"#] {
      #expect(try Checkpoint(finished.path, experiment: SmallRun.experiment([key])).step == 60)
    }
  }

  @Test func otherDataIsRefused() throws {
    let finished = try Finished()
    try finished.rewrite { file in
      file.metadata = file.metadata.map { $0.key == "dataHash" ? .init(key: $0.key, value: "0") : $0 }
    }
    let error = #expect(throws: CheckpointError.self) { try finished.resume() }
    #expect(error.map { "\($0)".contains("other data") && "\($0)".contains(finished.path) } == true)
  }

  @Test(
    "metadata that are missing or no numbers are refused",
    arguments: ["format", "step", "metricsLength", "timingLength", "configHash", "dataHash"])
  func metadata(_ key: String) throws {
    let finished = try Finished()
    try finished.rewrite { file in file.metadata.removeAll { $0.key == key } }
    #expect(throws: CheckpointError.self) { try finished.resume() }
    for value in ["-1", "x", "1e3", "99999999999999999999"] {
      try finished.rewrite { file in
        file.metadata = file.metadata.filter { $0.key != key } + [.init(key: key, value: value)]
      }
      #expect(throws: CheckpointError.self) { try finished.resume() }
    }
  }

  @Test("a step that is not the file's, or beyond the run's last, is refused")
  func otherSteps() throws {
    let finished = try Finished()
    for step in ["59", "61", "1000"] {
      try finished.rewrite { file in
        file.metadata = file.metadata.map { $0.key == "step" ? .init(key: $0.key, value: step) : $0 }
      }
      #expect(throws: CheckpointError.self) { try finished.resume() }
    }
  }

  @Test func aMissingTensorIsNamed() throws {
    let finished = try Finished()
    for name in ["parameters/output.bias", "optimizer/secondMoment/masked.0.weight"] {
      let saved = try Data(contentsOf: .init(fileURLWithPath: finished.path))
      try finished.rewrite { file in file.tensors.removeAll { $0.name == name } }
      let error = #expect(throws: CheckpointError.self) { try finished.resume() }
      #expect(error.map { "\($0)".contains("\"\(name)\"") } == true)
      try saved.write(to: .init(fileURLWithPath: finished.path))
    }
  }

  @Test func aTensorOfAnotherShapeOrTypeIsRefused() throws {
    for change in [0, 1] {
      let finished = try Finished()
      try finished.rewrite { file in
        file.tensors = file.tensors.map { tensor in
          guard tensor.name == "parameters/masked.0.weight", let values = tensor.float32 else { return tensor }
          return change == 0
            ? Safetensors.Tensor(name: tensor.name, shape: tensor.shape.reversed(), values)
            : Safetensors.Tensor(name: tensor.name, shape: tensor.shape, values.map(Double.init))
        }
      }
      let error = #expect(throws: CheckpointError.self) { try finished.resume() }
      #expect(error.map { "\($0)".contains("[4, 1, 8] and type F32") } == true)
    }
  }

  @Test("values that are not finite are refused, as they are never written")
  func nonFiniteValues() throws {
    let finished = try Finished()
    try finished.rewrite { file in
      file.tensors = file.tensors.map { tensor in
        guard tensor.name == "optimizer/firstMoment/output.bias" else { return tensor }
        return Safetensors.Tensor(name: tensor.name, shape: tensor.shape, [Float.nan])
      }
    }
    let error = #expect(throws: CheckpointError.self) { try finished.resume() }
    #expect(error.map { "\($0)".contains("not finite") } == true)
  }
}
