import MinimSystem

/// The cost of one instruction of a plan.
@_spi(Minim) public struct InstructionTime: Sendable {
  /// The kernel with its extents, and the operations that it computes.
  public let kernel: String, operations: String
  /// The median over the runs.
  public let seconds: Double
  /// Floating-point operations of its products; 0 for an instruction that is not a product.
  public let floatingPointOperations: Int
}

extension Replay {
  /// Runs the body instruction by instruction, `runs` times, and times each one. Reading the clock takes some tens of
  /// nanoseconds: shorter instructions look longer than they are.
  @_spi(Minim) public func profile(runs: Int, result: UnsafeMutableRawPointer) -> [InstructionTime] {
    var times = [[UInt64]](repeating: [], count: plan.body.count)
    for _ in 0..<runs {
      for index in plan.body.indices {
        let start = monotonicTime()
        binding.run(entry: index, result: result)
        times[index].append(monotonicTime() - start)
      }
    }
    return zip(plan.body, times).map { entry, times in
      InstructionTime(
        kernel: entry.instruction.kernelName, operations: entry.operations,
        seconds: Double(times.sorted()[times.count / 2]) * 1e-9,
        floatingPointOperations: entry.instruction.floatingPointOperations)
    }
  }
}

extension Plan {
  /// Floating-point operations of the products in the prologue and the body.
  package var floatingPointOperations: Int {
    (prologue + body).reduce(0) { $0 + $1.instruction.floatingPointOperations }
  }
}

extension Instruction {
  /// Floating-point operations of the instruction's products.
  package var floatingPointOperations: Int {
    switch self {
    case .gemm(let gemm): gemm.floatingPointOperations
    case .sequence(let instructions): instructions.reduce(0) { $0 + $1.floatingPointOperations }
    default: 0
    }
  }
}

private func monotonicTime() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}
