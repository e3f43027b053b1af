import MinimAutodiff
import MinimKernels

/// An approximation of the nearest orthogonal matrix: five Newton-Schulz steps bring every singular value of a matrix
/// close to 1 (Jordan 2024, "Muon: An optimizer for hidden layers in neural networks", with its coefficients). The
/// steps are a plan of the engine, bound to memory of its own: one thread at a time.
final class NewtonSchulz: Sendable {
  /// The memory to write the matrix to, row-major, [rows, columns].
  nonisolated(unsafe) let input: UnsafeMutableRawPointer
  /// sqrt(max(1, rows / columns)), which makes steps of tall matrices as large as others (Jordan 2024).
  let scale: Double
  /// The memory to read the result from after `run()`.
  let result: AlignedMemory
  private let replay: Replay

  /// - Throws: `KernelError` if there is not enough memory.
  init(rows: Int, columns: Int, _ kernels: KernelTable) throws {
    scale = max(1, Double(rows) / Double(columns)).squareRoot()
    let plan = Plan(packing: [Self.orthogonalized(.input(Self.inputName, shape: [rows, columns]))])
    result = try AlignedMemory(byteCount: plan.outputCount * kernels.precision.elementSize)
    replay = try Replay(ParameterValues(plan, kernels: kernels, parameters: UnsafeRawPointer(result.pointer)))
    guard let input = replay.input(Self.inputName) else {
      // Three lines above: nothing outside of this initializer can cause this.
      preconditionFailure("the plan was made of an input of this name")
    }
    self.input = input
  }

  /// Computes the result for the matrix in `input`.
  func run() { replay.run(result: result.pointer) }

  private static let inputName = "matrix"
  private static let steps = 5
  private static let coefficients = (a: 3.4445, b: -4.7750, c: 2.0315)

  /// The expression. The products are of the smaller side's extent.
  static func orthogonalized(_ matrix: Tensor) -> Tensor {
    let isTall = matrix.shape[0] > matrix.shape[1]
    let wide = isTall ? matrix.transpose([1, 0]) : matrix
    let norm = sqrt(square(wide).sum()) + 1e-7
    var x = wide / norm.reshape([1, 1]).broadcast(to: wide.shape)
    for _ in 0..<steps {
      let gram = matmul(x, x.transpose([1, 0]))
      x = coefficients.a * x + matmul(coefficients.b * gram + coefficients.c * matmul(gram, gram), x)
    }
    return isTall ? x.transpose([1, 0]) : x
  }
}
