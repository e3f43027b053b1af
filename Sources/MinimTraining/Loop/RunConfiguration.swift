import MinimConfiguration
import MinimData
import MinimKernels
import MinimNN
import MinimParallel

/// A config without the model's own keys, which the model reads itself.
package struct RunConfiguration: Sendable {
  /// A part of the name of the run's folder.
  package let name: String
  package let modelName: String
  package let seed: UInt64
  package let precision: Precision
  package let gemm: GemmBackend
  /// The examples, or the error of reading them.
  package let data: Result<DataLoader.Loaded, any Error>
  package let batch: BatchConfiguration
  /// The number of updates of the parameters.
  package let steps: Int
  package let optimizer: any Optimizer
  package let schedule: Schedule
  /// The rule for a game: how often and where a step evaluates its field.
  package let dynamics: Dynamics
  /// The weight of consensus in the field of a game.
  package let consensus: Double
  /// The decay of the running average of the parameters, which evaluation then uses; nil for none.
  package var averageDecay: Double? { (optimizer as? Averaged)?.decay }
  /// The norm that larger gradients are scaled down to; nil for none.
  package let clipNorm: Double?
  /// The use of validation examples; nil if there are none.
  package let validation: ValidationConfiguration?
  package let intervals: Intervals
  /// The number of samples to draw for a picture.
  package let samples: Int
  /// The claims that must fail in this run, because it is a control.
  package let expectedFailures: [String]

  /// The implementation of matrix products.
  package enum GemmBackend: String, CaseIterable, Sendable {
    /// Minim's own kernels: the same bits on every machine with fused multiply-add.
    case minim
    /// OpenBLAS: outside the bit promise.
    case openblas
  }

  static let dynamicsHelp = "The rule by which the players of a game move; other models ignore it."

  private enum Expectation: String, CaseIterable, Sendable { case fails }

  /// Reads the whole config except for the model's keys besides its name, and the data that it names.
  ///
  /// - Parameter loader: the loader of the data.
  package init(
    _ root: ConfigurationSection, modelNames: [String], dataSets: [NamedData], optimizers: [NamedOptimizer],
    loader: DataLoader
  ) {
    name = root.string("name", default: "run", affectsResult: false, "Part of the name of the run's folder.")
    if !Self.isFolderName(name) {
      root.report("name", "expected 1 to 64 letters, digits, dots, dashes or underscores: it names a folder")
    }
    modelName = root.section("model", "The model and its size.")
      .choice("name", of: modelNames, default: modelNames.first, "The model.")
    seed = UInt64(
      root.integer("seed", default: 0, in: 0...(1 << 53), "The seed of all random numbers of the run."))
    precision = root.choice("precision", default: .float32, "The type of parameters and arithmetic.")
    gemm = root.choice("gemm", default: .minim, "Matrix products: minim's own, or openblas, whose bits may differ.")
    let (section, seed) = (root.section("data", "The data to learn from."), seed)
    let source = NamedData.read(section, among: dataSets)
    data = Result { try loader.load(source, section, seed: seed) }
    let split = try? data.get().data
    batch = BatchConfiguration(root.section("batch", "The examples of a step."), data: split?.training)
    let training = root.section("training", "The length of training, and its safeguards.")
    steps = training.integer("steps", default: 1000, in: 1...1_000_000_000, "Updates of the parameters.")
    let clip = training.number(
      "clipNorm", default: 0, in: 0...1e30, "Gradients with a larger norm are scaled down to it; 0 for none.")
    clipNorm = clip > 0 ? clip : nil
    validation = Self.validation(root, data: section, isPossible: split.map { $0.validation != nil } ?? true)
    (optimizer, schedule) = Self.optimizer(
      root.section("optimizer", "The rule that turns a gradient into a step."), among: optimizers, steps: steps)
    let game = root.section("dynamics", Self.dynamicsHelp)
    dynamics = Dynamics(game)
    consensus = game.number(
      "consensus", default: 0, in: 0...1e6, "Weight of the gradient of |v|^2 / 2 in the field v that players follow.")
    intervals = Intervals(
      root.section("intervals", affectsResult: false, "How often files are written, in steps."), steps: steps)
    samples = root.integer(
      "samples", default: 64, in: 1...10_000, affectsResult: false, "Number of samples to draw and show.")
    expectedFailures = root.choices(
      "expect", of: Expectation.self, affectsResult: false, "Claims that must fail: the run is a control."
    ).map(\.key)
  }

  /// The rule by which the run updates its parameters.
  package var rule: UpdateRule {
    UpdateRule(
      optimizer: optimizer, dynamics: dynamics, consensus: consensus, schedule: schedule, steps: steps,
      clipNorm: clipNorm)
  }

  private static func optimizer(
    _ section: ConfigurationSection, among optimizers: [NamedOptimizer], steps: Int
  ) -> (any Optimizer, Schedule) {
    let name = section.choice(
      "name", of: optimizers.map(\.name), default: optimizers.first?.name, "The optimizer.")
    let rate = section.number(
      "learningRate", default: 1e-3, in: 0...1e6, excludingLowerBound: true, "The largest step size.")
    // An unknown name is reported by now; any optimizer can read the remaining keys.
    let optimizer = (optimizers.first { $0.name == name } ?? optimizers.first)?.make(section) ?? Adam(section)
    let averageDecay = section.number(
      "averageDecay", default: 0, in: 0...0.999999,
      "Decay of the running average of the parameters, which evaluation, claims and samples then use; 0 for none.")
    let schedule = Schedule(section.section("schedule", "How the step size changes."), peak: rate, steps: steps)
    return (averageDecay > 0 ? Averaged(optimizer, decay: averageDecay) : optimizer, schedule)
  }

  private static func validation(
    _ root: ConfigurationSection, data: ConfigurationSection, isPossible: Bool
  ) -> ValidationConfiguration? {
    guard isPossible || root.isGiven("validation") else { return nil }
    if !isPossible, root.leaveOut("validation", writtenFor: data) { return nil }
    if !isPossible {
      root.report(
        "validation", "these data have no validation examples. Leave this out, or use data with a split")
    }
    return ValidationConfiguration(root.section("validation", "The use of the validation examples."))
  }

  private static func isFolderName(_ name: String) -> Bool {
    let allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_."
    return (1...64).contains(name.utf8.count) && name.first != "." && name.allSatisfy(allowed.contains)
  }
}

/// The intervals, in steps, of what a run writes. No metric of the run depends on it.
package struct Intervals: Sendable {
  package let log: Int, checkpoint: Int, samples: Int, diagnostics: Int
  /// The checkpoints that are kept in addition to the best.
  package let retention: CheckpointRetention

  init(_ section: ConfigurationSection, steps: Int) {
    func steps(_ key: String, _ value: Int, _ help: String) -> Int {
      section.integer(key, default: value, in: 1...1_000_000_000, affectsResult: false, help)
    }
    log = steps("log", 50, "Steps between lines of metrics.")
    checkpoint = steps("checkpoint", 500, "Steps between checkpoints; the last step always has one.")
    samples = steps("samples", 500, "Steps between sheets of samples; the last step always has one.")
    diagnostics = steps(
      "diagnostics", 100, "Steps between diagnostics, such as the signs of a collapse.")
    let keepLast = section.integer(
      "keepLast", default: 2, in: 1...1000, affectsResult: false, "Number of newest checkpoints to keep.")
    let keepEvery = section.integer(
      "keepEvery", default: 0, in: 0...1_000_000_000, affectsResult: false,
      "Also keep checkpoints at multiples of this step; 0 for none.")
    retention = CheckpointRetention(last: keepLast, every: keepEvery)
  }
}

/// The examples of a step: their number, their order and the number of shards.
package struct BatchConfiguration: Sendable {
  package let examples: Int
  package let drawing: BatchOrder.Drawing
  package let shards: Int

  /// - Parameter data: nil if there are none to read.
  init(_ section: ConfigurationSection, data: Examples?) {
    let endless = data != nil && data?.count == nil
    let count = data?.count ?? .max
    drawing =
      endless
      ? .independent
      : section.choice(
        "drawing", default: BatchOrder.Drawing.epoch, "epoch: permutations of the data. independent: with replacement.")
    examples = section.integer(
      "examples", default: endless ? 256 : min(64, count), in: 1...65_536, "Examples per step.")
    shards = section.integer(
      "shards", default: Shards.defaultCount(examples: examples), in: 1...1024,
      "Shards per batch; their number fixes the order in which gradients are added.")
    if drawing == .epoch, examples > count {
      section.report(
        "examples",
        "expected at most the \(count) examples of the data, got \(examples). Or set \"drawing\": \"independent\"")
    }
    if shards > examples {
      section.report("shards", "expected at most the \(examples) examples of a batch, got \(shards)")
    }
  }

  /// The batches of data with `count` examples; nil for data without end.
  package func order(count: Int?, seed: UInt64) -> BatchOrder {
    BatchOrder(count: count, examples: examples, drawing: drawing, seed: seed)
  }
}
