import MinimConfiguration
import MinimData
import MinimFiles
import MinimModels
import MinimNN
import MinimTraining

extension FuzzTarget {
  /// JSON alone. What is accepted is written in every form, and must read as the same.
  static let json = FuzzTarget("json") { bytes in
    let json: JSON
    do { json = try JSONParser.parse(bytes).json } catch {
      throw DataFileError(file: "a.json", reason: "\(error)")
    }
    for text in [json.compact, json.pretty, json.inline] {
      try demand(try JSONParser.parse(text).json == json, "what is written reads as the same")
    }
  }

  /// A whole config, by the schema of the model, the data set and the optimizer that it names: what `minim check` does, except that
  /// nothing is loaded.
  static let config = FuzzTarget("config") { bytes in
    let folder = try ScratchFolder()
    defer { folder.remove() }
    try folder.put(bytes, "config.json")
    let source = try ConfigurationSource(files: [folder["config.json"]])
    do {
      let experiment = try Experiment(source, models: NamedModel.all, dataSets: unloaded)
      try demand(experiment.model.parameters.parameterCount >= 0, "a model has parameters, or none")
      try demand(
        try JSONParser.parse(experiment.resolved.pretty).json == experiment.resolved, "the resolved config can be read")
    } catch is NotLoaded {}  // The config is right, as far as it can be told without its data.
    _ = Experiment.declarations(
      of: source, models: NamedModel.all, dataSets: unloaded, optimizers: NamedOptimizer.all, loader: DataLoader())
  }

  /// The data sets, which read their keys and load nothing; except for the one without examples.
  private static let unloaded = NamedData.all.map { known in
    known.name == NoData.name ? known : NamedData(known.name) { Unloaded(source: known.read($0)) }
  }
}

/// Data that were described and are not loaded.
private struct Unloaded: DataSource {
  let source: any DataSource

  var dependsOnSeed: Bool { source.dependsOnSeed }

  func load(from folders: [String], seed: UInt64) throws -> DataSplit { throw NotLoaded() }
}

private struct NotLoaded: Error {}
