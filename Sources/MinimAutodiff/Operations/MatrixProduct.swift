/// A B or A^T B for matrices. B's rows must be contiguous for the kernel, so a product with B^T goes through
/// `transpose`, which a plan computes once per step if B is a parameter.
package struct MatrixProduct: Operation {
  package let transposesA: Bool
  /// The largest number of columns for which a product takes the kernel whose lanes are the rows of A.
  static let narrow = 4

  package var signature: String { transposesA ? "matmul A^T B" : "matmul A B" }
  package var role: Role { .product }

  package func vjp(_ dy: Tensor, of y: Tensor) -> [Tensor?] {
    let a = y.inputs[0]
    let b = y.inputs[1]
    return transposesA
      ? [matmul(b, dy.transpose()), matmul(a, dy)]
      : [matmul(dy, b.transpose()), matmul(a, dy, transposingA: true)]
  }

  package func instruction(_ inputs: [Operand], _ output: Operand) -> Instruction {
    let a = inputs[0]
    let m = output.shape[0]
    let n = output.shape[1]
    return .gemm(
      GemmInstruction(
        a: a.slot, b: inputs[1].slot, c: output.slot, groups: .single, m: m, n: n, k: a.shape[transposesA ? 0 : 1],
        aRow: transposesA ? 1 : a.shape[1], aColumn: transposesA ? a.shape[1] : 1))
  }
}

/// The product A B of [m, k] and [k, n], or A^T B of [k, m] and [k, n].
public func matmul(_ a: Tensor, _ b: Tensor, transposingA: Bool = false) -> Tensor {
  let inner = transposingA ? 0 : 1
  require(
    a.rank == 2 && b.rank == 2 && a.shape[inner] == b.shape[0],
    "matmul of shapes \(a.shape)\(transposingA ? " transposed" : "") and \(b.shape)")
  return Tensor(MatrixProduct(transposesA: transposingA), [a, b], shape: [a.shape[1 - inner], b.shape[1]])
}
