import Foundation
import MinimConfiguration
import MinimFiles
import MinimNN
import MinimTraining
import TestSupport

/// A PixelCNN on images of 4x4 in a file, some of which are held out: few enough that it learns them by heart, so that
/// the loss on those held out falls and then rises.
struct HeldOutRun {
  static let text = """
    {
      "name": "held-out",
      "seed": 3,
      "model": { "name": "pixelcnn", "masks": ["A3", "B3"], "channels": 8, "pointwiseLayers": 1 },
      "data": { "name": "images", "path": "images.csv", "split": { "validation": 0.3, "test": 0.2 } },
      "batch": { "examples": 16, "shards": 3 },
      "optimizer": { "learningRate": 0.02 },
      "training": { "steps": 200 },
      "validation": { "interval": 10 },
      "intervals": { "log": 7, "checkpoint": 25, "samples": 100, "keepLast": 1000 },
      "samples": 6
    }
    """

  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    var generator = SplitMix(seed: 11)
    let lines = (0..<70).map { _ in
      let row = generator.next() % 16
      return (0..<16).map { pixel in
        // Rows alike, but for a pixel in eight.
        let isFlipped = generator.next() % 8 == 0
        return ((row >> UInt64(pixel % 4)) & 1 == 1) != isFlipped ? "1" : "0"
      }.joined(separator: ",")
    }
    try folder.put(Array((lines.joined(separator: "\n") + "\n").utf8), "images.csv")
  }

  func experiment(_ overrides: [String] = []) throws -> Experiment {
    try Experiment(
      ConfigurationSource(texts: [("held-out.json", Self.text)], overrides: overrides), models: SmallRun.models,
      loader: DataLoader(folders: [folder.path]))
  }

  /// A new run folder.
  func directory(_ name: String) throws -> RunDirectory { try SmallRun.directory(folder, name) }

  /// Trains to the end of a run and lets go of the folder, where the evaluation is written too.
  @discardableResult
  func train(_ overrides: [String] = [], in directory: RunDirectory, workers: Int = 1) throws -> KeptParameters {
    let run = try TrainingRun(experiment(overrides), in: directory, SmallRun.options(workers: workers))
    guard case .done = try run.train(), let kept = run.kept else { throw SmallRun.NotDone() }
    try run.concluded()
    return kept
  }
}

extension RunDirectory {
  /// The rows of metrics.
  func rows() throws -> [JSON] {
    try metricsText.split(separator: "\n").map { try JSONParser.parse(String($0)).json }
  }

  /// The losses on the validation examples, by step.
  func validation() throws -> [(step: Int, loss: Double)] {
    try rows().compactMap { row in
      guard let step = row["step"]?.integer, let loss = row["validationNLL"]?.number else { return nil }
      return (step, loss)
    }
  }

  /// The values of a checkpoint's tensors whose names begin alike, by the rest of the names.
  func tensors(step: Int, prefix: String) throws -> [String: [Float]] {
    let tensors = try Safetensors(contentsOf: checkpoint(step: step)).tensors.filter { $0.name.hasPrefix(prefix) }
    return Dictionary(
      uniqueKeysWithValues: tensors.map { (String($0.name.dropFirst(prefix.count)), $0.float32 ?? []) })
  }
}

extension ParameterVector {
  /// The values of each parameter, by its path.
  var byPath: [String: [Float]] {
    Dictionary(uniqueKeysWithValues: layout.entries.map { ($0.path, self[$0].map { Float($0) }) })
  }
}
