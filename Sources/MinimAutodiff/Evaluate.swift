import MinimKernels

/// The values of tensors for given inputs. Makes a plan, runs it once and throws it away: for tests, claims and
/// notebooks, not for loops.
///
/// - Parameters:
///   - tensors: the tensors to evaluate.
///   - parameters: the parameter vector.
///   - inputs: values in row-major order, by the inputs' names.
///   - kernels: the kernels to compute with; by default those of this machine, in Double.
///   - random: the seed, step and first example that random tensors depend on.
///   - fuse: whether chains of elementwise operations become one instruction; the values are the same.
/// - Returns: the values of each tensor in row-major order.
/// - Throws: `KernelError` if there is not enough memory.
public func evaluate(
  _ tensors: [Tensor], parameters: [Double] = [], inputs: [String: [Double]] = [:],
  kernels: KernelTable? = nil, random: (seed: UInt64, step: UInt64, firstExample: Int) = (0, 0, 0),
  fuse: Bool = true
) throws -> [[Double]] {
  let kernels = try kernels ?? .current(.float64)
  let precision = kernels.precision
  let plan = Plan(packing: tensors, fuse: fuse)
  let vector = try AlignedMemory(byteCount: parameters.count * precision.elementSize)
  precision.store(parameters, to: vector.pointer)
  let shared = try ParameterValues(plan, kernels: kernels, parameters: vector.pointer)
  let replay = try Replay(shared)
  for (name, input) in plan.inputs {
    guard let values = inputs[name], let memory = replay.input(name) else { continue }
    require(
      values.count == input.shape.elementCount, "input \(name): \(values.count) values for shape \(input.shape)")
    precision.store(values, to: memory)
  }
  replay.setRandom(seed: random.seed, step: random.step, firstExample: random.firstExample)
  let result = try AlignedMemory(byteCount: plan.outputCount * precision.elementSize)
  shared.update()
  replay.run(result: result.pointer)
  var offset = 0
  return withExtendedLifetime(vector) {
    tensors.map { tensor in
      defer { offset += MemoryPlan.aligned(tensor.shape.elementCount) }
      return precision.load(tensor.shape.elementCount, from: result.pointer + offset * precision.elementSize)
    }
  }
}
