import MinimKernels

/// A = L L^T of a small symmetric positive definite matrix, in plain loops of one order: LAPACK's bits differ between CPUs,
/// and examples depend on these.
package struct Cholesky {
  /// L, lower triangular: [row][column].
  package let factor: [[Double]]

  /// Nil where the matrix is not positive definite. Only its lower triangle is read.
  package init?(_ matrix: [[Double]]) {
    var l = matrix.map { [Double](repeating: 0, count: $0.count) }
    for i in matrix.indices {
      for j in 0...i {
        let rest = (0..<j).reduce(matrix[i][j]) { $0 - l[i][$1] * l[j][$1] }
        if i == j, !(rest > 0) { return nil }
        l[i][j] = i == j ? rest.squareRoot() : rest / l[j][j]
      }
    }
    factor = l
  }

  /// log det A.
  var logDeterminant: Double { 2 * factor.indices.reduce(0) { $0 + Elementary.log(factor[$1][$1]) } }

  /// A^-1.
  var inverse: [[Double]] {
    factor.indices.map { i in solve(factor.indices.map { $0 == i ? 1 : 0 }) }
  }

  /// L^-1 b, whose square is b^T A^-1 b.
  func whiten(_ b: [Double]) -> [Double] {
    var z: [Double] = []
    for i in b.indices { z.append((0..<i).reduce(b[i]) { $0 - factor[i][$1] * z[$1] } / factor[i][i]) }
    return z
  }

  /// A^-1 b.
  package func solve(_ b: [Double]) -> [Double] {
    var x = whiten(b)
    for i in b.indices.reversed() {
      x[i] = (i + 1..<b.count).reduce(x[i]) { $0 - factor[$1][i] * x[$1] } / factor[i][i]
    }
    return x
  }
}

/// a . b, in the order of the elements.
func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

/// A x for a matrix [row][column].
func product(_ matrix: [[Double]], _ x: [Double]) -> [Double] { matrix.map { dot($0, x) } }

/// A^T for a matrix [row][column] that has rows.
func transposed(_ matrix: [[Double]]) -> [[Double]] { matrix[0].indices.map { j in matrix.map { $0[j] } } }
