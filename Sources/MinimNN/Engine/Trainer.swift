import MinimData
import MinimKernels
import MinimParallel

/// The steps of training: the examples of each, its rate, and the engine that takes it. A step is a function of its
/// number, and of the parameters and the optimizer's state before it.
public final class Trainer {
  /// The engine that takes the steps, with the parameters and the optimizer's state.
  public let engine: StepEngine
  /// The rule of the updates, and the number of steps that `run` takes.
  public let rule: UpdateRule
  /// The examples of each step.
  public let order: BatchOrder
  private let examples: Examples
  private let pairs: PairedExamples?
  /// The number of examples of the last step.
  private var count = 0
  private let activity: Activity

  /// Creates a training before its first step.
  ///
  /// - Parameters:
  ///   - parameters: the parameters to train, in place.
  ///   - rule: optimizer, rates, dynamics, consensus, clipping and steps.
  ///   - examples: the source of the batches; `.none` if the objective reads no examples.
  ///   - order: the examples of each step.
  ///   - shards: shards per batch; nil for `Shards.defaultCount`.
  ///   - seed: the seed of random tensors.
  ///   - pool: the threads to compute with.
  ///   - kernels: the kernels to compute with.
  ///   - group: the processes that compute each batch together.
  ///   - activity: where `run` reports its steps.
  ///   - pairing: what the examples of a step are paired with; nil if they come as they are.
  ///   - objective: the objective of a number of examples, without the rule's consensus.
  /// - Throws: `KernelError` if there is not enough memory.
  public init(
    _ parameters: ParameterVector, _ rule: UpdateRule, examples: Examples, order: BatchOrder, shards: Int? = nil,
    seed: UInt64, pool: WorkerPool, kernels: KernelTable, group: any ShardGroup = SingleProcess(),
    activity: Activity = Activity(), pairing: Pairing? = nil, objective: @escaping (Int) -> Objective
  ) throws {
    self.rule = rule
    self.order = order
    self.examples = examples
    self.activity = activity
    pairs = try pairing.map {
      try PairedExamples($0, most: order.indices.count, parameters, examples, seed: seed, pool, kernels)
    }
    engine = try StepEngine(
      parameters: parameters, optimizer: rule.optimizer, batchSizes: order.sizes,
      options: .init(
        shards: shards ?? Shards.defaultCount(examples: order.sizes[0]), clipNorm: rule.clipNorm, seed: seed,
        dynamics: rule.dynamics, group: group),
      pool: pool, kernels: kernels
    ) { objective($0).withConsensus(rule.consensus) }
  }

  /// Creates a training that uses the data, threads, kernels and seed of another one, which is done.
  ///
  /// - Parameters:
  ///   - parameters: the parameters to train, in place.
  ///   - rule: the rule of the updates.
  ///   - trained: the training that is done.
  ///   - batch: examples per step, of an epoch; nil for all examples.
  ///   - shards: shards per batch; nil for `Shards.defaultCount`.
  ///   - objective: the objective of a number of examples.
  /// - Throws: `KernelError` if there is not enough memory.
  public convenience init(
    _ parameters: ParameterVector, _ rule: UpdateRule, like trained: Trained, batch: Int? = nil, shards: Int? = nil,
    objective: @escaping (Int) -> Objective
  ) throws {
    let examples = trained.data.training
    let count = examples.count ?? 256
    try self.init(
      parameters, rule, examples: examples,
      order: BatchOrder(
        count: examples.count, examples: min(batch ?? count, examples.count ?? .max), drawing: .epoch,
        seed: trained.seed),
      shards: shards, seed: trained.seed, pool: trained.pool,
      kernels: KernelTable(level: trained.level, precision: parameters.precision), activity: trained.activity,
      objective: objective)
  }

  /// Creates a training of an objective that reads no examples, with the threads, kernels and seed of another training.
  ///
  /// - Parameters:
  ///   - parameters: the parameters to train, in place.
  ///   - rule: the rule of the updates.
  ///   - trained: the other training, which is done.
  ///   - draws: the size of each batch, whatever the data.
  ///   - shards: shards per batch.
  ///   - objective: the objective of a number of draws.
  /// - Throws: `KernelError` if there is not enough memory.
  public convenience init(
    _ parameters: ParameterVector, _ rule: UpdateRule, like trained: Trained, draws: Int, shards: Int,
    objective: @escaping (Int) -> Objective
  ) throws {
    try self.init(
      parameters, rule, examples: .none(exampleShape: []),
      order: BatchOrder(count: nil, examples: draws, drawing: .epoch, seed: trained.seed), shards: shards,
      seed: trained.seed, pool: trained.pool,
      kernels: KernelTable(level: trained.level, precision: parameters.precision), activity: trained.activity,
      objective: objective)
  }

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - number: the number of the step, from 1: its examples and draws are a function of it.
  ///   - update: the number of steps that the parameters have had, including this one, which sets the rate; nil for
  ///     `number`.
  ///   - stop: whether this process asks all that compute the step to stop after it.
  /// - Throws: `NonFiniteStep`, see `StepEngine.step`.
  @discardableResult
  public func step(_ number: Int, update: Int? = nil, stop: () -> Bool = { false }) throws -> StepEngine.Result {
    let size = order.draw(step: number)
    count = size
    let rate = rule.schedule.rate(step: update ?? number)
    let (indices, examples) = (order.indices, examples)
    guard let pairs else {
      return try engine.step(number, examples: size, rate: rate, updateNumber: update, stop: stop) { range, input in
        input.write(indices[range], of: examples)
      }
    }
    pairs.arrange(indices, count: size, step: number)
    return try engine.step(number, examples: size, rate: rate, updateNumber: update, stop: stop) { range, input in
      pairs.write(range, to: input)
    }
  }

  /// The examples of the last step, each at its place.
  public var lastExamples: [Int] { Array((pairs?.places ?? order.indices).prefix(count)) }

  /// Takes the steps of the rule.
  ///
  /// - Parameter isEnough: returns whether to stop after a step with this result.
  /// - Returns: the number of steps that were taken.
  /// - Throws: `NonFiniteStep`, see `StepEngine.step`.
  @discardableResult
  public func run(until isEnough: (StepEngine.Result) -> Bool = { _ in false }) throws -> Int {
    try activity.counting(rule.steps, "training step") { done in
      for number in 1...max(1, rule.steps) where rule.steps > 0 {
        if isEnough(try step(number)) { return number }
        done.add()
      }
      return rule.steps
    }
  }
}
