/// A = L L^T of a small symmetric positive definite matrix, in plain loops of one order: LAPACK's bits differ between CPUs,
/// and examples depend on these.
package struct Cholesky: Sendable {
  /// L, lower triangular.
  package let factor: Matrix

  /// Nil if the matrix is not positive definite. Only its lower triangle is read.
  package init?(_ matrix: Matrix) {
    var l = Matrix.scaledIdentity(matrix.rows, 0)
    for i in 0..<matrix.rows {
      for j in 0...i {
        let rest = (0..<j).reduce(matrix[i, j]) { $0 - l[i, $1] * l[j, $1] }
        if i == j, !(rest > 0) { return nil }
        l[i, j] = i == j ? rest.squareRoot() : rest / l[j, j]
      }
    }
    factor = l
  }

  /// log det A.
  package var logDeterminant: Double { 2 * factor.diagonal.reduce(0) { $0 + Elementary.log($1) } }

  /// A^-1.
  package var inverse: Matrix {
    Matrix(rows: (0..<factor.rows).map { i in solve((0..<factor.rows).map { $0 == i ? 1 : 0 }) })
  }

  /// L^-1 b, whose square is b^T A^-1 b.
  package func whiten(_ b: [Double]) -> [Double] {
    var z: [Double] = []
    for i in b.indices { z.append((0..<i).reduce(b[i]) { $0 - factor[i, $1] * z[$1] } / factor[i, i]) }
    return z
  }

  /// A^-1 b.
  package func solve(_ b: [Double]) -> [Double] {
    var x = whiten(b)
    for i in b.indices.reversed() {
      x[i] = (i + 1..<b.count).reduce(x[i]) { $0 - factor[$1, i] * x[$1] } / factor[i, i]
    }
    return x
  }
}
