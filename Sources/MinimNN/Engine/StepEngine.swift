import MinimAutodiff
import MinimKernels
import MinimParallel

/// One step of training: draw, forward, backward, ordered reduction, check, update; in a game as often as its
/// `Dynamics` require. The parameters after it depend on the examples, the shards and the step alone, not on the number
/// of workers.
public final class StepEngine {
  /// The result of a step.
  public struct Result: Sendable {
    /// The objective at the parameters before the update: the weighted mean over the shards.
    public let loss: Double
    /// The Euclidean norm of the gradient, before clipping; if players take turns, of the gradients of all turns.
    public let gradientNorm: Double
    /// Whether a process that computed the step asked to stop; the same in all of them.
    public let isStopRequested: Bool

    /// Creates the result of a step.
    public init(loss: Double, gradientNorm: Double, isStopRequested: Bool = false) {
      self.loss = loss
      self.gradientNorm = gradientNorm
      self.isStopRequested = isStopRequested
    }
  }

  /// The number of shards of a step, and its use of the gradient.
  public struct Options: Sendable {
    /// Shards per batch; their number fixes the order of the sum over examples.
    public let shards: Int
    /// The norm that larger gradients are scaled down to; nil for none.
    public let clipNorm: Double?
    /// The seed of random tensors.
    public let seed: UInt64
    /// The rule for how often and where a step evaluates the field.
    public let dynamics: Dynamics
    /// The processes that compute each batch together.
    public let group: any ShardGroup

    /// Creates the options of a run's steps.
    public init(
      shards: Int, clipNorm: Double?, seed: UInt64, dynamics: Dynamics = .simultaneous,
      group: any ShardGroup = SingleProcess()
    ) {
      self.dynamics = dynamics
      self.group = group
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
  /// The turns of a step, in order.
  let turns: [Turn]
  /// Copies of parameters and optimizer state for a step that evaluates the field more than once and may fail halfway.
  let kept: [ParameterVector]
  /// A gradient and a loss per shard; the first becomes the gradient of the batch.
  let slots: [AlignedMemory]
  private let sum: ShardSum
  let vectors: OptimizerVectors
  /// The number of fields that this engine has computed: parameters may change between any two.
  private var fields = 0

  /// - Parameters:
  ///   - parameters: the parameters to train, in place.
  ///   - optimizer: the rule of an update.
  ///   - batchSizes: every batch size that `step` will receive.
  ///   - options: shards, clipping, seed and dynamics.
  ///   - pool: the threads to compute with.
  ///   - kernels: the kernels to compute with.
  ///   - objective: the objective of a shard of a given size.
  /// - Throws: `KernelError` if there is not enough memory.
  public init(
    parameters: ParameterVector, optimizer: any Optimizer, batchSizes: [Int], options: Options, pool: WorkerPool,
    kernels: KernelTable, objective: @escaping (Int) -> Objective
  ) throws {
    self.parameters = parameters
    self.optimizer = try optimizer.bound(to: parameters.layout, kernels)
    self.options = options
    self.pool = pool
    self.kernels = kernels
    self.objective = objective
    let layout = parameters.layout
    let size = kernels.precision.elementSize
    state = try optimizer.stateNames.map { _ in try ParameterVector(layout, precision: kernels.precision) }
    let slots = try (0..<options.shards).map { _ in
      try AlignedMemory(byteCount: ShardSum.slotBytes(layout.count, elementSize: size))
    }
    self.slots = slots
    turns = try Turn.all(options.dynamics, objective(1), layout).map { turn in
      try turn.with(
        batchSizes.map {
          let shards = Shards(examples: $0, count: options.shards)
          let own = options.group.ownership.own(of: shards.count)
          // A process without a shard still takes part in what the others exchange, which the plan of any shard says.
          let planned = own.isEmpty ? 0..<1 : own
          let programs = try ShardProgram.all(shards.ranges[planned], parameters, kernels, workers: pool.workers) {
            Self.plan(objective($0), layout, fuse: true, moving: turn.player)
          }
          return try Cut(
            shards, programs, parameters, slots, workers: pool.workers, group: options.group, kernels: kernels)
        }, layout, optimizer.granularity, on: pool)
    }
    kept = try (0..<Self.keptVectors(options.dynamics, state.count)).map { _ in
      try ParameterVector(layout, precision: kernels.precision)
    }
    sum = ShardSum(
      kernels: kernels.pointer, slots: slots.map(\.pointer), count: layout.count, workers: pool.workers,
      group: options.group)
    vectors = OptimizerVectors(
      parameters: parameters.pointer, gradient: slots[0].pointer, state: state.map(\.pointer),
      areShared: pool.workers > 1, kernels: kernels)
  }

  /// The bytes that an engine would need, computed without making one, so that a batch that is too large is refused
  /// before anything is started.
  public static func bytesNeeded(
    _ layout: ParameterLayout, stateVectors: Int, batchSizes: [Int], shards: Int, workers: Int, precision: Precision,
    dynamics: Dynamics = .simultaneous, ownership: ShardOwnership = .all, objective: (Int) -> Objective
  ) -> Int {
    let own = ownership.own(of: shards).count
    let arenas = Turn.all(dynamics, objective(1), layout).flatMap { turn in
      shardSizes(batchSizes, shards: shards).map {
        let plan = plan(objective($0), layout, fuse: true, moving: turn.player)
        return plan.elementsPerWorker * (plan.exchanges.isEmpty ? workers : own)
      }
    }
    let vectors = 1 + stateVectors + keptVectors(dynamics, stateVectors) + shards
    let elements = arenas.reduce(0, +) + layout.count * vectors
    return elements * precision.elementSize
  }

  private static func shardSizes(_ batchSizes: [Int], shards: Int) -> [Int] {
    Set(batchSizes.flatMap { Shards(examples: $0, count: shards).distinctSizes }).sorted()
  }

  /// The plan of one shard: gradients at the places of their parameters, followed by the loss.
  ///
  /// - Parameter player: the player whose gradient is wanted; nil for all.
  package static func plan(
    _ objective: Objective, _ layout: ParameterLayout, fuse: Bool, moving player: String? = nil
  ) -> Plan {
    let field = objective.field(layout.entries.map(\.tensor), moving: player)
    let outputs = zip(layout.entries, field).map { Plan.Output($1, offset: $0.offset) }
    return Plan(outputs + [Plan.Output(objective.value, offset: layout.count)], fuse: fuse)
  }

  /// The parameters for samples, metrics and claims: their running average if the optimizer keeps one,
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
  ///   - updateNumber: the number of steps that the parameters have had, including this one; nil if it is `step`.
  ///   - stop: returns whether this process asks all that compute the step to stop after it; called on the caller's
  ///     thread once the shards are computed.
  ///   - fill: writes the examples of a range of the batch; called on several threads at once.
  /// - Throws: `NonFiniteStep` if a loss, a gradient or the square of a gradient's norm is not finite; the parameters
  ///   and the optimizer's state are then unchanged.
  public func step(
    _ step: Int, examples: Int, rate: Double, updateNumber: Int? = nil, stop: () -> Bool = { false },
    fill: (Range<Int>, BatchBuffer) -> Void
  ) throws -> Result {
    let request = Request(step: step, examples: examples, rate: rate, updateNumber: updateNumber ?? step)
    switch options.dynamics {
    case .simultaneous:
      let field = try field(0, request, stop, fill)
      update(0, field, request)
      return Result(loss: field.loss, gradientNorm: field.norm, isStopRequested: field.isStopRequested)
    case .alternating: return try takeTurns(request, stop, fill)
    case .extragradient: return try lookAhead(request, stop, fill)
    }
  }

  /// The arguments of a step.
  struct Request {
    let step: Int, examples: Int, rate: Double, updateNumber: Int
  }

  /// A gradient, which is in the first slot, with the loss at its place.
  struct Field {
    let loss: Double, norm: Double
    /// The factor that clips the gradient.
    let scale: Double
    let isStopRequested: Bool
  }

  /// Computes the gradient of a turn at the present parameters.
  func field(
    _ turn: Int, _ request: Request, _ stop: () -> Bool, _ fill: (Range<Int>, BatchBuffer) -> Void
  ) throws -> Field {
    let cut = cut(of: request.examples, turn: turn)
    // A cut is plain pointers to memory that it owns, so it must outlive their use.
    let sum = withExtendedLifetime(cut) {
      self.sum.begin(cut.weights)
      runShards(cut, step: request.step, fill: fill)
      return self.sum.finish(on: pool, isStopRequested: stop())
    }
    let norm = sum.square.squareRoot()
    let scale = clipFactor(norm)
    guard sum.loss.isFinite, hasFiniteSquare(norm * scale) else {
      throw try diagnosis(of: cut, turn: turn, step: request.step, loss: sum.loss, norm: norm, fill: fill)
    }
    return Field(loss: sum.loss, norm: norm, scale: scale, isStopRequested: sum.isStopRequested)
  }

  /// The cut of one of the `batchSizes`.
  func cut(of examples: Int, turn: Int = 0) -> Cut {
    for cut in turns[turn].cuts where cut.shards.examples == examples { return cut }
    mistake("no plan for a batch of \(examples): name every size when the engine is made")
  }

  private func runShards(_ cut: Cut, step: Int, fill: (Range<Int>, BatchBuffer) -> Void) {
    fields += 1
    if cut.lastPhase > 0 { return runPhases(cut, step: step, fill: fill) }
    let (fields, seed, sum, first) = (fields, options.seed, sum, cut.own.lowerBound)
    pool.share(cut.own.count) { index, worker in
      let loss = cut.run(first + index, worker: worker, turn: fields, seed: seed, step: step, fill)
      sum.filled(first + index, loss: loss, by: worker)
    }
  }

  /// Computes a field whose shards exchange values on the way. Separate, so that others pay nothing for it.
  @inline(never)
  private func runPhases(_ cut: Cut, step: Int, fill: (Range<Int>, BatchBuffer) -> Void) {
    let (fields, seed, sum, first) = (fields, options.seed, sum, cut.own.lowerBound)
    for phase in 0...cut.lastPhase {
      pool.share(cut.own.count) { index, worker in
        let loss = cut.run(
          first + index, phase: phase, worker: worker, turn: fields, seed: seed, step: step, fill)
        if phase == cut.lastPhase { sum.filled(first + index, loss: loss, by: worker) }
      }
      if phase < cut.lastPhase { cut.exchange(after: phase, on: pool) }
    }
  }

  private func clipFactor(_ norm: Double) -> Double {
    guard let limit = options.clipNorm, norm > limit else { return 1 }
    return limit / norm
  }

  /// Adam keeps a mean of squares: once infinite, it would hold its parameter still forever, and nothing would report
  /// it.
  private func hasFiniteSquare(_ norm: Double) -> Bool {
    kernels.precision == .float32 ? Float(norm * norm).isFinite : (norm * norm).isFinite
  }

  /// Moves the parameters of a turn.
  ///
  /// - Parameter time: how often the turn has moved in this step, including this time.
  func update(_ turn: Int, _ field: Field, _ request: Request, time: Int = 1) {
    let (pieces, times) = (turns[turn].pieces, turns[turn].times)
    let step = OptimizerStep(
      rate: request.rate, gradientScale: field.scale,
      updates: (request.updateNumber - 1) * times + time)
    pool.run(pieces.count) { optimizer.update(pieces[$0], vectors, step) }
  }
}
