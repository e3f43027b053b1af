import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

@Suite struct BatchBufferTests {
  /// Evaluates expressions that have no parameters.
  private static func evaluator(_ expressions: [[Tensor]], chunk: Int, _ precision: Precision) throws -> BatchEvaluator
  {
    let vector = try ParameterVector(ParameterScope().layout, precision: precision)
    let data = DataSplit(name: "none", training: .draws(Ising(height: 1, width: 1, beta: 0), RandomKey(seed: 0)))
    return try BatchEvaluator(
      expressions, chunk: chunk,
      Trained(parameters: vector, data: data, pool: WorkerPool(workers: 1), level: .preferred, seed: 0))
  }

  /// Runs an expression of a batch once, on what `write` has written.
  private static func run(
    _ expression: Tensor, count: Int, _ precision: Precision, _ write: @Sendable (BatchBuffer?) -> Void
  ) throws -> [Double] {
    try evaluator([[expression]], chunk: count, precision).mapChunks(count) { _, worker in
      write(worker.input())
      let values = worker.run()
      return (0..<expression.shape.elementCount).map { values[$0] }
    }.flatMap { $0 }
  }

  private static let rows = Dataset(
    name: "rows", exampleShape: [1, 2, 1], values: [1, 2, 3, 4, 5, 6, 7, 8], labels: [2, 0, 1, 2], classes: 3)

  @Test("labels become rows with a single 1, over what was there before", arguments: Precision.allCases)
  func labels(_ precision: Precision) throws {
    let batch = Batch(count: 3, exampleShape: [1, 2, 1], classes: 3)
    let labels = try #require(batch.labels)
    // Examples and labels side by side; the sum of nothing but labels would leave no examples to write.
    let both = concatenated(batch.examples.reshape([3, 2]), labels)
    let found = try Self.run(both, count: 3, precision) { input in
      input?.write([2, 1, 0], of: Self.rows)
      input?.write([3, 0, 1], of: .rows(Self.rows))
    }
    #expect(found == [7, 8, 0, 0, 1, 1, 2, 0, 0, 1, 3, 4, 1, 0, 0])
    // What depends on no label has no place for one, and what depends on nothing has no buffer.
    let alone = try Self.run(batch.examples * 2, count: 3, precision) { input in
      #expect(input != nil && input?.labels == nil)
      input?.write([3, 1, 2], of: Self.rows)
    }
    #expect(alone == [14, 16, 6, 8, 10, 12])
    _ = try Self.run(.constant(3), count: 1, precision) { #expect($0 == nil) }
  }

  @Test("places in the data are written where something depends on them", arguments: Precision.allCases)
  func places(_ precision: Precision) throws {
    let batch = Batch(count: 3, exampleShape: [1, 2, 1])
    let both = concatenated(batch.examples.reshape([3, 2]), batch.indices.reshape([3, 1]))
    let found = try Self.run(both, count: 3, precision) { input in
      input?.write([0, 1, 2], of: Self.rows)
      input?.write([3, 0, 1], of: .rows(Self.rows))
    }
    #expect(found == [7, 8, 3, 1, 2, 0, 3, 4, 1])
    let ising = Ising(height: 1, width: 2, beta: 0.4)
    let drawn = try Self.run(both, count: 3, precision) { input in
      input?.write([6, 7, 8], of: .draws(ising, RandomKey(seed: 11)))
    }
    #expect([2, 5, 8].map { drawn[$0] } == [6, 7, 8])
    _ = try Self.run(batch.examples * 2, count: 3, precision) { #expect($0 != nil && $0?.indices == nil) }
  }

  /// [n, a] and [n, b] to [n, a + b], by products with parts of the identity.
  private func concatenated(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (left, right) = (a.shape[1], b.shape[1])
    func placed(_ x: Tensor, _ count: Int, from start: Int) -> Tensor {
      let weights = (0..<count * (left + right)).map { place in
        place % (left + right) == start + place / (left + right) ? 1.0 : 0
      }
      return matmul(x, .constant(weights, shape: [count, left + right]))
    }
    return placed(a, left, from: 0) + placed(b, right, from: left)
  }

  @Test("draws of a density, in Float and in Double the same numbers", arguments: Precision.allCases)
  func rowsOfADensity(_ precision: Precision) throws {
    let key = RandomKey(seed: 12)
    let batch = Batch(count: 5, exampleShape: [2])
    let indices = Array(40..<60)
    for density in [GaussianMixture.ring(), WarpedMixture.pinwheel(), Checkerboard()] as [any KnownDensity] {
      let found = try Self.run(batch.examples * 1, count: 5, precision) { input in
        input?.write(indices[7..<12], of: .draws(density, key))
        input?.write(indices[3..<3], of: .draws(density, key))
      }
      #expect(found == (47..<52).flatMap { density.draw(key.folding($0)) }.map { Double(Float($0)) })
    }
  }

  @Test("draws of the Ising model, in Float and in Double", arguments: Precision.allCases)
  func draws(_ precision: Precision) throws {
    let ising = Ising(height: 3, width: 4, beta: 0.4)
    let key = RandomKey(seed: 11).folding(.data)
    let batch = Batch(count: 5, exampleShape: ising.exampleShape)
    for first in [0, 5, 1 << 33] {
      let indices = Array(first..<first + 5)
      let found = try Self.run(batch.examples * 1, count: 5, precision) {
        $0?.write(indices[...], of: .draws(ising, key))
      }
      #expect(found == ising.draw(first..<first + 5, key: key).map(Double.init))
    }
    // Part of a shard's indices, as an engine hands them over; none at all writes nothing.
    let indices = Array(20..<40)
    let part = try Self.run(batch.examples * 1, count: 5, precision) { input in
      input?.write(indices[7..<12], of: .draws(ising, key))
      input?.write(indices[3..<3], of: .draws(ising, key))
    }
    #expect(part == ising.draw(27..<32, key: key).map(Double.init))
    #expect(Set(part) == [0, 1])
  }
}
