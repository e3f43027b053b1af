import MinimAutodiff
import MinimKernels
import MinimNN
import TestSupport
import Testing

/// A loop that allocates is slower and can fail in its middle.
@Suite struct AllocationTests {
  @Test("allocations are seen: the control")
  func allocationsAreSeen() {
    var kept: [[Int]] = []
    let count = allocations { for size in 1...50 { kept.append([Int](repeating: 0, count: size * 10)) } }
    #expect(count.map { $0 >= 50 } ?? true)
    #expect(kept.count == 50)
  }

  @Test("a replay allocates nothing", arguments: Precision.allCases)
  func aReplayAllocatesNothing(_ precision: Precision) throws {
    let net = SmallNet()
    let parameters = try ParameterVector(net.parameters, precision: precision)
    parameters.initialize(seed: 1)
    let loss = net.objective(examples: 13).value
    let plan = Plan(packing: [loss] + gradient(of: loss, withRespectTo: net.parameters.entries.map(\.tensor)))
    let shared = try SharedValues(
      plan, kernels: KernelTable(level: .best, precision: precision), parameters: parameters.pointer)
    let replay = try Replay(shared)
    let result = try ParameterVector(net.parameters, precision: precision)
    let room = try AlignedMemory(byteCount: plan.outputCount * precision.elementSize)
    #expect(plan.outputCount > result.layout.count)
    let count = allocations {
      for step in 0..<1000 {
        shared.update()
        replay.setRandom(seed: 0, step: UInt64(step), firstExample: 0)
        replay.run(result: room.pointer)
      }
    }
    #expect(count ?? 0 == 0)
  }

  /// Handing a job to other threads takes the context of its closure, twice.
  @Test("a step allocates nothing but what wakes the other workers", arguments: [(1, 0), (2, 2)])
  func aStepAllocatesNothing(_ workers: Int, allowed: Int) throws {
    let bench = try EngineBench(examples: 13, shards: 5, workers: workers, optimizer: Adam(), clipNorm: 0.01)
    _ = try bench.step(1)
    let count = try allocations {
      for step in 2...1000 { _ = try bench.step(step, examples: 13, decays: (0.5, 0.5)) }
    }
    #expect(count ?? 0 <= 999 * allowed)
  }
}
