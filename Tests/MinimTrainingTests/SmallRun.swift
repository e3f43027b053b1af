import Foundation
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import MinimTraining
import TestSupport

/// A PixelCNN on 14 images of 3x3, trained for 60 steps: a run of milliseconds with everything that a long one has.
enum SmallRun {
  static let models = NamedModel.all

  static let text = """
    {
      "name": "small",
      "seed": 5,
      "model": { "name": "pixelcnn", "masks": ["A3", "B3"], "channels": 8, "pointwiseLayers": 1 },
      "data": { "name": "barsAndStripes", "height": 3, "width": 3 },
      "batch": { "examples": 5, "shards": 2 },
      "optimizer": { "learningRate": 0.01, "schedule": { "name": "cosine", "warmUp": 5 } },
      "training": { "steps": 60 },
      "intervals": { "log": 7, "checkpoint": 20, "samples": 30, "keepLast": 10 },
      "samples": 4
    }
    """

  static func experiment(_ overrides: [String] = []) throws -> Experiment {
    try Experiment(ConfigurationSource(texts: [("small.json", text)], overrides: overrides), models: models)
  }

  static func options(workers: Int = 1, level: KernelLevel = .preferred) -> TrainingRun.Options {
    TrainingRun.Options(workers: workers, isQuiet: true, level: level)
  }

  /// A new run folder.
  static func directory(_ folder: TemporaryFolder, _ name: String = "a") throws -> RunDirectory {
    try RunDirectory.create(in: folder[name], name: "small", seed: 5, time: 1_795_416_912) { 1 }
  }

  /// Trains to the end of the run, which must be the last step, and lets go of the folder.
  @discardableResult
  static func trained(
    _ overrides: [String] = [], in directory: RunDirectory, workers: Int = 1, level: KernelLevel = .preferred
  ) throws -> [Double] {
    let run = try TrainingRun(experiment(overrides), in: directory, options(workers: workers, level: level))
    guard case .done = try run.train() else { throw NotDone() }
    return run.trained.parameters.values
  }

  struct NotDone: Error {}
}

extension TrainingRun {
  /// The claims and metrics of a run that must come to its end.
  @discardableResult
  func concluded() throws -> (claims: [Claim], evaluation: Evaluation, exit: ExitStatus) {
    guard case .done(let claims, let evaluation, let exit) = try conclude() else { throw SmallRun.NotDone() }
    return (claims, evaluation, exit)
  }
}

extension RunDirectory {
  var metricsText: String { (try? String(contentsOfFile: metrics, encoding: .utf8)) ?? "" }

  func json(_ path: String) throws -> JSON {
    try JSONParser.parse([UInt8](Data(contentsOf: .init(fileURLWithPath: path)))).json
  }

  /// Leaves of a run what a kill after a checkpoint would have left.
  func cut(after step: Int) throws {
    for later in try checkpointSteps() where later > step {
      try FileManager.default.removeItem(atPath: checkpoint(step: later))
    }
    try RunStatus(state: .running, step: step, saved: try checkpointSteps().last, seconds: 0).write(to: self)
  }

  /// The names in a folder of the run, hidden ones included.
  func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }
}
