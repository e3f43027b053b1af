import MinimAutodiff

/// The predictor that is set from the spectrum of the projections' correlation F = E z z^T, and not learned (Tian, Chen
/// and Ganguli 2021, "Understanding self-supervised Learning Dynamics without Contrastive Pairs", DirectPred): it has
/// the eigenvectors of F, and eigenvalues sqrt(s / |F|) + epsilon. Unlike in the paper, the correlation is that of the
/// batch alone, without a moving average, and its scale is the Frobenius norm instead of the largest eigenvalue.
package struct DirectPredictor: Sendable {
  /// epsilon.
  package let regularization: Double

  /// Creates a predictor with the addend of its eigenvalues.
  package init(regularization: Double) { self.regularization = regularization }

  /// The matrix for projections of a whole batch, [n, width] to [width, width]; no gradient goes through it.
  package func matrix(of z: Tensor) -> Tensor {
    let stopped = stopGradient(z)
    let correlation = (matmul(stopped.transpose(), stopped) * (1 / Double(z.shape[0]))).batchMean()
    return squareRoot(correlation) + Self.identity(z.shape[1], regularization)
  }

  /// (F / |F|)^(1/2) by the Newton-Schulz iteration (Higham 2008, "Functions of Matrices", chapter 6), with products
  /// only: eigenvalues below 1e-5 of |F| come out smaller than their root.
  package func squareRoot(_ f: Tensor) -> Tensor {
    let width = f.shape[0]
    var y = f / sqrt(square(f).sum() + 1e-30), z = Self.identity(width, 1)
    for _ in 0..<Self.iterations {
      let t = Self.identity(width, 1.5) - 0.5 * matmul(z, y)
      (y, z) = (matmul(y, t), matmul(t, z))
    }
    return y
  }

  private static let iterations = 14

  private static func identity(_ n: Int, _ value: Double) -> Tensor {
    .constant((0..<n * n).map { $0 % (n + 1) == 0 ? value : 0 }, shape: [n, n])
  }
}
