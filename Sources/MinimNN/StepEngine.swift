import MinimAutodiff
import MinimKernels
import MinimParallel
import Synchronization

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
  private let optimizer: any Optimizer
  private let options: Options
  private let pool: WorkerPool
  private let kernels: KernelTable
  private let objective: (Int) -> Objective
  private let programs: [Int: ShardProgram]
  /// The shards of each size of batch, made before the first step.
  private let cuts: [Int: Cut]
  private let gradient: ParameterVector
  private let slots: [AlignedMemory]
  private let reduction: OrderedReduction
  private let vectors: OptimizerVectors

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
    gradient = try ParameterVector(layout, precision: kernels.precision)
    var programs: [Int: ShardProgram] = [:]
    for count in Self.shardSizes(batchSizes, shards: options.shards) {
      let plan = Self.plan(objective(count), layout, fuse: true)
      programs[count] = try ShardProgram(plan, parameters, kernels, workers: pool.workers)
    }
    self.programs = programs
    var cuts: [Int: Cut] = [:]
    for size in batchSizes {
      let shards = Shards(examples: size, count: options.shards)
      let shared = shards.distinctSizes.compactMap { programs[$0]?.shared }
      cuts[size] = Cut(shards: shards, weights: shards.weights, shared: shared)
    }
    self.cuts = cuts
    slots = try (0..<options.shards).map { _ in try AlignedMemory(byteCount: (layout.count + 16) * size) }
    reduction = OrderedReduction(
      kernels: kernels.pointer, slots: slots.map { UnsafeRawPointer($0.pointer) }, result: gradient.pointer,
      count: layout.count)
    vectors = OptimizerVectors(
      parameters: parameters.pointer, gradient: gradient.pointer, state: state.map(\.pointer), kernels: kernels)
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
    let elements = arenas.reduce(0, +) * workers + layout.count * (2 + stateVectors + shards)
    return elements * precision.elementSize
  }

  private static func shardSizes(_ batchSizes: [Int], shards: Int) -> [Int] {
    Set(batchSizes.flatMap { Shards(examples: $0, count: shards).distinctSizes }).sorted()
  }

  /// Gradients at the places of their parameters, and the loss behind them.
  private static func plan(_ objective: Objective, _ layout: ParameterLayout, fuse: Bool) -> Plan {
    let variables = layout.entries.map(\.tensor)
    let gradients = MinimAutodiff.gradient(of: objective.value, withRespectTo: variables)
    let outputs = zip(layout.entries, gradients).map { Plan.Output($1, offset: $0.offset) }
    return Plan(outputs + [Plan.Output(objective.value, offset: layout.count)], fuse: fuse)
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
    _ step: Int, examples: Int, rate: Double, decays: (first: Double, second: Double),
    fill: (Range<Int>, ValueBuffer) -> Void
  ) throws -> Result {
    guard let cut = cuts[examples] else {
      preconditionFailure("no plan for a batch of \(examples): name every size when the engine is made")
    }
    let shards = cut.shards
    for values in cut.shared { values.update() }
    runShards(shards, step: step, fill: fill)
    let square = cut.weights.withUnsafeBufferPointer { reduction.run(weights: $0, on: pool) }
    var loss = 0.0
    for index in cut.weights.indices { loss += cut.weights[index] * slotLoss(index) }
    let norm = square.squareRoot()
    let scale = clipFactor(norm)
    guard loss.isFinite, hasFiniteSquare(norm * scale) else {
      throw try diagnosis(of: shards, step: step, loss: loss, norm: norm, fill: fill)
    }
    update(OptimizerStep(rate: rate, gradientScale: scale, decays: decays))
    return Result(loss: loss, gradientNorm: norm)
  }

  private func runShards(_ shards: Shards, step: Int, fill: (Range<Int>, ValueBuffer) -> Void) {
    let next = Atomic<Int>(0)
    pool.run(min(pool.workers, shards.count)) { worker in
      while case let shard = next.wrappingAdd(1, ordering: .relaxed).oldValue, shard < shards.count {
        let range = shards.ranges[shard]
        guard let replay = programs[range.count]?.replays[worker] else { continue }
        if let input = replay.input(Batch.inputName) { fill(range, ValueBuffer(input, kernels.precision)) }
        replay.setRandom(seed: options.seed, step: UInt64(step), firstExample: range.lowerBound)
        replay.run(result: slots[shard].pointer)
      }
    }
  }

  private func slotLoss(_ index: Int) -> Double {
    ValueBuffer(slots[index].pointer, kernels.precision)[parameters.layout.count]
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

  // MARK: - When a value is not finite

  /// The first parameter, or element of the optimizer's state, that is not finite. A step cannot tell before the next
  /// one: its own update may have been too large.
  public func nonFiniteValue() -> NonFiniteValue? {
    for (name, vector) in zip(["parameter"] + optimizer.stateNames, [parameters] + state) {
      for entry in vector.layout.entries {
        let values = vector[entry]
        guard let bad = values.firstIndex(where: { !$0.isFinite }) else { continue }
        return NonFiniteValue(operation: name, parameterPaths: [entry.path], index: bad, value: values[bad])
      }
    }
    return nil
  }

  /// - Throws: `NonFiniteStep` if a step has left something that is not finite.
  public func requireFinite(after step: Int, _ result: Result) throws {
    guard let value = nonFiniteValue() else { return }
    throw NonFiniteStep(step: step, loss: result.loss, gradientNorm: result.gradientNorm, value: value)
  }

  /// Replays the shards without fusion, in order, until the first bad value is found.
  private func diagnosis(
    of shards: Shards, step: Int, loss: Double, norm: Double, fill: (Range<Int>, ValueBuffer) -> Void
  ) throws -> NonFiniteStep {
    for shard in 0..<shards.count {
      let range = shards.ranges[shard]
      let plan = Self.plan(objective(range.count), parameters.layout, fuse: false)
      let program = try ShardProgram(plan, parameters, kernels, workers: 1)
      program.shared.update()
      let replay = program.replays[0]
      if let input = replay.input(Batch.inputName) { fill(range, ValueBuffer(input, kernels.precision)) }
      replay.setRandom(seed: options.seed, step: UInt64(step), firstExample: range.lowerBound)
      if let value = replay.firstNonFinite(result: slots[shard].pointer) {
        return NonFiniteStep(step: step, loss: loss, gradientNorm: norm, value: value)
      }
    }
    return NonFiniteStep(step: step, loss: loss, gradientNorm: norm, value: nil)
  }
}

/// How a batch of one size is cut, and what its shards share.
private struct Cut {
  let shards: Shards
  let weights: [Double]
  let shared: [SharedValues]
}

/// The plan of one size of shard, bound once for each worker.
private final class ShardProgram: Sendable {
  let shared: SharedValues
  let replays: [Replay]

  init(_ plan: Plan, _ parameters: ParameterVector, _ kernels: KernelTable, workers: Int) throws {
    let shared = try SharedValues(plan, kernels: kernels, parameters: parameters.pointer)
    self.shared = shared
    replays = try (0..<workers).map { _ in try Replay(shared) }
  }
}

/// A step whose loss or gradient is not finite, and which was not taken; or one that was taken and left parameters or
/// optimizer state that are not.
public struct NonFiniteStep: Error, Sendable, CustomStringConvertible {
  /// The step, from 1.
  public let step: Int
  /// The loss and the gradient's norm as they came out.
  public let loss: Double
  /// The gradient's norm as it came out.
  public let gradientNorm: Double
  /// Where it arose; nil if every operation's result was finite and the norm alone overflowed.
  public let value: NonFiniteValue?

  /// One line: the step, its figures, and where it went wrong.
  public var description: String {
    let place = value.map { "first in \($0)" } ?? "every value is finite, but their squares overflow"
    return "step \(step): loss \(loss), gradient norm \(gradientNorm); \(place)"
  }
}
