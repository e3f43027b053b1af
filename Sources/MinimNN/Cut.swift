import CMinimKernels
import MinimAutodiff
import MinimKernels
import MinimParallel

/// A batch of one size cut into shards, each with what computes it: plain pointers, since a step shall touch no reference
/// count.
final class Cut: @unchecked Sendable {
  private struct Run: BitwiseCopyable {
    /// What depends on parameters only, and the last turn in which this worker has computed it.
    let prologue: CallList
    let prologueTurn: UnsafeMutablePointer<Int>
    let calls: CallList
    let context: UnsafeMutablePointer<minim_random_context>
    /// Where the examples are written; nil if the plan does not depend on them.
    let input: BatchBuffer?
    /// Where the number of the step is written; nil if the plan does not depend on it.
    let step: ValueBuffer?
  }

  let shards: Shards
  /// One a shard; they own what the pointers point at.
  let programs: [ShardProgram]
  private let parameters: ParameterVector
  private let slotMemory: [AlignedMemory]
  private let workers: Int
  /// Shard by shard, one a worker.
  private let runs: UnsafeMutableBufferPointer<Run>
  /// The first example of each shard, and the end of the batch.
  private let starts: UnsafeMutableBufferPointer<Int>
  private let slots: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private let shares: UnsafeMutableBufferPointer<Double>

  /// - Parameters:
  ///   - programs: by size of shard.
  ///   - slots: where each shard's gradient and loss go.
  init(
    _ shards: Shards, _ programs: [Int: ShardProgram], _ parameters: ParameterVector, _ slots: [AlignedMemory],
    workers: Int
  ) {
    self.shards = shards
    self.parameters = parameters
    self.workers = workers
    self.programs = shards.ranges.compactMap { programs[$0.count] }
    slotMemory = slots
    runs = Self.plain(
      self.programs.flatMap { program in
        program.workers.map {
          Run(
            prologue: $0.shared.calls, prologueTurn: $0.prologueTurn.pointer.assumingMemoryBound(to: Int.self),
            calls: $0.replay.calls, context: $0.replay.randomContext, input: $0.input, step: $0.step)
        }
      })
    starts = Self.plain(shards.ranges.map(\.lowerBound) + [shards.examples])
    self.slots = Self.plain(slots.prefix(shards.count).map(\.pointer))
    shares = Self.plain(shards.weights)
  }

  deinit {
    runs.deallocate()
    starts.deallocate()
    slots.deallocate()
    shares.deallocate()
  }

  private static func plain<T: BitwiseCopyable>(_ values: [T]) -> UnsafeMutableBufferPointer<T> {
    let memory = UnsafeMutableBufferPointer<T>.allocate(capacity: values.count)
    _ = memory.initialize(fromContentsOf: values)
    return memory
  }

  var shardCount: Int { slots.count }

  /// The share of each shard in the batch.
  var weights: UnsafeBufferPointer<Double> { UnsafeBufferPointer(shares) }

  /// Computes a shard's gradient and loss, on the thread that is `worker`. The parameters are the same throughout a `turn`.
  func run(
    _ shard: Int, worker: Int, turn: Int, seed: UInt64, step: Int, _ fill: (Range<Int>, BatchBuffer) -> Void
  ) {
    let run = runs[shard * workers + worker]
    if run.prologueTurn.pointee != turn {
      run.prologueTurn.pointee = turn
      minim_touch(parameters.pointer, Int64(parameters.layout.count * parameters.precision.elementSize))
      run.prologue.runInPlace()
    }
    if let input = run.input { fill(starts[shard]..<starts[shard + 1], input) }
    if let place = run.step { place[0] = Double(step) }
    run.context.pointee = minim_random_context(
      seed: seed, step: UInt64(step), first_example: UInt64(starts[shard]))
    run.calls.run(result: slots[shard])
  }

  /// The weighted mean of the losses, each at element `offset` of its slot.
  func loss(at offset: Int, _ precision: Precision) -> Double {
    var sum = 0.0
    for shard in 0..<slots.count { sum += shares[shard] * ValueBuffer(slots[shard], precision)[offset] }
    return sum
  }
}

/// The plan of one size of shard, bound once for each worker.
final class ShardProgram: Sendable {
  /// One thread's memory. What depends on parameters only each computes for itself: it is little work, and values that
  /// another core has written come slowly.
  struct Worker: Sendable {
    let shared: SharedValues
    let replay: Replay
    /// The turn of the last prologue; its memory has a cache line to itself.
    let prologueTurn: AlignedMemory
    /// Where the examples are written; nil if the plan does not depend on them.
    let input: BatchBuffer?
    /// Where the number of the step is written; nil if the plan does not depend on it.
    let step: ValueBuffer?

    init(_ plan: Plan, _ parameters: ParameterVector, _ kernels: KernelTable) throws {
      shared = try SharedValues(plan, kernels: kernels, parameters: parameters.pointer)
      replay = try Replay(shared)
      prologueTurn = try AlignedMemory(byteCount: 64)
      input = BatchBuffer(replay, kernels.precision)
      step = replay.input(Batch.stepName).map { ValueBuffer($0, kernels.precision) }
    }
  }

  let plan: Plan
  let workers: [Worker]

  init(_ plan: Plan, _ parameters: ParameterVector, _ kernels: KernelTable, workers: Int) throws {
    self.plan = plan
    self.workers = try (0..<workers).map { _ in try Worker(plan, parameters, kernels) }
  }
}
