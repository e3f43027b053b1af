/// A small matrix of any extents in Double, in plain loops: what the engine's results are compared with.
package struct RowMatrix: Sendable, Equatable {
  /// The extents.
  package let rows: Int, columns: Int
  /// Row-major.
  package var values: [Double]

  /// Row-major values, rows * columns of them.
  package init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) values are no \(rows)x\(columns) matrix")
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// A multiple of the identity.
  package static func scaledIdentity(_ n: Int, _ value: Double = 1) -> RowMatrix {
    RowMatrix(n, n, (0..<n * n).map { $0 % (n + 1) == 0 ? value : 0 })
  }

  package subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// Rows and columns exchanged.
  package var transposed: RowMatrix {
    RowMatrix(columns, rows, (0..<values.count).map { self[$0 % rows, $0 / rows] })
  }

  /// The product.
  package static func * (a: RowMatrix, b: RowMatrix) -> RowMatrix {
    precondition(a.columns == b.rows, "no product of \(a.columns) columns and \(b.rows) rows")
    return RowMatrix(
      a.rows, b.columns,
      (0..<a.rows * b.columns).map { place in
        (0..<a.columns).reduce(0) { $0 + a[place / b.columns, $1] * b[$1, place % b.columns] }
      })
  }

  /// The sum of a and a multiple of b.
  package func adding(_ b: RowMatrix, times factor: Double = 1) -> RowMatrix {
    precondition(rows == b.rows && columns == b.columns, "matrices of different extents")
    return RowMatrix(rows, columns, zip(values, b.values).map { $0 + factor * $1 })
  }

  /// A multiple.
  package func scaled(by factor: Double) -> RowMatrix { RowMatrix(rows, columns, values.map { factor * $0 }) }

  /// The sum of the diagonal.
  package var trace: Double { (0..<min(rows, columns)).reduce(0) { $0 + self[$1, $1] } }

  /// The Frobenius norm.
  package var norm: Double { euclideanNorm(values) }

  /// |A B - B A| / (|A| |B|): 0 where both have the same eigenvectors.
  package func commutator(with b: RowMatrix) -> Double {
    (self * b).adding(b * self, times: -1).norm / max(1e-300, norm * b.norm)
  }

  /// The largest difference of an element.
  package func distance(to b: RowMatrix) -> Double { zip(values, b.values).reduce(0) { max($0, abs($1.0 - $1.1)) } }
}
