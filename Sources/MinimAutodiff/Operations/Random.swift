import CMinimKernels

/// Draws that are a function of (seed, purpose, step, example, element): no generator state. The first axis counts examples.
package struct Random: Operation {
  package enum Distribution: Sendable { case uniform, normal }
  package let distribution: Distribution
  package let purpose: UInt64
  package var signature: String { "random \(distribution) for \(purpose)" }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .random(
      RandomInstruction(
        dst: output.slot, examples: output.shape[0], perExample: output.shape.dropFirst().reduce(1, *),
        purpose: purpose, distribution: distribution))
  }
}

extension Tensor {
  /// Standard normals [examples, ...]. Two tensors of one plan with the same purpose and shape are the same draws.
  public static func normal(shape: Shape, purpose: UInt64) -> Tensor {
    random(.normal, shape: shape, purpose: purpose)
  }

  /// Uniforms on (0, 1], [examples, ...].
  public static func uniform(shape: Shape, purpose: UInt64) -> Tensor {
    random(.uniform, shape: shape, purpose: purpose)
  }

  private static func random(_ distribution: Random.Distribution, shape: Shape, purpose: UInt64) -> Tensor {
    require(!shape.isEmpty, "random values need an axis of examples")
    return Tensor(Random(distribution: distribution, purpose: purpose), [], shape: shape)
  }
}
