import CMinimKernels
import MinimAutodiff
import MinimKernels
import MinimParallel

/// A batch of one size cut into shards, with the calls that compute each: plain pointers, since a step must touch no
/// reference count.
final class Cut: @unchecked Sendable {
  private struct Run: BitwiseCopyable {
    /// The calls that depend on parameters only, and the last turn in which this worker has run them.
    let prologue: CallList
    let prologueTurn: UnsafeMutablePointer<Int>
    let calls: CallList
    let context: UnsafeMutablePointer<minim_random_context>
    /// The memory for the examples; nil if the plan does not depend on them.
    let input: BatchBuffer?
    /// The memory for the number of the step; nil if the plan does not depend on it.
    let step: ValueBuffer?
  }

  let shards: Shards
  /// The shards that this process computes; none if there are more processes than shards.
  let own: Range<Int>
  /// One per shard of this process, or one in all if it has none; they own the memory behind the pointers.
  let programs: [ShardProgram]
  private let parameters: ParameterVector
  private let slotMemory: [AlignedMemory]
  private let workers: Int
  private let precision: Precision
  private let lossOffset: Int
  /// Shard by shard of this process, one per worker.
  private let runs: UnsafeMutableBufferPointer<Run>
  /// The calls of each phase, shard by shard.
  private let phases: UnsafeMutableBufferPointer<UnsafeMutableBufferPointer<Range<Int>>>
  /// The first example of each shard of the batch, and its end.
  private let starts: UnsafeMutableBufferPointer<Int>
  private let slots: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private let shares: UnsafeMutableBufferPointer<Double>
  /// The exchanges after each phase but the last.
  private let exchanges: [BatchExchange]
  /// The number of the last phase: 0 if nothing is exchanged.
  let lastPhase: Int

  /// - Parameters:
  ///   - programs: one per shard of this process, or one of any shard if it has none; equal shards may share one, if they exchange nothing.
  ///   - slots: the memory for each shard's gradient and loss.
  /// - Throws: `KernelError` if there is not enough memory.
  init(
    _ shards: Shards, _ programs: [ShardProgram], _ parameters: ParameterVector, _ slots: [AlignedMemory],
    workers: Int, group: any ShardGroup, kernels: KernelTable
  ) throws {
    self.shards = shards
    own = group.ownership.own(of: shards.count)
    self.parameters = parameters
    self.workers = workers
    precision = kernels.precision
    lossOffset = parameters.layout.count
    self.programs = programs
    slotMemory = slots
    runs = .copying(
      programs.flatMap { program in
        (0..<workers).map { number in
          let it = program.workers[min(number, program.workers.count - 1)]
          return Run(
            prologue: it.shared.calls, prologueTurn: it.prologueTurn.pointer.assumingMemoryBound(to: Int.self),
            calls: it.replay.calls, context: it.replay.randomContext, input: it.input, step: it.step)
        }
      })
    exchanges = try BatchExchange.all(programs.map(\.workers[0].replay), shards, group, kernels)
    lastPhase = exchanges.count
    phases = .copying(programs.map(\.phases))
    starts = .copying(shards.ranges.map(\.lowerBound) + [shards.examples])
    self.slots = .copying(slots.prefix(shards.count).map(\.pointer))
    shares = .copying(shards.weights)
  }

  deinit {
    runs.deallocate()
    phases.deallocate()
    starts.deallocate()
    slots.deallocate()
    shares.deallocate()
  }

  /// The share of each shard in the batch.
  var weights: UnsafeBufferPointer<Double> { UnsafeBufferPointer(shares) }

  /// The bytes of each value that is exchanged.
  var exchangedBytes: [Int] { exchanges.map(\.byteCount) }

  /// Exchanges the values that the shards have computed in a phase.
  func exchange(after phase: Int, on pool: WorkerPool) { exchanges[phase].run(weights, on: pool) }

  /// Computes a shard's gradient on the thread that is `worker`, and returns its loss. The parameters do not change
  /// during a `turn`.
  func run(
    _ shard: Int, worker: Int, turn: Int, seed: UInt64, step: Int, _ fill: (Range<Int>, BatchBuffer) -> Void
  ) -> Double {
    begin(shard, worker: worker, turn: turn, seed: seed, step: step, fill).run(result: slots[shard])
    return loss(of: shard)
  }

  /// Computes one phase of a shard, up to the next exchange between the shards; the loss is known after the last.
  func run(
    _ shard: Int, phase: Int, worker: Int, turn: Int, seed: UInt64, step: Int,
    _ fill: (Range<Int>, BatchBuffer) -> Void
  ) -> Double {
    let calls =
      phase == 0
      ? begin(shard, worker: worker, turn: turn, seed: seed, step: step, fill) : run(shard, worker).calls
    calls.run(phases[shard - own.lowerBound][phase], result: slots[shard])
    return loss(of: shard)
  }

  /// Sets the inputs of a shard.
  @inline(__always)
  private func begin(
    _ shard: Int, worker: Int, turn: Int, seed: UInt64, step: Int, _ fill: (Range<Int>, BatchBuffer) -> Void
  ) -> CallList {
    let run = run(shard, worker)
    if run.prologueTurn.pointee != turn {
      run.prologueTurn.pointee = turn
      minim_touch(parameters.pointer, Int64(parameters.layout.count * parameters.precision.elementSize))
      run.prologue.runInPlace()
    }
    if let input = run.input { fill(starts[shard]..<starts[shard + 1], input) }
    if let place = run.step { place[0] = Double(step) }
    run.context.pointee = minim_random_context(
      seed: seed, step: UInt64(step), first_example: UInt64(starts[shard]))
    return run.calls
  }

  @inline(__always)
  private func run(_ shard: Int, _ worker: Int) -> Run { runs[(shard - own.lowerBound) * workers + worker] }

  /// The loss, which a shard leaves after its gradient.
  @inline(__always)
  private func loss(of shard: Int) -> Double { ValueBuffer(slots[shard], precision)[lossOffset] }
}

/// The plan of one size of shard, bound once per worker.
final class ShardProgram: @unchecked Sendable {
  /// One thread's memory. Each worker computes for itself what depends on parameters only: it is little work, and
  /// values that another core has written arrive slowly.
  struct Worker: Sendable {
    let shared: ParameterValues
    let replay: Replay
    /// The turn of the last prologue, on a cache line of its own.
    let prologueTurn: AlignedMemory
    /// The memory for the examples; nil if the plan does not depend on them.
    let input: BatchBuffer?
    /// The memory for the number of the step; nil if the plan does not depend on it.
    let step: ValueBuffer?

    init(_ plan: Plan, _ parameters: ParameterVector, _ kernels: KernelTable) throws {
      shared = try ParameterValues(plan, kernels: kernels, parameters: parameters.pointer)
      replay = try Replay(shared)
      prologueTurn = try AlignedMemory(byteCount: 64)
      input = BatchBuffer(replay, kernels.precision)
      step = replay.input(Batch.stepName).map { ValueBuffer($0, kernels.precision) }
    }
  }

  let plan: Plan
  let workers: [Worker]
  /// The calls of each phase, the same for all workers.
  let phases: UnsafeMutableBufferPointer<Range<Int>>

  init(_ plan: Plan, _ parameters: ParameterVector, _ kernels: KernelTable, workers: Int) throws {
    self.plan = plan
    self.workers = try (0..<workers).map { _ in try Worker(plan, parameters, kernels) }
    let ranges = self.workers[0].replay.phases
    phases = .allocate(capacity: ranges.count)
    _ = phases.initialize(fromContentsOf: ranges)
  }

  deinit { phases.deallocate() }

  /// One program for each of some shards of a batch. A shard that exchanges values with others has memory of its own,
  /// since it waits for them; otherwise shards of one size share the memory of a worker.
  static func all(
    _ ranges: ArraySlice<Range<Int>>, _ parameters: ParameterVector, _ kernels: KernelTable, workers: Int,
    plan: (Int) -> Plan
  ) throws -> [ShardProgram] {
    var known: [Int: ShardProgram] = [:]
    return try ranges.map { range in
      if let program = known[range.count] {
        return program.plan.exchanges.isEmpty
          ? program : try ShardProgram(program.plan, parameters, kernels, workers: 1)
      }
      let plan = plan(range.count)
      let program = try ShardProgram(
        plan, parameters, kernels, workers: plan.exchanges.isEmpty ? workers : 1)
      known[range.count] = program
      return program
    }
  }
}
