import MinimFiles

/// The run whose parameters a run started from.
package struct RunOrigin: Equatable, Sendable {
  /// The name of its folder.
  package let run: String
  /// The step of the parameters.
  package let step: Int
  /// The hash of its config.
  package let config: String
  /// Whether the parameters are a running average.
  package let isAveraged: Bool

  init(run: String, step: Int, config: String, isAveraged: Bool) {
    (self.run, self.step, self.config, self.isAveraged) = (run, step, config, isAveraged)
  }

  /// Reads the origin from a run's folder; nil if the run started as its config says, or if the file is damaged.
  ///
  /// - Throws: `FileError` if the file cannot be read.
  package init?(of directory: RunDirectory, store: FileStore = FileStore()) throws {
    guard store.exists(directory.initial) else { return nil }
    let file: Safetensors
    do {
      file = try Safetensors(contentsOf: directory.initial, requiringChecksum: true, store: store)
    } catch is SafetensorsError {
      return nil
    }
    guard let run = file.metadatum("run"), let step = file.metadatum("step").flatMap({ Int($0) }) else { return nil }
    let weights = file.metadatum("weights")
    self.init(run: run, step: step, config: file.metadatum("configHash") ?? "", isAveraged: weights == "averaged")
  }

  /// The metadata of a file of parameters.
  var metadata: [Safetensors.Metadatum] {
    [("run", run), ("step", "\(step)"), ("configHash", config), ("weights", weights)].map { .init(key: $0, value: $1) }
  }

  /// The entry in the manifest.
  var json: JSON {
    ["run": .string(run), "step": .integer(step), "config": .string(config), "weights": .string(weights)]
  }

  /// "Started from the averaged parameters of 20261123-065512-pixelcnn-s0-7f3a at step 650."
  package var sentence: String { "Started from the \(weights) parameters of \(run) at step \(step)." }

  private var weights: String { isAveraged ? "averaged" : "raw" }
}
