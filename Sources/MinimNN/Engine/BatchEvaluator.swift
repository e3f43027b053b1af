import MinimAutodiff
import MinimData
import MinimKernels
import MinimParallel

/// Runs expressions over many examples, chunk by chunk, on all workers: evaluation, sampling, sums over all images.
/// Each chunk's result depends on its examples alone, so the results do not depend on the number of workers.
public final class BatchEvaluator: Sendable {
  /// The number of examples per chunk.
  public let chunk: Int
  private let pool: WorkerPool
  private let seed: UInt64
  private let activity: Activity
  private let group: any ShardGroup
  private let shared: [ParameterValues]
  private let workers: [Worker]

  /// - Parameters:
  ///   - expressions: one plan is made of each list; all are made for `chunk` examples.
  ///   - chunk: the number of examples that one run takes; a last, shorter chunk is filled up with what was there
  ///     before.
  ///   - trained: the parameters, and all that is needed to compute with them.
  /// - Throws: `KernelError` if there is not enough memory.
  public init(_ expressions: [[Tensor]], chunk: Int, _ trained: Trained) throws {
    self.chunk = chunk
    pool = trained.pool
    seed = trained.seed
    activity = trained.activity
    group = trained.group
    let kernels = try KernelTable(level: trained.level, precision: trained.parameters.precision)
    shared = try expressions.map {
      try ParameterValues(Plan(packing: $0), kernels: kernels, parameters: trained.parameters.pointer)
    }
    workers = try (0..<pool.workers).map { [shared] _ in try Worker(shared, trained.parameters) }
    update()
  }

  /// Recomputes what depends on parameters only, after they have changed.
  public func update() {
    for values in shared { values.update() }
  }

  /// Whether an expression depends on an input of this name.
  package func depends(on name: String) -> Bool {
    shared.indices.contains { workers[0].input(named: name, $0) != nil }
  }

  /// Calls `body` once for each chunk of `0..<count`, on several threads at once. Random tensors are a function of the
  /// seed and of an example's place among all examples, not of the chunk. Their step is 0, which training does not use.
  ///
  /// - Parameters:
  ///   - count: the number of examples.
  ///   - noun: one of them in the words of who waits for them, such as "image".
  ///   - body: receives the examples of a chunk, and the replays of the thread that it runs on.
  public func forEachChunk(_ count: Int, of noun: String = "example", _ body: (Range<Int>, Worker) -> Void) {
    forEach(0..<chunks(of: count), of: count, noun) { _, range, worker in body(range, worker) }
  }

  /// The results of `body` for each chunk of `0..<count`, in order; `body` is called as in `forEachChunk`.
  public func mapChunks<Value>(
    _ count: Int, of noun: String = "example", _ body: (Range<Int>, Worker) -> Value
  ) -> [Value] {
    let chunks = chunks(of: count)
    return [Value](unsafeUninitializedCapacity: chunks) { buffer, initialized in
      // Each chunk writes its own place.
      nonisolated(unsafe) let results = buffer
      forEach(0..<chunks, of: count, noun) { index, range, worker in
        results.initializeElement(at: index, to: body(range, worker))
      }
      initialized = chunks
    }
  }

  /// The same for plain values: of a group's processes, each computes its own chunks, and then all have all values.
  public func mapChunks<Value: BitwiseCopyable>(
    _ count: Int, of noun: String = "example", _ body: (Range<Int>, Worker) -> Value
  ) -> [Value] {
    let chunks = chunks(of: count)
    return [Value](unsafeUninitializedCapacity: chunks) { buffer, initialized in
      nonisolated(unsafe) let results = buffer
      forEach(group.ownership.own(of: chunks), of: count, noun) { index, range, worker in
        results.initializeElement(at: index, to: body(range, worker))
      }
      spread(results, of: chunks) { $0 }
      initialized = chunks
    }
  }

  /// One plain value for each of `count` examples: `body` returns those of a chunk. Of a group's processes, each computes its own
  /// chunks, and then all have all values.
  package func mapExamples<Value: BitwiseCopyable>(
    _ count: Int, of noun: String = "example", _ body: (Range<Int>, Worker) -> [Value]
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let results = buffer
      let chunks = chunks(of: count)
      forEach(group.ownership.own(of: chunks), of: count, noun) { _, range, worker in
        let values = body(range, worker)
        for (index, place) in range.enumerated() { results.initializeElement(at: place, to: values[index]) }
      }
      spread(results, of: chunks) { min(count, $0 * chunk) }
      initialized = count
    }
  }

  private func forEach(
    _ own: Range<Int>, of count: Int, _ noun: String, _ body: (_ index: Int, Range<Int>, Worker) -> Void
  ) {
    let examples = min(count, own.upperBound * chunk) - min(count, own.lowerBound * chunk)
    activity.counting(examples, noun) { done in
      pool.share(own.count) { place, number in
        let index = own.lowerBound + place
        let range = index * chunk..<min(count, (index + 1) * chunk)
        workers[number].setRandom(seed: seed, step: 0, firstExample: range.lowerBound)
        body(index, range, workers[number])
        done.add(range.count)
      }
    }
  }

  /// Brings the values that each process of a group has computed to all others.
  ///
  /// - Parameter start: the place of a chunk's first value; of the number of chunks, the end.
  private func spread<Value: BitwiseCopyable>(
    _ values: UnsafeMutableBufferPointer<Value>, of chunks: Int, from start: (_ chunk: Int) -> Int
  ) {
    let ownership = group.ownership
    guard ownership.owners > 1, let base = values.baseAddress else { return }
    for owner in 0..<ownership.owners {
      let range = ownership.range(of: owner, of: chunks)
      let (first, end) = (start(range.lowerBound), start(range.upperBound))
      group.spread(base + first, byteCount: (end - first) * MemoryLayout<Value>.stride, from: owner)
    }
  }

  private func chunks(of count: Int) -> Int { (count + chunk - 1) / chunk }

  /// One thread's replays.
  public final class Worker: @unchecked Sendable {
    private let replays: [Replay]
    private let results: [AlignedMemory]
    private let precision: Precision
    /// Keeps the memory that the replays read alive.
    private let parameters: ParameterVector

    init(_ shared: [ParameterValues], _ parameters: ParameterVector) throws {
      precision = parameters.precision
      self.parameters = parameters
      replays = try shared.map(Replay.init)
      results = try replays.map { [precision] in
        try AlignedMemory(byteCount: $0.plan.outputCount * precision.elementSize)
      }
    }

    /// Sets what random tensors depend on, for a body that draws for the same examples several times.
    package func setRandom(seed: UInt64, step: UInt64, firstExample: Int) {
      for replay in replays { replay.setRandom(seed: seed, step: step, firstExample: firstExample) }
    }

    /// The memory for the examples of an expression; nil if it does not depend on them.
    public func input(_ expression: Int = 0) -> BatchBuffer? { BatchBuffer(replays[expression], precision) }

    /// The memory for any other input of an expression; nil if it does not depend on it.
    public func input(named name: String, _ expression: Int = 0) -> ValueBuffer? {
      replays[expression].input(name).map { ValueBuffer($0, precision) }
    }

    /// Computes an expression.
    ///
    /// - Returns: its outputs, one after the other, each starting at a multiple of sixteen elements.
    public func run(_ expression: Int = 0) -> ValueBuffer {
      replays[expression].run(result: results[expression].pointer)
      return ValueBuffer(results[expression].pointer, precision)
    }
  }
}

extension BatchEvaluator {
  /// Gathers `width` numbers per example. `body` is called as in `forEachChunk`, and writes those of its chunk, which
  /// are 0 before. Of a group's processes, each computes its own chunks, and then all have all numbers.
  ///
  /// - Returns: [count, width], row-major.
  package func gather(
    _ count: Int, width: Int = 1, of noun: String = "example",
    _ body: (Range<Int>, Worker, UnsafeMutableBufferPointer<Double>) -> Void
  ) -> [Double] {
    [Double](unsafeUninitializedCapacity: count * width) { buffer, initialized in
      buffer.initialize(repeating: 0)
      // Each chunk writes its own places.
      nonisolated(unsafe) let results = buffer
      let chunks = chunks(of: count)
      forEach(group.ownership.own(of: chunks), of: count, noun) { _, range, worker in
        let own = range.lowerBound * width..<range.upperBound * width
        body(range, worker, UnsafeMutableBufferPointer(rebasing: results[own]))
      }
      spread(results, of: chunks) { min(count, $0 * chunk) * width }
      initialized = count * width
    }
  }

  /// The values of several tensors for a data set that is one chunk, such as the statistics of a net's layers.
  ///
  /// - Parameter counts: the numbers of elements of the tensors.
  /// - Precondition: the data set has as many rows as a chunk.
  package func outputs(of data: Dataset, counts: [Int], _ expression: Int = 0) -> [[Double]] {
    require(data.count == chunk, "\(data.count) rows are not a chunk of \(chunk)")
    var starts = [0]
    for count in counts { starts.append(starts[starts.count - 1] + padded(count)) }
    let chunks = mapChunks(chunk) { range, worker in
      worker.input(expression)?.write(ArraySlice(range), of: data)
      let values = worker.run(expression)
      return counts.enumerated().map { index, count in (0..<count).map { values[starts[index] + $0] } }
    }
    return chunks.first ?? counts.map { _ in [] }
  }

  /// The values of an expression for rows that are written to the input `name`.
  ///
  /// - Parameter rows: [count, columns], row-major.
  package func values(of rows: [Double], columns: Int, to name: String, width: Int, _ expression: Int = 0) -> [Double] {
    gather(rows.count / columns, width: width) { range, worker, results in
      let input = worker.input(named: name, expression)
      for index in 0..<range.count * columns { input?[index] = rows[range.lowerBound * columns + index] }
      let values = worker.run(expression)
      for index in results.indices { results[index] = values[index] }
    }
  }
}
