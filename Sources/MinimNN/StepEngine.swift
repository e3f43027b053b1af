import MinimAutodiff
import MinimKernels
import MinimParallel

/// One step of training: draw, forward, backward, ordered reduction, check, update. The parameters after it depend on the
/// examples, the shards and the step alone, not on the number of workers.
public final class StepEngine {
  /// What a step saw.
  public struct Result: Sendable {
    /// The objective at the parameters before the update: the weighted mean over the shards.
    public let loss: Double
    /// The Euclidean norm of the gradient, before clipping.
    public let gradientNorm: Double

    /// What a step saw.
    public init(loss: Double, gradientNorm: Double) {
      self.loss = loss
      self.gradientNorm = gradientNorm
    }
  }

  /// How a step is cut up and what it does with the gradient.
  public struct Options: Sendable {
    /// Parts that a batch is cut into; fixes the order of the sum over examples.
    public let shards: Int
    /// Gradients with a larger norm are scaled down to it; nil for none.
    public let clipNorm: Double?
    /// What random tensors are a function of.
    public let seed: UInt64

    /// Options of a run's steps.
    public init(shards: Int, clipNorm: Double?, seed: UInt64) {
      self.shards = shards
      self.clipNorm = clipNorm
      self.seed = seed
    }
  }

  /// The parameters, which each step changes.
  public let parameters: ParameterVector
  /// The optimizer's state vectors, in the order of its names.
  public let state: [ParameterVector]
  let optimizer: any Optimizer
  let options: Options
  let pool: WorkerPool
  let kernels: KernelTable
  let objective: (Int) -> Objective
  /// One a size of batch, made before the first step.
  private let cuts: [Cut]
  /// A gradient and a loss a shard; the first becomes the gradient of the batch.
  let slots: [AlignedMemory]
  private let reduction: OrderedReduction
  private let vectors: OptimizerVectors
  /// Counts the steps of this engine: parameters may change between any two.
  private var turn = 0

  /// - Parameters:
  ///   - objective: the objective of a shard of a given size.
  ///   - batchSizes: every size of batch that `step` will be given.
  /// - Throws: `KernelError` if there is not the memory.
  public init(
    parameters: ParameterVector, optimizer: any Optimizer, batchSizes: [Int], options: Options, pool: WorkerPool,
    kernels: KernelTable, objective: @escaping (Int) -> Objective
  ) throws {
    self.parameters = parameters
    self.optimizer = optimizer
    self.options = options
    self.pool = pool
    self.kernels = kernels
    self.objective = objective
    let layout = parameters.layout
    let size = kernels.precision.elementSize
    state = try optimizer.stateNames.map { _ in try ParameterVector(layout, precision: kernels.precision) }
    var programs: [Int: ShardProgram] = [:]
    for count in Self.shardSizes(batchSizes, shards: options.shards) {
      let plan = Self.plan(objective(count), layout, fuse: true)
      programs[count] = try ShardProgram(plan, parameters, kernels, workers: pool.workers)
    }
    let slots = try (0..<options.shards).map { _ in try AlignedMemory(byteCount: (layout.count + 16) * size) }
    self.slots = slots
    cuts = batchSizes.map {
      Cut(Shards(examples: $0, count: options.shards), programs, parameters, slots, workers: pool.workers)
    }
    reduction = OrderedReduction(
      kernels: kernels.pointer, slots: slots.map(\.pointer), count: layout.count, workers: pool.workers)
    vectors = OptimizerVectors(
      parameters: parameters.pointer, gradient: slots[0].pointer, state: state.map(\.pointer), kernels: kernels)
  }

  /// The bytes that an engine would need, without making one: so that a batch that cannot be had is refused before
  /// anything is started.
  public static func bytesNeeded(
    _ layout: ParameterLayout, stateVectors: Int, batchSizes: [Int], shards: Int, workers: Int, precision: Precision,
    objective: (Int) -> Objective
  ) -> Int {
    let arenas = shardSizes(batchSizes, shards: shards).map {
      plan(objective($0), layout, fuse: true).elementsPerWorker
    }
    let elements = arenas.reduce(0, +) * workers + layout.count * (1 + stateVectors + shards)
    return elements * precision.elementSize
  }

  private static func shardSizes(_ batchSizes: [Int], shards: Int) -> [Int] {
    Set(batchSizes.flatMap { Shards(examples: $0, count: shards).distinctSizes }).sorted()
  }

  /// The plan of one shard: gradients at the places of their parameters, and the loss behind them.
  package static func plan(_ objective: Objective, _ layout: ParameterLayout, fuse: Bool) -> Plan {
    let field = objective.field(layout.entries.map(\.tensor))
    let outputs = zip(layout.entries, field).map { Plan.Output($1, offset: $0.offset) }
    return Plan(outputs + [Plan.Output(objective.value, offset: layout.count)], fuse: fuse)
  }

  /// What samples, figures and claims are of: the running average of the parameters where the optimizer keeps one,
  /// otherwise the parameters.
  public var evaluatedParameters: ParameterVector {
    zip(optimizer.stateNames, state).first { $0.0 == Averaged.stateName }?.1 ?? parameters
  }

  // MARK: - A step

  /// Takes one step.
  ///
  /// - Parameters:
  ///   - step: the number of the step, from 1.
  ///   - examples: the size of the batch, one of the `batchSizes`.
  ///   - rate: the learning rate.
  ///   - decays: the optimizer's decay rates to the power of `step`.
  ///   - fill: writes the examples of a range of the batch; called on several threads at once.
  /// - Throws: `NonFiniteStep` if the loss or the gradient is not finite, or if the gradient is so long that its square
  ///   is not; the parameters are then as they were.
  public func step(
    _ step: Int, examples: Int, rate: Double, decays: Decays, fill: (Range<Int>, BatchBuffer) -> Void
  ) throws -> Result {
    let cut = cut(of: examples)
    // A cut is plain pointers to what it owns, and must outlive their use.
    let (loss, norm) = withExtendedLifetime(cut) {
      reduction.begin(cut.weights)
      runShards(cut, step: step, fill: fill)
      let square = reduction.finish(on: pool)
      return (cut.loss(at: parameters.layout.count, kernels.precision), square.squareRoot())
    }
    let scale = clipFactor(norm)
    guard loss.isFinite, hasFiniteSquare(norm * scale) else {
      throw try diagnosis(of: cut.shards, step: step, loss: loss, norm: norm, fill: fill)
    }
    update(OptimizerStep(rate: rate, gradientScale: scale, decays: decays))
    return Result(loss: loss, gradientNorm: norm)
  }

  /// The cut of one of the `batchSizes`.
  func cut(of examples: Int) -> Cut {
    for cut in cuts where cut.shards.examples == examples { return cut }
    mistake("no plan for a batch of \(examples): name every size when the engine is made")
  }

  private func runShards(_ cut: Cut, step: Int, fill: (Range<Int>, BatchBuffer) -> Void) {
    turn += 1
    let (turn, seed, reduction) = (turn, options.seed, reduction)
    pool.share(cut.shardCount) { shard, worker in
      cut.run(shard, worker: worker, turn: turn, seed: seed, step: step, fill)
      reduction.filled(shard, by: worker)
    }
  }

  private func clipFactor(_ norm: Double) -> Double {
    guard let limit = options.clipNorm, norm > limit else { return 1 }
    return limit / norm
  }

  /// Adam keeps a mean of squares: once infinite, it would hold its parameter still for ever, and nothing would say so.
  private func hasFiniteSquare(_ norm: Double) -> Bool {
    kernels.precision == .float32 ? Float(norm * norm).isFinite : (norm * norm).isFinite
  }

  private func update(_ step: OptimizerStep) {
    let length = OrderedReduction.blockLength
    let count = parameters.layout.count
    pool.run((count + length - 1) / length) { block in
      optimizer.update(block * length..<min(count, (block + 1) * length), vectors, step)
    }
  }
}
