import Minim
import MinimAutodiff
import MinimKernels

/// A small expression under a replay, with memory of its own.
final class PlannedKernel {
  private let replay: Replay
  private let result: UnsafeMutableRawPointer
  let instructions: Int

  /// - Parameter inputs: the expression's inputs, which get normals.
  init(_ outputs: [Tensor], inputs: [String: Int] = [:], fuse: Bool = true, kernels: KernelTable) throws {
    let plan = Plan(packing: outputs, fuse: fuse)
    replay = try Replay(ParameterValues(plan, kernels: kernels, parameters: UnsafeRawPointer(bitPattern: 64)!))  // none
    result = .allocate(byteCount: max(64, plan.outputCount * kernels.precision.elementSize), alignment: 64)
    instructions = outputs.count
    for (name, count) in inputs {
      guard let memory = replay.input(name)?.assumingMemoryBound(to: Float.self) else { continue }
      memory.update(from: bellShaped(count, seed: 7), count: count)
    }
  }

  deinit { result.deallocate() }

  func run() { replay.run(result: result) }
}
