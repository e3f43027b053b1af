import CMinimKernels
import MinimKernels

/// Draws that are a function of (seed, purpose, stream, step, example, element), without a generator state. The first
/// axis counts examples.
package struct Random: Operation {
  package enum Distribution: Sendable { case uniform, normal, stratified }
  package let distribution: Distribution
  /// The purpose in the low 32 bits, the stream above them.
  package let source: UInt64
  package var signature: String { "random \(distribution) for \(source)" }
  package var role: Role { .draws(source: source) }
  package var recurrence: Recurrence { .shard }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    .random(
      RandomInstruction(
        dst: output.slot, examples: output.shape[0], perExample: output.shape.dropFirst().reduce(1, *),
        purpose: source, distribution: distribution))
  }
}

extension Tensor {
  /// Standard normals, [examples, ...].
  /// Two tensors of one purpose and stream are the same draws, so in one plan they must agree in the number of examples
  /// and of elements per example. Otherwise they would read the same random words and be correlated, and the plan
  /// refuses them. Give each a stream of its own.
  public static func normal(shape: Shape, purpose: RandomPurpose, stream: UInt32 = 0) -> Tensor {
    random(.normal, shape: shape, purpose, stream)
  }

  /// Uniforms on (0, 1], [examples, ...]. As for `normal`, different tensors of one plan need different streams.
  public static func uniform(shape: Shape, purpose: RandomPurpose, stream: UInt32 = 0) -> Tensor {
    random(.uniform, shape: shape, purpose, stream)
  }

  /// Uniforms on (0, 1], [examples, ...], that spread evenly over the examples of a step: element j of example e is the
  /// fractional part of u_j + e (sqrt(5) - 1) / 2 with a new u_j in each step (Cranley and Patterson 1976, "Randomization of
  /// number theoretic methods for multiple integration"). A shard has those of the whole batch.
  public static func stratified(shape: Shape, purpose: RandomPurpose, stream: UInt32 = 0) -> Tensor {
    random(.stratified, shape: shape, purpose, stream)
  }

  private static func random(
    _ distribution: Random.Distribution, shape: Shape, _ purpose: RandomPurpose, _ stream: UInt32
  ) -> Tensor {
    require(!shape.isEmpty, "random values need an axis of examples")
    let source = purpose.rawValue | UInt64(stream) << 32
    return Tensor(Random(distribution: distribution, source: source), [], shape: shape)
  }
}
