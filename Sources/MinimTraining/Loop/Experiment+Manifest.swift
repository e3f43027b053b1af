import MinimConfiguration
import MinimFiles
import MinimNN

extension Experiment {
  /// The content of a run's manifest: version, hashes, the layout of the parameters, and the machine.
  func manifest(machine: JSON) -> JSON {
    let layout = model.parameters
    return [
      "version": .string(minimVersion), "config": .string(configHash), "data": .string(dataHash),
      "dataset": .string(data.name), "examples": data.training.count.map { .integer($0) } ?? .null,
      "seed": .integer(Int(configuration.seed)), "parameters": .integer(layout.parameterCount),
      "layout": .array(
        layout.entries.map { ["path": .string($0.path), "shape": .array($0.shape.map { .integer($0) })] }),
      "machine": machine,
    ]
  }
}
