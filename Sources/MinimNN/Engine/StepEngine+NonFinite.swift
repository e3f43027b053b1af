import MinimAutodiff
import MinimFiles
import MinimKernels
import MinimParallel

// The place of an error is searched for after the step, so that a good step pays only for two comparisons.

extension StepEngine {
  /// The first parameter, or element of the optimizer's state, that is not finite. A step notices it only in the next
  /// one: its own update may have been too large.
  public func nonFiniteValue() -> NonFiniteValue? {
    for (name, vector) in zip(["parameter"] + optimizer.stateNames, [parameters] + state) {
      for entry in vector.layout.entries {
        let values = vector[entry]
        guard let bad = values.firstIndex(where: { !$0.isFinite }) else { continue }
        return NonFiniteValue(
          operation: name, parameterPaths: [entry.path], index: bad, value: values[bad],
          position: entry.shape.position(of: bad))
      }
    }
    return nil
  }

  /// The gradient of a parameter in the last field that was computed: that of the batch, in the last turn of the step.
  package func gradient(of entry: ParameterLayout.Entry) -> [Double] {
    kernels.precision.load(
      entry.shape.elementCount, from: slots[0].pointer + entry.offset * kernels.precision.elementSize)
  }

  /// The first parameter whose gradient in the last field is not finite.
  private func nonFiniteGradient() -> NonFiniteValue? {
    for entry in parameters.layout.entries {
      let values = gradient(of: entry)
      guard let bad = values.firstIndex(where: { !$0.isFinite }) else { continue }
      return NonFiniteValue(
        operation: "gradient", parameterPaths: [entry.path], index: bad, value: values[bad],
        position: entry.shape.position(of: bad))
    }
    return nil
  }

  /// - Throws: `NonFiniteStep` if a step has left something that is not finite.
  public func requireFinite(after step: Int, _ result: Result) throws {
    guard let value = nonFiniteValue() else { return }
    throw NonFiniteStep(step: step, loss: result.loss, gradientNorm: result.gradientNorm, value: value)
  }

  /// Replays all shards without fusion, in order, until the first bad value is found: each of several processes finds the same.
  /// Exchanged values are then a shard's own: if a value goes wrong in one of them, its statistics do too.
  func diagnosis(
    of cut: Cut, turn: Int, step: Int, loss: Double, norm: Double, fill: (Range<Int>, BatchBuffer) -> Void
  ) throws -> NonFiniteStep {
    let gradient = nonFiniteGradient()
    // Not a slot: the first has the gradient of the batch, for whoever wants to look at it.
    let result = try AlignedMemory(
      byteCount: ShardSum.slotBytes(parameters.layout.count, elementSize: kernels.precision.elementSize))
    for range in cut.shards.ranges {
      let plan = Self.plan(objective(range.count), parameters.layout, fuse: false, moving: turns[turn].player)
      let program = try ShardProgram(plan, parameters, kernels, workers: 1)
      let worker = program.workers[0]
      let (shared, replay) = (worker.shared, worker.replay)
      shared.update()
      if let input = worker.input { fill(range, input) }
      worker.step?[0] = Double(step)
      replay.setRandom(seed: options.seed, step: UInt64(step), firstExample: range.lowerBound)
      if let value = replay.firstNonFinite(result: result.pointer) {
        return NonFiniteStep(
          step: step, loss: loss, gradientNorm: norm, value: value, gradient: gradient, examples: range)
      }
    }
    return NonFiniteStep(step: step, loss: loss, gradientNorm: norm, value: nil, gradient: gradient)
  }
}

/// A step whose loss or gradient is not finite, and which was not taken; or a step that left parameters or optimizer
/// state that are not.
public struct NonFiniteStep: Error, Sendable, CustomStringConvertible {
  /// The step, from 1.
  public let step: Int
  /// The loss as computed.
  public let loss: Double
  /// The gradient's norm as computed.
  public let gradientNorm: Double
  /// The first bad value; nil if every operation's result was finite and only the norm overflowed.
  public let value: NonFiniteValue?
  /// The first parameter whose gradient is not finite, with the first such element; nil if there is none, or if the step's
  /// update went wrong.
  package var gradient: NonFiniteValue?
  /// The examples of the batch, by their places in it, for which the bad value was computed; nil if none was found.
  package var examples: Range<Int>?

  /// One line: the step, its numbers, and where it went wrong.
  public var description: String {
    let place = value.map { "first in \($0)" } ?? "every value is finite, but their squares overflow"
    return "step \(step): loss \(loss.text), gradient norm \(gradientNorm.text); \(place)"
  }
}
