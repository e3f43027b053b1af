import Glibc
import MinimAutodiff
import MinimKernels
import MinimParallel
import TestSupport
import Testing

@Suite struct ReplayTests {
  private let net = ResidualNet(batch: 4)

  private func program(_ kernels: KernelTable? = nil, fuse: Bool = true) throws -> PlannedRun {
    try PlannedRun(
      net.outputs, parameters: net.parameterValues, fuse: fuse, kernels: kernels ?? .current(.float32))
  }

  @Test("runs repeat their bits, whatever a run before left in the arena")
  func repeats() throws {
    for kernels in try everyKernelTable() {
      let program = try program(kernels)
      let first = program.run(["images": net.imageValues])
      // Every intermediate value becomes NaN, and what a kernel failed to write would stay so.
      program.result.fill(.nan)
      _ = program.run(["images": net.imageValues.map { _ in .nan }])
      program.result.fill(.nan)
      #expect(bits(program.run(["images": net.imageValues])) == bits(first))
      #expect(bits(program.run()) == bits(first))  // inputs are kept
    }
  }

  @Test("the same over the catalog", arguments: operationCatalog)
  func repeatsOverCatalog(_ operation: OperationCase) throws {
    let (outputs, inputs) = PlanTests.expressions(operation)
    let program = try PlannedRun(outputs, parameters: [0.3, 0.7], kernels: .current(.float32))
    let first = program.run(inputs)
    _ = program.run(inputs.mapValues { $0.map { _ in .nan } })
    program.result.fill(.nan)
    #expect(bits(program.run(inputs)) == bits(first))
  }

  @Test("results go to whatever address a run names, in turn")
  func addresses() throws {
    let program = try program()
    let first = program.run(["images": net.imageValues])
    let others = (0..<2).map { _ in Elements(program.plan.outputCount, .float32) }
    for turn in 0..<6 {
      others[turn % 2].fill(.nan)
      #expect(bits(program.run(into: others[turn % 2])) == bits(first))
      #expect(bits(program.run()) == bits(first))
    }
  }

  @Test("the prologue follows the parameters, once it is told")
  func parametersChange() throws {
    let program = try program()
    let first = program.run(["images": net.imageValues])
    let halved = net.parameterValues.map { $0 / 2 }
    program.parameters.values = halved
    let fresh = try PlannedRun(net.outputs, parameters: halved, kernels: .current(.float32)).run([
      "images": net.imageValues
    ])
    #expect(bits(program.run()) == bits(fresh))
    program.parameters.values = net.parameterValues
    #expect(bits(program.run()) == bits(first))
  }

  @Test("replays on shared values run at once, each on examples of its own")
  func atOnce() throws {
    let program = try program()
    let count = 64
    let examples = (0..<count).map { values(net.imageValues.count, seed: UInt64($0)).map { $0 > 0 ? 1.0 : 0 } }
    let alone = examples.map { bits(program.run(["images": $0])) }
    let pool = WorkerPool(workers: 2)
    let replays = try (0..<count).map { _ in try Replay(program.shared) }
    let results = (0..<count).map { _ in Elements(program.plan.outputCount, .float32) }
    for _ in 0..<5 {
      pool.run(count) { index in
        if let memory = replays[index].input("images") { Precision.float32.store(examples[index], to: memory) }
        replays[index].run(result: results[index].pointer)
      }
      for index in 0..<count {
        var offset = 0
        let found = net.outputs.map { output in
          defer { offset += (output.shape.elementCount + 15) / 16 * 16 }
          return results[index].values(at: offset, count: output.shape.elementCount)
        }
        #expect(bits(found) == alone[index])
      }
    }
  }

  @Test("a replay allocates nothing")
  func allocatesNothing() throws {
    for kernels in try everyKernelTable() {
      let program = try program(kernels)
      program.write(["images": net.imageValues])
      let other = Elements(program.plan.outputCount, kernels.precision)
      let (replay, shared, pointers) = (program.replay, program.shared, [program.result.pointer, other.pointer])
      let count = allocations {
        for turn in 0..<1000 {
          shared.update()
          replay.setRandom(seed: 1, step: UInt64(turn), firstExample: 0)
          replay.run(result: pointers[turn & 1])
        }
      }
      #expect(count ?? 0 == 0, "\(kernels.level) \(kernels.precision)")
    }
  }

  @Test("allocations are seen: the control")
  func allocationsAreSeen() {
    var kept: [[Int]] = []
    let count = allocations { for size in 1...50 { kept.append([Int](repeating: 0, count: size * 10)) } }
    #expect(count.map { $0 >= 50 } ?? true)
    #expect(kept.count == 50)
  }
}
