import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// A loop that allocates is slower and can fail in its middle.
@Suite struct AllocationTests {
  /// Handing a job to other threads takes the context of its closure, twice.
  @Test("a step allocates nothing but what wakes the other workers", arguments: [(1, 0), (2, 2)])
  func aStepAllocatesNothing(_ workers: Int, allowed: Int) throws {
    let optimizer = Averaged(Adam(), decay: 0.99)
    let bench = try EngineBench(examples: 13, shards: 5, workers: workers, optimizer: optimizer, clipNorm: 0.01)
    _ = try bench.step(1)
    let count = try allocations {
      for step in 2...1000 { _ = try bench.step(step, examples: 13) }
    }
    #expect(count ?? 0 <= 999 * allowed)
  }

  @Test("nor does a step of parameters of each example", arguments: [(1, 0), (2, 2)])
  func rowsOfTheirOwn(_ workers: Int, allowed: Int) throws {
    let bench = try PosteriorsBench(rows: 13, shards: 5, workers: workers, optimizer: Adam(), rate: 1e-4)
    let indices = Array(0..<13)
    _ = try bench.step(1, on: indices)
    let count = try allocations {
      for step in 2...1000 { _ = try bench.step(step, on: indices) }
    }
    #expect(count ?? 0 <= 999 * allowed)
  }

  /// A row in which a density draws is one allocation a shard, whatever the number of rows; the Ising model needs none.
  @Test("nor does a step on fresh draws, but for a row a shard", arguments: Precision.allCases)
  func draws(_ precision: Precision) throws {
    let sources: [(source: any ExampleSource, allowed: Int)] = [
      (Ising(height: 3, width: 4, beta: 0.4), 0), (GaussianMixture.twoMoons(), 1), (WarpedMixture.banana(), 1),
      (WarpedMixture.pinwheel(), 1), (Checkerboard(), 1),
    ]
    for (source, allowed) in sources {
      let scope = ParameterScope()
      let weight = scope.parameter("weight", shape: source.exampleShape, .uniform(bound: 0.1))
      let parameters = try ParameterVector(scope.layout, precision: precision)
      parameters.initialize(seed: 1)
      let shards = 3
      let engine = try StepEngine(
        parameters: parameters, optimizer: SGD(), batchSizes: [50],
        options: .init(shards: shards, clipNorm: nil, seed: 0), pool: WorkerPool(workers: 1),
        kernels: KernelTable(level: .preferred, precision: precision)
      ) { count in
        Objective("loss", square(Batch(count: count, exampleShape: source.exampleShape).examples - weight).mean())
      }
      let (examples, indices) = (Examples.draws(source, RandomKey(seed: 3)), Array(0..<50))
      func step(_ number: Int) throws {
        _ = try engine.step(number, examples: 50, rate: 0.01) { range, input in
          input.write(indices[range], of: examples)
        }
      }
      try step(1)
      let count = try allocations { for number in 2...200 { try step(number) } }
      #expect(count ?? 0 <= 199 * shards * allowed)
    }
  }
}
