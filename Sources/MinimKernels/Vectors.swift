// Vectors as plain arrays, in the order of their elements.

/// a . b
package func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

/// The Euclidean norm, without overflow of the squares.
package func euclideanNorm(_ x: [Double]) -> Double {
  let largest = x.reduce(0) { max($0, abs($1)) }
  guard largest > 0, largest.isFinite else { return largest }
  return largest * x.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
}

/// The rest of `x` after its projections on orthonormal vectors are subtracted, twice over against rounding (Gram and
/// Schmidt), and the projections.
package func orthogonalized(_ x: [Double], against basis: [[Double]]) -> (rest: [Double], projections: [Double]) {
  var (rest, projections) = (x, [Double](repeating: 0, count: basis.count))
  for _ in 0..<2 {
    for (index, vector) in basis.enumerated() {
      let product = dot(rest, vector)
      for i in rest.indices { rest[i] -= product * vector[i] }
      projections[index] += product
    }
  }
  return (rest, projections)
}

extension Matrix {
  /// The matrix with orthonormal columns that span what its columns span, one after the other.
  package var orthonormalized: Matrix {
    var basis: [[Double]] = []
    for column in transposed.allRows {
      let rest = orthogonalized(column, against: basis).rest
      let norm = euclideanNorm(rest)
      basis.append(rest.map { $0 / norm })
    }
    return Matrix(rows: basis).transposed
  }
}
