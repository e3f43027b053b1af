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

  @Test("the same over the catalogue", arguments: operationCatalogue)
  func repeatsOverCatalogue(_ operation: OperationCase) throws {
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
  func allocatesNothing() async {
    // A process of its own: no other test allocates there meanwhile.
    await #expect(processExitsWith: .success) {
      let net = ResidualNet(batch: 4)
      let program = try PlannedRun(net.outputs, parameters: net.parameterValues, kernels: .current(.float32))
      program.write(["images": net.imageValues])
      let other = Elements(program.plan.outputCount, .float32)
      let (replay, shared, pointers) = (program.replay, program.shared, [program.result.pointer, other.pointer])
      func run(_ count: Int) {
        for turn in 0..<count {
          shared.update()
          replay.setRandom(seed: 1, step: UInt64(turn), firstExample: 0)
          replay.run(result: pointers[turn & 1])
        }
      }
      run(10)
      let before = try bytesInUse()
      run(1000)
      let after = try bytesInUse()
      #expect(after == before)
      let control = UnsafeMutableRawPointer.allocate(byteCount: 4096, alignment: 16)
      #expect(try bytesInUse() > after)
      control.deallocate()
    }
  }
}

/// The bytes that are allocated and not freed, by the C library's own account. The module of the C library leaves
/// `mallinfo2` out; on x86-64 a result of ten words is written where the first argument points, with the bytes in use as
/// the eighth.
private func bytesInUse() throws -> Int {
  typealias Account = @convention(c) (UnsafeMutablePointer<Int>) -> Void
  let symbol = try #require(dlsym(nil, "mallinfo2"))
  let account = unsafeBitCast(symbol, to: Account.self)
  return withUnsafeTemporaryAllocation(of: Int.self, capacity: 10) { words in
    words.initialize(repeating: 0)
    if let first = words.baseAddress { account(first) }
    return words[7]
  }
}
