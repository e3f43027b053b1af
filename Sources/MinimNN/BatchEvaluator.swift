import MinimAutodiff
import MinimKernels
import MinimParallel

/// Runs expressions over many examples, chunk by chunk, on all workers: evaluation, sampling, sums over all images.
/// Each chunk's result depends on its examples alone, so the results do not depend on the number of workers.
public final class BatchEvaluator: Sendable {
  /// The examples of a chunk.
  public let chunk: Int
  private let pool: WorkerPool
  private let workers: [Worker]

  /// - Parameters:
  ///   - expressions: one plan is made of each; all are made for `chunk` examples.
  ///   - chunk: the examples that one run takes; a last, shorter chunk is filled up with what was there before.
  /// - Throws: `KernelError` if there is not the memory.
  public init(_ expressions: [[Tensor]], chunk: Int, _ trained: Trained) throws {
    self.chunk = chunk
    pool = trained.pool
    let kernels = try KernelTable(level: trained.level, precision: trained.parameters.precision)
    let shared = try expressions.map {
      try SharedValues(Plan(packing: $0), kernels: kernels, parameters: trained.parameters.pointer)
    }
    for values in shared { values.update() }
    workers = try (0..<pool.workers).map { _ in try Worker(shared, trained.parameters) }
  }

  /// Calls `body` once for each chunk of `0..<count`, on several threads at once.
  public func forEachChunk(_ count: Int, _ body: (Range<Int>, Worker) -> Void) {
    pool.share((count + chunk - 1) / chunk) { index, worker in
      body(index * chunk..<min(count, (index + 1) * chunk), workers[worker])
    }
  }

  /// One thread's replays.
  public final class Worker: @unchecked Sendable {
    private let replays: [Replay]
    private let results: [AlignedMemory]
    private let precision: Precision
    /// Keeps the memory that the replays read.
    private let parameters: ParameterVector

    init(_ shared: [SharedValues], _ parameters: ParameterVector) throws {
      precision = parameters.precision
      self.parameters = parameters
      replays = try shared.map(Replay.init)
      results = try replays.map { [precision] in
        try AlignedMemory(byteCount: $0.plan.outputCount * precision.elementSize)
      }
    }

    /// Where the examples of an expression are written; nil if it does not depend on them.
    public func examples(_ expression: Int = 0) -> ValueBuffer? {
      replays[expression].input(Batch.inputName).map { ValueBuffer($0, precision) }
    }

    /// Computes an expression.
    ///
    /// - Returns: its outputs, one after the other, each from a multiple of sixteen elements on.
    public func run(_ expression: Int = 0) -> ValueBuffer {
      replays[expression].run(result: results[expression].pointer)
      return ValueBuffer(results[expression].pointer, precision)
    }
  }
}
