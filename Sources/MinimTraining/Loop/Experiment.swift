import MinimSystem
import MinimConfiguration
import MinimData
import MinimDrawing
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel

/// A valid config, with the model and the data that it names.
package struct Experiment: Sendable {
  package let configuration: RunConfiguration
  package let model: any Model
  package let data: DataSplit
  /// The use of validation examples; nil if there are none, or if the model has no loss per example.
  package let validation: ValidationConfiguration?
  /// The config with every default, and the source of each value.
  package let resolved: JSON, sources: JSON
  /// What a user should know about the config, one line each: what was left out because a later file or an override has
  /// changed a name, and what cannot come into effect.
  package let notes: [String]
  /// The declarations of all keys that were read.
  package let declarations: [ConfigurationDeclaration]
  /// The part of `resolved` that affects the result.
  package let resultKeys: JSON
  /// SHA-256 of the parts of the config, and of the data, that affect the result.
  package private(set) var configHash: String
  package let dataHash: String
  /// The hashes that the same config had before: with the numbers of steps before the run was extended, and in earlier
  /// versions, where the place of the data was a part of it. Checkpoints of that time have them.
  package private(set) var formerHashes: [String] = []

  /// - Parameters:
  ///   - models: the models that the config can name.
  ///   - dataSets: the data sets that the config can name.
  ///   - optimizers: the optimizers that the config can name.
  ///   - loader: the loader of the data.
  /// - Throws: `ConfigurationErrors` with every problem of the config at once; if there is none, the error of a data
  ///   file.
  package init(
    _ source: ConfigurationSource, models: [NamedModel], dataSets: [NamedData] = NamedData.all,
    optimizers: [NamedOptimizer] = NamedOptimizer.all,
    loader: DataLoader = DataLoader()
  ) throws {
    let reader = ConfigurationReader(source)
    let root = reader.root
    (configuration, model) = Self.read(
      root, models: models, dataSets: dataSets, optimizers: optimizers, loader: loader)
    try reader.finish()
    let loaded = try configuration.data.get()
    data = loaded.data
    // A model of a wrong config may be unable to build its loss.
    let hasLosses = model.losses(Batch(count: 1, of: data)) != nil
    validation = hasLosses ? configuration.validation : nil
    Self.reportPlayers(configuration, model, data, root.section("dynamics", RunConfiguration.dynamicsHelp))
    try reader.finish()
    Self.reportMissingMemory(configuration, model, data, root.section("batch", "The examples of a step."))
    try reader.finish()
    resolved = reader.resolved
    sources = reader.sources
    declarations = reader.declarations
    notes = reader.notes + Self.remarks(configuration)
    resultKeys = reader.resultKeys
    configHash = SHA256.hexDigest(of: resultKeys.compact)
    dataHash = loaded.digest
    formerHashes = [SHA256.hexDigest(of: Self.withPlaces(resultKeys, of: resolved).compact)]
  }

  /// The key of the number of steps.
  static let stepsPath = "training.steps"

  /// The same experiment as that of a run which was extended from other numbers of steps.
  package func extended(from lengths: [Int]) -> Experiment {
    var experiment = self
    for var keys in [resultKeys, Self.withPlaces(resultKeys, of: resolved)] {
      for steps in lengths {
        keys["training"]?["steps"] = .integer(steps)
        experiment.formerHashes.append(SHA256.hexDigest(of: keys.compact))
      }
    }
    return experiment
  }

  /// The hashes that checkpoints of the experiment may have, the present one first.
  package var hashes: [String] { [configHash] + formerHashes }

  /// The same experiment under the hashes of another one, whose config differs in keys that are known to change no number
  /// that is compared. It takes the other's checkpoints, and writes such.
  ///
  /// - Parameter hashes: the `hashes` of the other experiment; empty for this one's own.
  package func identified(by hashes: [String]) -> Experiment {
    guard let first = hashes.first else { return self }
    var experiment = self
    experiment.configHash = first
    experiment.formerHashes = Array(hashes.dropFirst())
    return experiment
  }

  /// The name of the quantity that training minimizes.
  package var metric: String { model.objective(Batch(count: 1, of: data)).name }

  private static func remarks(_ configuration: RunConfiguration) -> [String] {
    let (warmUp, steps) = (configuration.schedule.warmUp, configuration.steps)
    guard warmUp > steps else { return [] }
    let reached = configuration.schedule.rate(step: steps) / configuration.schedule.peak
    let share = Readable.significant(100 * reached, digits: 2)
    return [
      "optimizer.schedule.warmUp=\(warmUp) is longer than the run: after its \(steps) steps the learning rate is \(share) % of "
        + "optimizer.learningRate."
    ]
  }

  /// Reports dynamics that the model's players cannot have.
  private static func reportPlayers(
    _ configuration: RunConfiguration, _ model: any Model, _ data: DataSplit, _ section: ConfigurationSection
  ) {
    let players = model.objective(Batch(count: 1, of: data)).players.map(\.name)
    if players.count > 1 {
      if let problem = configuration.dynamics.problem(players: players) { section.report("order", problem) }
      return
    }
    let only = "for games, but the model \(configuration.modelName) has one player. Leave this out"
    if configuration.dynamics != .simultaneous { section.report("name", "expected simultaneous: others are \(only)") }
    if configuration.consensus != 0 { section.report("consensus", "expected 0: consensus is \(only)") }
  }

  /// The run's trainer before its first step.
  ///
  /// - Parameter parameters: the parameters to train, in place.
  func trainer(
    _ parameters: ParameterVector, _ pool: WorkerPool, _ kernels: KernelTable, _ group: any ShardGroup
  ) throws -> Trainer {
    let (model, data) = (model, data)
    return try Trainer(
      parameters, configuration.rule, examples: data.training, order: order(), shards: configuration.batch.shards,
      seed: configuration.seed, pool: pool, kernels: kernels, group: group, pairing: model.pairing
    ) { model.objective(Batch(count: $0, of: data)) }
  }

  /// The batches of the run.
  package func order() -> BatchOrder {
    configuration.batch.order(count: data.training.count, seed: configuration.seed)
  }

  /// Reports a run that needs more memory than the machine has, before anything is allocated.
  private static func reportMissingMemory(
    _ configuration: RunConfiguration, _ model: any Model, _ data: DataSplit, _ section: ConfigurationSection
  ) {
    let batch = configuration.batch
    let needed = StepEngine.bytesNeeded(
      model.parameters, stateVectors: configuration.optimizer.stateNames.count,
      batchSizes: batch.order(count: data.training.count, seed: 0).sizes, shards: batch.shards,
      workers: WorkerCount.available, precision: configuration.precision,
      dynamics: configuration.dynamics
    ) { model.objective(Batch(count: $0, of: data)).withConsensus(configuration.consensus) }
    let available = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
    guard needed > available else { return }
    func gibibytes(_ bytes: Int) -> String { "\((Double(bytes) / 0x1p30 * 10).rounded() / 10) GiB" }
    section.report(
      "examples",
      "a step of \(Readable.count(batch.examples, "example")) in \(Readable.count(batch.shards, "shard")) would need "
        + "\(gibibytes(needed)); this machine has \(gibibytes(available)). Fewer examples, more shards or fewer channels help"
    )
  }
}
