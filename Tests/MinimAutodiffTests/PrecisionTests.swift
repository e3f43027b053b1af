import MinimAutodiff
import MinimKernels
import TestSupport
import Testing

/// What is computed in Float is what was checked in Double.
@Suite struct PrecisionTests {
  @Test("the derivatives of every operation in Float are those in Double, within 1e-4", arguments: operationCatalog)
  func derivatives(_ operation: OperationCase) throws {
    // A parameter needs a parameter vector, and each precision draws numbers of its own: both are tested with models.
    guard !["parameter", "random"].contains(operation.name) else { return }
    let difference = try PrecisionCheck(operation.shapes, values: operation.values, operation.build).difference
    #expect(difference < 1e-4, "\(operation.name)")
    Reliability.record(2, "operations", 1)
  }

  @Test("digits that Float does not have are missed: the negative control") func cancellation() throws {
    // In Float the addend is rounded away, and with it the derivative's 1e-9 of 1.
    let check = try PrecisionCheck([[3]], values: [[0.5, 1, 1.5]]) { square($0[0] * 1e-9 + 1) - square($0[0] + 1) }
    #expect(check.difference < 1e-4)
    let cancelled = try PrecisionCheck([[3]], values: [[0.5, 1, 1.5]]) { square(($0[0] * 1e-9 + 1) - 1) * 1e18 }
    #expect(cancelled.difference > 0.1)
  }
}

/// The derivatives of an expression in both precisions.
private struct PrecisionCheck {
  /// The largest difference of an element, relative to the largest element of its tensor.
  let difference: Double

  init(_ shapes: [Shape], values: [[Double]], _ f: ([Tensor]) -> Tensor) throws {
    var generator = SplitMix(seed: 43)
    let xs = shapes.enumerated().map { Tensor.input("x\($0)", shape: $1) }
    let y = f(xs)
    let weights = Tensor.constant((0..<y.shape.elementCount).map { _ in generator.symmetric() }, shape: y.shape)
    let gradients = gradient(of: (y * weights).sum(), withRespectTo: xs)
    let inputs = Dictionary(uniqueKeysWithValues: values.enumerated().map { ("x\($0)", $1) })
    let (single, double) = try (
      evaluate(gradients, inputs: inputs, kernels: .current(.float32)),
      evaluate(gradients, inputs: inputs, kernels: .current(.float64))
    )
    difference = zip(single, double).map(relativeDifference).max() ?? 0
  }
}
