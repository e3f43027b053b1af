import MinimConfiguration
import MinimData
import MinimFiles
import MinimNN

extension Experiment {
  /// What samples need to know of data that lie in a file; nil for other data.
  var description: DataDescription? { DataDescription(data, digest: dataHash, constants: model.constants) }

  /// The content of a run's manifest: version, hashes, the layout of the parameters, the run that they come from, if any,
  /// and the machine.
  func manifest(machine: JSON, origin: RunOrigin? = nil) -> JSON {
    let layout = model.parameters
    var manifest: JSON = [
      "version": .string(minimVersion), "\(RunFormat.key)": .integer(RunFormat.current), "config": .string(configHash),
      "data": .string(dataHash),
      "dataset": .string(data.name), "examples": data.training.count.map { .integer($0) } ?? .null,
      "seed": .integer(Int(configuration.seed)), "parameters": .integer(layout.parameterCount),
      "layout": .array(
        layout.entries.map { ["path": .string($0.path), "shape": .array($0.shape.map { .integer($0) })] }),
      "machine": machine,
    ]
    if let unit = model.lossUnit { manifest["lossUnit"] = .string(unit) }
    if let origin { manifest["startedFrom"] = origin.json }
    return manifest
  }
}
