import MinimAutodiff
import MinimKernels
import MinimNN
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
      let decays = Decays(first: 0.5, second: 0.5, average: 0.5)
      for step in 2...1000 { _ = try bench.step(step, examples: 13, decays: decays) }
    }
    #expect(count ?? 0 <= 999 * allowed)
  }

  @Test("nor does a step of parameters of each example", arguments: [(1, 0), (2, 2)])
  func rowsOfTheirOwn(_ workers: Int, allowed: Int) throws {
    let bench = try PosteriorsBench(rows: 13, shards: 5, workers: workers, optimizer: Adam(), rate: 1e-4)
    let indices = Array(0..<13)
    _ = try bench.step(1, on: indices)
    let count = try allocations {
      let decays = Decays(first: 0.5, second: 0.5)
      for step in 2...1000 { _ = try bench.step(step, on: indices, decays: decays) }
    }
    #expect(count ?? 0 <= 999 * allowed)
  }
}
