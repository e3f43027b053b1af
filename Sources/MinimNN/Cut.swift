import CMinimKernels
import MinimAutodiff
import MinimKernels
import MinimParallel

/// A batch of one size cut into shards, each with what computes it: plain pointers, since a step shall touch no reference
/// count.
final class Cut: @unchecked Sendable {
  private struct Run: BitwiseCopyable {
    let calls: CallList
    let context: UnsafeMutablePointer<minim_random_context>
    /// Where the examples are written; nil if the plan does not depend on them.
    let examples: ValueBuffer?
  }

  let shards: Shards
  /// One a shard; they own what the pointers point at.
  let programs: [ShardProgram]
  private let slotMemory: [AlignedMemory]
  private let workers: Int
  private let prologues: UnsafeMutableBufferPointer<CallList>
  /// Shard by shard, one a worker.
  private let runs: UnsafeMutableBufferPointer<Run>
  /// The first example of each shard, and the end of the batch.
  private let starts: UnsafeMutableBufferPointer<Int>
  private let slots: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private let shares: UnsafeMutableBufferPointer<Double>

  /// - Parameters:
  ///   - programs: by size of shard.
  ///   - slots: where each shard's gradient and loss go.
  init(_ shards: Shards, _ programs: [Int: ShardProgram], _ slots: [AlignedMemory], workers: Int) {
    self.shards = shards
    self.workers = workers
    self.programs = shards.ranges.compactMap { programs[$0.count] }
    slotMemory = slots
    prologues = Self.plain(shards.distinctSizes.compactMap { programs[$0]?.shared.calls })
    runs = Self.plain(
      self.programs.flatMap { program in
        zip(program.replays, program.examples).map {
          Run(calls: $0.calls, context: $0.randomContext, examples: $1)
        }
      })
    starts = Self.plain(shards.ranges.map(\.lowerBound) + [shards.examples])
    self.slots = Self.plain(slots.prefix(shards.count).map(\.pointer))
    shares = Self.plain(shards.weights)
  }

  deinit {
    prologues.deallocate()
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

  /// Computes what depends on parameters only.
  func runPrologues() {
    // A prologue has no results of its own: its values stay where the bodies read them.
    for calls in prologues { calls.runInPlace() }
  }

  /// Computes a shard's gradient and loss, on the thread that is `worker`.
  func run(_ shard: Int, worker: Int, seed: UInt64, step: Int, _ fill: (Range<Int>, ValueBuffer) -> Void) {
    let run = runs[shard * workers + worker]
    if let examples = run.examples { fill(starts[shard]..<starts[shard + 1], examples) }
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
  let shared: SharedValues
  /// One a worker.
  let replays: [Replay]
  /// Where each takes the examples; nil if the plan does not depend on them.
  let examples: [ValueBuffer?]

  init(_ plan: Plan, _ parameters: ParameterVector, _ kernels: KernelTable, workers: Int) throws {
    let shared = try SharedValues(plan, kernels: kernels, parameters: parameters.pointer)
    self.shared = shared
    replays = try (0..<workers).map { _ in try Replay(shared) }
    examples = replays.map { $0.input(Batch.inputName).map { ValueBuffer($0, kernels.precision) } }
  }
}
