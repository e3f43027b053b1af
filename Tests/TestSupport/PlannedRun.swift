import MinimAutodiff
import MinimKernels

/// Memory of its own for elements of a plan.
package final class Elements {
  package let pointer: UnsafeMutableRawPointer
  package let count: Int
  private let precision: Precision

  /// `count` elements, all NaN.
  package init(_ count: Int, _ precision: Precision) {
    self.count = count
    self.precision = precision
    pointer = .allocate(byteCount: max(1, count) * precision.elementSize, alignment: 64)
    fill(.nan)
  }

  deinit { pointer.deallocate() }

  package func fill(_ value: Double) { values = [Double](repeating: value, count: count) }

  package var values: [Double] {
    get { precision.load(count, from: pointer) }
    set { precision.store(newValue, to: pointer) }
  }

  package func values(at offset: Int, count: Int) -> [Double] {
    precision.load(count, from: pointer + offset * precision.elementSize)
  }
}

/// A plan with all that it needs to run again and again.
package final class PlannedRun {
  package let plan: Plan
  package let parameters: Elements
  package let shared: ParameterValues
  package let replay: Replay
  package let result: Elements
  private let outputs: [Tensor]
  private let precision: Precision

  package init(
    _ outputs: [Tensor], parameters values: [Double] = [], fuse: Bool = true, kernels: KernelTable
  ) throws {
    self.outputs = outputs
    precision = kernels.precision
    plan = Plan(packing: outputs, fuse: fuse)
    parameters = Elements(values.count, precision)
    parameters.values = values
    shared = try ParameterValues(plan, kernels: kernels, parameters: UnsafeRawPointer(parameters.pointer))
    replay = try Replay(shared)
    result = Elements(plan.outputCount, precision)
  }

  package func write(_ inputs: [String: [Double]]) {
    for (name, values) in inputs {
      if let memory = replay.input(name) { precision.store(values, to: memory) }
    }
  }

  /// The values of each output after a run.
  package func run(_ inputs: [String: [Double]] = [:], into memory: Elements? = nil) -> [[Double]] {
    write(inputs)
    shared.update()
    let memory = memory ?? result
    replay.run(result: memory.pointer)
    var offset = 0
    return outputs.map { output in
      defer { offset += (max(1, output.shape.elementCount) + 15) / 16 * 16 }
      return memory.values(at: offset, count: output.shape.elementCount)
    }
  }
}

/// The bits of values, so that NaN equals itself and -0 is not 0.
package func bits(_ values: [[Double]]) -> [[UInt64]] { values.map { $0.map(\.bitPattern) } }

/// Deterministic values on [-1, 1).
package func values(_ count: Int, seed: UInt64) -> [Double] {
  var generator = SplitMix(seed: seed)
  return (0..<count).map { _ in generator.symmetric() }
}

/// The largest difference relative to the larger of 1 and the reference, or infinity if one is NaN and the other is not.
package func distance(_ found: [Double], _ reference: [Double]) -> Double {
  guard found.count == reference.count else { return .infinity }
  return zip(found, reference).reduce(0) { worst, pair in
    if pair.0.isNaN || pair.1.isNaN { return pair.0.isNaN && pair.1.isNaN ? worst : .infinity }
    if pair.0 == pair.1 { return worst }
    return max(worst, abs(pair.0 - pair.1) / max(1, abs(pair.1)))
  }
}

/// All index vectors below an extent, in row-major order.
package func indices(_ shape: Shape) -> [[Int]] {
  shape.reduce([[]]) { prefixes, extent in prefixes.flatMap { prefix in (0..<extent).map { prefix + [$0] } } }
}

/// Row-major position of an index vector.
package func flat(_ index: [Int], _ shape: Shape) -> Int { zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 } }
