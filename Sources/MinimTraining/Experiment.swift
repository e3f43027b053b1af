import Glibc
import MinimConfiguration
import MinimData
import MinimKernels
import MinimNN
import MinimParallel

/// The models that a config can name, as the training loop sees them: it knows none by itself.
package struct ModelCatalogue: Sendable {
  package let names: [String]
  /// Reads a model's own keys and makes it, for examples of the given extents.
  package let make: @Sendable (_ name: String, ConfigurationSection, _ exampleShape: [Int]) -> any Model

  package init(
    names: [String], make: @escaping @Sendable (String, ConfigurationSection, [Int]) -> any Model
  ) {
    self.names = names
    self.make = make
  }
}

/// A config, read and found right, with the model and the data that it names.
package struct Experiment: Sendable {
  package let configuration: RunConfiguration
  package let model: any Model
  package let dataset: Dataset
  /// The config with every default, and where each value came from.
  package let resolved: JSON, sources: JSON
  /// SHA-256 of what in the config, and in the data, affects the result.
  package let configHash: String, dataHash: String

  /// - Throws: `ConfigurationErrors` with every problem of the config at once.
  package init(_ source: ConfigurationSource, models: ModelCatalogue) throws {
    let reader = ConfigurationReader(source)
    let root = reader.root
    configuration = RunConfiguration(root, modelNames: models.names)
    model = models.make(
      configuration.modelName, root.section("model", "The model and its size."), configuration.data.exampleShape)
    try reader.finish()
    Self.reportMissingMemory(configuration, model, root.section("batch", "The examples of a step."))
    try reader.finish()
    resolved = reader.resolved
    sources = reader.sources
    configHash = SHA256.hexDigest(of: reader.resultKeys.compact)
    dataset = configuration.data.load()
    var hash = SHA256()
    dataset.values.withUnsafeBytes { hash.update($0) }
    dataHash = hash.hexDigest
  }

  /// The sizes of batch that occur.
  var batchSizes: [Int] {
    configuration.batch.order(count: configuration.data.count, seed: configuration.seed).sizes
  }

  /// Refuses a run that the machine has not the memory for, before anything is allocated.
  private static func reportMissingMemory(
    _ configuration: RunConfiguration, _ model: any Model, _ section: ConfigurationSection
  ) {
    let batch = configuration.batch
    let shape = configuration.data.exampleShape
    let needed = StepEngine.bytesNeeded(
      model.parameters, stateVectors: configuration.optimizer.stateNames.count,
      batchSizes: batch.order(count: configuration.data.count, seed: 0).sizes, shards: batch.shards,
      workers: WorkerCount.available, precision: configuration.precision
    ) { model.objective(Batch(count: $0, exampleShape: shape)) }
    let available = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    guard needed > available else { return }
    func gibibytes(_ bytes: Int) -> String { "\((Double(bytes) / 0x1p30 * 10).rounded() / 10) GiB" }
    section.report(
      "examples",
      "a step of \(batch.examples) examples in \(batch.shards) shards would need \(gibibytes(needed)); this machine has "
        + "\(gibibytes(available)). Fewer examples, more shards or fewer channels help")
  }
}
