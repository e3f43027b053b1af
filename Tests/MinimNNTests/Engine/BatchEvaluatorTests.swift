import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import Synchronization
import TestSupport
import Testing

/// Several processes that evaluate examples together, each played by a thread: all have what one has, and each computes a part.
@Suite struct BatchEvaluatorTests {
  private static let count = 11

  /// An evaluator of 3 x + a draw, in chunks of four examples.
  private static func evaluator(_ group: any ShardGroup) throws -> BatchEvaluator {
    let values = (0..<count).map { Float($0) }
    let data = Dataset(name: "data", exampleShape: [1], values: values)
    var trained = Trained(
      parameters: try ParameterVector(ParameterScope().layout, precision: .float64),
      data: DataSplit(name: "data", training: .rows(data)), pool: WorkerPool(workers: 2), level: .preferred, seed: 5)
    trained.group = group
    let x = Batch(count: 4, exampleShape: [1]).examples
    return try BatchEvaluator([[3 * x + .normal(shape: [4, 1], purpose: .model)]], chunk: 4, trained)
  }

  private static func values(_ range: Range<Int>, _ worker: BatchEvaluator.Worker) -> [Double] {
    for (slot, example) in range.enumerated() { worker.input()?.examples[slot] = Double(example) }
    let values = worker.run()
    return range.indices.map { values[$0 - range.lowerBound] }
  }

  /// What a process has of each kind, and the examples that it has computed itself.
  private struct Outcome: Equatable {
    var numbers: [Double] = [], examples: [Double] = [], chunks: [Double] = [], lists: [[Double]] = []
    var computed: [Int] = []
  }

  private static func run(_ group: any ShardGroup) throws -> Outcome {
    let evaluator = try evaluator(group)
    let seen = Mutex<[Int]>([])
    var outcome = Outcome()
    outcome.numbers = evaluator.gather(count, width: 2) { range, worker, results in
      for (index, value) in values(range, worker).enumerated() {
        results[2 * index] = value
        results[2 * index + 1] = -value
      }
      seen.withLock { $0 += range }
    }
    outcome.examples = evaluator.mapExamples(count, values)
    outcome.chunks = evaluator.mapChunks(count) { range, worker in values(range, worker).reduce(0, +) }
    // Lists cannot be sent as they are: each process computes them all.
    outcome.lists = evaluator.mapChunks(count, values)
    outcome.computed = seen.withLock { $0.sorted() }
    return outcome
  }

  @Test("three chunks of two processes, of three, and of five, of which two have none", arguments: [2, 3, 5])
  func together(_ owners: Int) throws {
    let alone = try Self.run(SingleProcess())
    #expect(alone.examples.count == 11 && Set(alone.examples).count == 11)
    #expect(alone.numbers == alone.examples.flatMap { [$0, -$0] })
    #expect(alone.chunks == [0..<4, 4..<8, 8..<11].map { alone.examples[$0].reduce(0, +) })
    #expect(alone.lists.flatMap { $0 } == alone.examples && alone.computed == Array(0..<11))
    let all = try SimulatedGroup.run(owners) { try Self.run($0) }
    for one in all {
      var same = one
      same.computed = alone.computed
      #expect(same == alone)
    }
    // Each example is computed once.
    #expect(all.flatMap(\.computed) == Array(0..<11))
  }
}
