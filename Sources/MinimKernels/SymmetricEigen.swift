/// A = U diag(values) U^T of a small symmetric matrix, by Jacobi's rotations in plain loops of one order: LAPACK's bits differ
/// between CPUs, and parameters depend on these (Golub and Van Loan, "Matrix Computations", section 8.5).
package struct SymmetricEigen: Sendable {
  /// The eigenvalues, in the order of the columns of ``vectors``.
  package let values: [Double]
  /// U, whose columns are the eigenvectors.
  package let vectors: Matrix

  /// Decomposes a matrix, of which only the lower triangle is read.
  ///
  /// - Precondition: the matrix is square.
  package init(_ matrix: Matrix) {
    precondition(matrix.rows == matrix.columns, "a matrix of \(matrix.rows)x\(matrix.columns) has no eigenvalues")
    let n = matrix.rows
    var a = Matrix(n: n) { $0 >= $1 ? matrix[$0, $1] : matrix[$1, $0] }
    var u = Matrix.identity(n)
    // Each sweep squares what is left; twenty are more than any matrix of Doubles needs.
    for _ in 0..<20 {
      var rest = 0.0
      for i in 0..<n { for j in 0..<i { rest += a[i, j] * a[i, j] } }
      if rest <= 1e-32 * a.diagonal.reduce(0, { $0 + $1 * $1 }) { break }
      for p in 0..<n { for q in p + 1..<max(n, p + 1) { Self.rotate(&a, &u, p, q) } }
    }
    (values, vectors) = (a.diagonal, u)
  }

  /// Makes the element (p, q) zero.
  private static func rotate(_ a: inout Matrix, _ u: inout Matrix, _ p: Int, _ q: Int) {
    if a[p, q] == 0 { return }
    let theta = (a[q, q] - a[p, p]) / (2 * a[p, q])
    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot(), s = t * c
    for k in 0..<a.rows {
      let (x, y) = (a[k, p], a[k, q])
      (a[k, p], a[k, q]) = (c * x - s * y, s * x + c * y)
    }
    for k in 0..<a.rows {
      let (x, y) = (a[p, k], a[q, k])
      (a[p, k], a[q, k]) = (c * x - s * y, s * x + c * y)
    }
    (a[p, q], a[q, p]) = (0, 0)
    for k in 0..<a.rows {
      let (x, y) = (u[k, p], u[k, q])
      (u[k, p], u[k, q]) = (c * x - s * y, s * x + c * y)
    }
  }
}
