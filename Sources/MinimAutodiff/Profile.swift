import Glibc

/// What one instruction of a plan costs.
@_spi(Minim) public struct InstructionTime: Sendable {
  /// The kernel and its extents, and the operations that it computes.
  public let kernel: String, operations: String
  /// The median over the runs.
  public let seconds: Double
  /// What its products compute; 0 for an instruction that is no product.
  public let floatingPointOperations: Int
}

extension Replay {
  /// Runs the body instruction by instruction, `runs` times, and takes each one's time. A look at the clock is some tens of
  /// nanoseconds: an instruction shorter than that looks longer than it is.
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
  /// What the products of the prologue and the body compute.
  package var floatingPointOperations: Int {
    (prologue + body).reduce(0) { $0 + $1.instruction.floatingPointOperations }
  }
}

extension Instruction {
  /// What the products of the instruction compute.
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
