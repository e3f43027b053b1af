import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN

/// Everything that a run needs to resume exactly as if it had not stopped. Random numbers are functions of the seed and
/// the step, so there is no generator to save.
package struct Checkpoint {
  /// The last step taken.
  package let step: Int
  /// Hashes of the config and the data that the run was started with.
  package let configHash: String, dataHash: String
  /// What the run's growing files held when it was taken.
  package let prefixes: RunPrefixes
  /// The step with the lowest loss among the checkpoints so far, and that loss.
  package let best: (step: Int, loss: Double)?
  /// Wall time of training so far.
  package let seconds: Double
  private let tensors: Safetensors

  /// The format in the file's metadata. A later one has another number.
  private static let format = "minim-1"

  /// Takes the state of `engine`.
  init(
    _ engine: StepEngine, stateNames: [String], step: Int, experiment: Experiment, prefixes: RunPrefixes,
    best: (step: Int, loss: Double)?, seconds: Double
  ) {
    self.step = step
    configHash = experiment.configHash
    dataHash = experiment.dataHash
    self.prefixes = prefixes
    self.best = best
    self.seconds = seconds
    var metadata = [
      ("format", Self.format), ("step", "\(step)"), ("seed", "\(experiment.configuration.seed)"),
      ("configHash", configHash), ("dataHash", dataHash), ("seconds", "\(seconds)"),
    ]
    metadata += prefixes.metadata.map { ($0.key, $0.value) }
    if let best { metadata += [("bestStep", "\(best.step)"), ("bestLoss", "\(best.loss)")] }
    var entries = Self.entries(engine.parameters, prefix: "parameters/")
    for (name, vector) in zip(stateNames, engine.state) {
      entries += Self.entries(vector, prefix: "optimizer/\(name)/")
    }
    tensors = Safetensors(metadata: metadata.map { .init(key: $0.0, value: $0.1) }, tensors: entries)
  }

  /// Reads a checkpoint and checks that it belongs to the experiment.
  ///
  /// - Throws: `SafetensorsError` or `FileError` if the file is damaged or missing, `CheckpointError` if it belongs to
  ///   another run.
  package init(_ path: String, experiment: Experiment, store: FileStore = FileStore()) throws {
    tensors = try Safetensors(contentsOf: path, requiringChecksum: true, store: store)
    let file = tensors
    let format = file.metadatum("format") ?? ""
    guard format == Self.format else {
      let reason =
        format.hasPrefix("minim-")
        ? "a later version of Minim wrote it (\(format.visible), and this version reads \(Self.format))"
        : "it is a safetensors file, but not a checkpoint of a run"
      throw CheckpointError(file: path, reason: reason)
    }
    guard let step = file.metadatum("step").flatMap({ Int($0) }), step >= 0, let prefixes = RunPrefixes(file) else {
      throw CheckpointError(file: path, reason: "its metadata have no step, or no lengths of the run's files")
    }
    (self.step, self.prefixes) = (step, prefixes)
    configHash = file.metadatum("configHash") ?? ""
    dataHash = file.metadatum("dataHash") ?? ""
    seconds = file.metadatum("seconds").flatMap { Double($0) } ?? 0
    if let bestStep = file.metadatum("bestStep").flatMap({ Int($0) }),
      let loss = file.metadatum("bestLoss").flatMap({ Double($0) })
    {
      best = (bestStep, loss)
    } else {
      best = nil
    }
    if let problem = mismatch(with: experiment) {
      throw CheckpointError(file: path, reason: problem, isOfAnotherRun: true)
    }
  }

  /// The reason why it is not a checkpoint of an experiment; nil if it is one.
  private func mismatch(with experiment: Experiment) -> String? {
    if configHash != experiment.configHash, !experiment.formerHashes.contains(configHash) {
      return "it was made with another configuration: keys that affect the result differ"
    }
    if dataHash != experiment.dataHash {
      return "it was made with other data: their SHA-256 was \(dataHash), that of \(experiment.data.name) is now "
        + experiment.dataHash
    }
    let steps = experiment.configuration.steps
    return step <= steps ? nil : "it was made at step \(step), but the run has \(Readable.count(steps, "step"))"
  }

  /// Writes the file durably: a reader sees the old one or the new one, never a part.
  func write(to path: String, store: FileStore) throws { try tensors.write(to: path, store: store) }

  /// Puts the saved parameters and optimizer state into an engine.
  func restore(_ engine: StepEngine, stateNames: [String], file: String) throws {
    try restore(engine.parameters, prefix: "parameters/", file: file)
    for (name, vector) in zip(stateNames, engine.state) {
      try restore(vector, prefix: "optimizer/\(name)/", file: file)
    }
  }

  /// Puts the saved parameters, or the state of the optimizer that is their average, into a vector.
  package func restore(_ parameters: ParameterVector, average: String? = nil, file: String) throws {
    try restore(parameters, prefix: average.map { "optimizer/\($0)/" } ?? "parameters/", file: file)
  }

  private func restore(_ vector: ParameterVector, prefix: String, file: String) throws {
    for entry in vector.layout.entries {
      guard let tensor = tensors[prefix + entry.path], tensor.shape == entry.shape,
        let values = vector.precision == .float32 ? tensor.float32?.map(Double.init) : tensor.float64
      else {
        throw CheckpointError(
          file: file,
          reason: "expected a tensor \"\(prefix + entry.path)\" of shape \(entry.shape) and type "
            + (vector.precision == .float32 ? "F32" : "F64"))
      }
      guard values.allSatisfy(\.isFinite) else {
        throw CheckpointError(file: file, reason: "\"\(prefix + entry.path)\" has values that are not finite")
      }
      vector[entry] = values
    }
  }

  private static func entries(_ vector: ParameterVector, prefix: String) -> [Safetensors.Tensor] {
    vector.layout.entries.map { entry in
      let values = vector[entry]
      return vector.precision == .float32
        ? .init(name: prefix + entry.path, shape: entry.shape, values.map { Float($0) })
        : .init(name: prefix + entry.path, shape: entry.shape, values)
    }
  }
}

/// A file that is not a checkpoint of the run to continue: exit code 65.
package struct CheckpointError: ReportedError {
  package let file: String
  package let reason: String
  /// Whether the file is sound and belongs to another config or other data.
  package var isOfAnotherRun = false
  package var exit: ExitStatus { .badData }
  package var description: String { "\(file): not a checkpoint of this run: \(reason)" }
}
