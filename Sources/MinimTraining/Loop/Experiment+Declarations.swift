import MinimConfiguration
import MinimData
import MinimNN

extension Experiment {
  /// The keys of a config, declared by the code that reads them. Mistakes in the config are ignored: the default of
  /// a wrong value stands in, and an image for data that cannot be loaded.
  ///
  /// - Parameters:
  ///   - models: the models that the config can name; not empty.
  ///   - dataSets: the data sets that the config can name.
  ///   - optimizers: the optimizers that the config can name.
  ///   - loader: the loader of the data, on which some defaults depend.
  /// - Returns: the declarations in the order of reading, and whether the data could be loaded.
  package static func declarations(
    of source: ConfigurationSource, models: [NamedModel], dataSets: [NamedData], optimizers: [NamedOptimizer],
    loader: DataLoader
  ) -> (keys: [ConfigurationDeclaration], hasData: Bool) {
    let reader = ConfigurationReader(source)
    let (configuration, _) = read(
      reader.root, models: models, dataSets: dataSets, optimizers: optimizers, loader: loader)
    return (reader.declarations, (try? configuration.data.get()) != nil)
  }

  /// Reads every key of a config. Problems are reported to the reader.
  static func read(
    _ root: ConfigurationSection, models: [NamedModel], dataSets: [NamedData], optimizers: [NamedOptimizer],
    loader: DataLoader
  ) -> (configuration: RunConfiguration, model: any Model) {
    let configuration = RunConfiguration(
      root, modelNames: models.map(\.name), dataSets: dataSets, optimizers: optimizers, loader: loader)
    // An image stands in for missing data, so that the model's keys are checked all the same.
    let split = (try? configuration.data.get().data) ?? .standIn
    // An unknown name is reported by now; any model can read the remaining keys.
    let name = configuration.modelName
    guard let named = models.first(where: { $0.name == name }) ?? models.first else {
      // The program's author gave it no model; a user cannot cause this, since those of Minim are always there.
      preconditionFailure("a program without a model has nothing to train")
    }
    return (configuration, named.make(root.section("model", "The model and its size."), split))
  }
}

extension DataSplit {
  /// A black image with a label.
  fileprivate static var standIn: DataSplit {
    let image = Dataset(
      name: "nothing", exampleShape: [8, 8, 1], values: [Float](repeating: 0, count: 64), labels: [0], classes: 1)
    return DataSplit(name: image.name, training: .rows(image), classNames: ["none"])
  }
}
