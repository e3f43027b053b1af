import MinimAutodiff
import MinimData
import MinimKernels
import MinimParallel

/// The examples of a step in the order of a `Pairing`. Allocates nothing in a step.
final class PairedExamples {
  private let group: Int
  private let examples: Examples
  private let pool: WorkerPool
  private let workers: [Worker]
  private let size: Int
  private let memory: AlignedMemory
  /// The values of the examples of a step, in their order.
  private let values: ValueBuffer
  /// The examples of a step, in their order.
  private(set) var places: [Int]

  /// - Parameters:
  ///   - most: the greatest number of examples per step.
  ///   - seed: the seed of random tensors.
  /// - Throws: `KernelError` if there is not enough memory.
  init(
    _ pairing: Pairing, most: Int, _ parameters: ParameterVector, _ examples: Examples, seed: UInt64,
    _ pool: WorkerPool,
    _ kernels: KernelTable
  ) throws {
    (group, self.examples, self.pool) = (min(pairing.group, most), examples, pool)
    size = examples.exampleShape.reduce(1, *)
    places = [Int](repeating: 0, count: most)
    memory = try AlignedMemory(byteCount: most * size * kernels.precision.elementSize)
    values = ValueBuffer(memory.pointer, kernels.precision)
    let points = pairing.points(Batch(count: group, exampleShape: examples.exampleShape))
    let plan = try ParameterValues(
      Plan(packing: [points.examples, points.draws]), kernels: kernels, parameters: parameters.pointer)
    let (group, size) = (group, size)
    workers = try (0..<pool.workers).map { _ in
      Worker(try BatchEvaluator.Worker([plan], parameters), group, size, dimensions: points.draws.shape[1], seed)
    }
  }

  /// Arranges the examples of a step.
  ///
  /// - Parameters:
  ///   - indices: the examples as they come; the first `count` are those of the step.
  ///   - step: the number of the step, from 1.
  func arrange(_ indices: [Int], count: Int, step: Int) {
    places.withUnsafeMutableBufferPointer { places in
      // Each group has its own places.
      nonisolated(unsafe) let places = places
      pool.share((count + group - 1) / group) { index, worker in
        let range = index * group..<min(count, (index + 1) * group)
        workers[worker].arrange(indices[range], of: examples, at: range, step, places, values)
      }
    }
  }

  /// Writes the examples of a range of the step.
  func write(_ range: Range<Int>, to input: BatchBuffer) {
    input.write(places[range], with: values, from: range.lowerBound * size, of: examples)
  }

  /// One thread's memory.
  private final class Worker: @unchecked Sendable {
    private let evaluator: BatchEvaluator.Worker
    private let group: Int, size: Int, dimensions: Int
    private let seed: UInt64
    private var assignment: Assignment
    private let cost: UnsafeMutablePointer<Double>

    init(_ evaluator: BatchEvaluator.Worker, _ group: Int, _ size: Int, dimensions: Int, _ seed: UInt64) {
      (self.evaluator, self.group, self.size, self.dimensions, self.seed) = (evaluator, group, size, dimensions, seed)
      assignment = Assignment(most: group)
      cost = .allocate(capacity: group * group)
      cost.initialize(repeating: 0, count: group * group)
    }

    deinit { cost.deallocate() }

    func arrange(
      _ indices: ArraySlice<Int>, of examples: Examples, at range: Range<Int>, _ step: Int,
      _ places: UnsafeMutableBufferPointer<Int>, _ values: ValueBuffer
    ) {
      guard let input = evaluator.input() else { mistake("the examples of a pairing do not depend on the batch") }
      evaluator.setRandom(seed: seed, step: UInt64(step), firstExample: range.lowerBound)
      input.write(indices, of: examples)
      let count = range.count, points = evaluator.run(), draws = padded(group * dimensions)
      var isFinite = true
      for row in 0..<count {
        for column in 0..<count {
          var sum = 0.0
          for i in 0..<dimensions {
            let way: Double = points[column * dimensions + i] - points[draws + row * dimensions + i]
            sum += way * way
          }
          cost[row * count + column] = sum
          isFinite = isFinite && sum.isFinite
        }
      }
      // Without an order the examples stay as they come; the step then finds out what is not finite.
      if isFinite { assignment.solve(count, cost) }
      for row in 0..<count {
        let column = isFinite ? assignment.columns[row] : row
        places[range.lowerBound + row] = indices[indices.startIndex + column]
        for i in 0..<size { values[(range.lowerBound + row) * size + i] = input.examples[column * size + i] }
      }
    }
  }
}

extension Pairing {
  /// The order of a step's examples by plain means, to check `PairedExamples` with: one evaluation for each group.
  ///
  /// - Parameters:
  ///   - count: the number of examples.
  ///   - exampleShape: the extents of an example.
  ///   - values: the examples, [count, ...].
  ///   - random: the seed and the number of the step.
  /// - Returns: for each place, which of the examples comes there.
  /// - Throws: `KernelError` if there is not enough memory.
  package func order(
    of count: Int, _ exampleShape: [Int], _ values: [Double], parameters: [Double],
    random: (seed: UInt64, step: UInt64),
    kernels: KernelTable
  ) throws -> [Int] {
    let size = exampleShape.reduce(1, *)
    return try stride(from: 0, to: count, by: group).flatMap { first -> [Int] in
      let n = min(group, count - first)
      let cost = try costs(
        of: n, exampleShape, Array(values[first * size..<(first + n) * size]), parameters: parameters,
        random: (random.seed, random.step, first), kernels: kernels)
      guard cost.allSatisfy(\.isFinite) else { return Array(first..<first + n) }
      var assignment = Assignment(most: n)
      assignment.solve(n, cost)
      return assignment.columns.map { first + $0 }
    }
  }

  /// The squared distances of the draws of some places, by rows, from the examples, by columns: [count, count].
  ///
  /// - Parameters:
  ///   - count: the number of examples.
  ///   - exampleShape: the extents of an example.
  ///   - values: the examples, [count, ...].
  ///   - random: the seed, the number of the step, and the first place.
  /// - Throws: `KernelError` if there is not enough memory.
  package func costs(
    of count: Int, _ exampleShape: [Int], _ values: [Double], parameters: [Double] = [],
    random: (seed: UInt64, step: UInt64, firstExample: Int), kernels: KernelTable
  ) throws -> [Double] {
    let points = points(Batch(count: count, exampleShape: exampleShape))
    let both = try evaluate(
      [points.examples, points.draws], parameters: parameters, inputs: [Batch.inputName: values], kernels: kernels,
      random: random, fuse: false)
    let (examples, draws) = (both[0], both[1]), d = examples.count / count
    return (0..<count * count).map { pair in
      (0..<d).reduce(0.0) { sum, i in
        let way: Double = examples[pair % count * d + i] - draws[pair / count * d + i]
        return sum + way * way
      }
    }
  }
}
