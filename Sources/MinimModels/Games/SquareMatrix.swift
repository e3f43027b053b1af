/// A small square matrix in Double, in plain loops: what the engine's results are compared with.
struct SquareMatrix: Sendable, Equatable {
  /// The number of rows.
  let n: Int
  /// Row-major.
  var values: [Double]

  /// Row-major values, n^2 of them.
  init(n: Int, _ values: [Double]) {
    precondition(values.count == n * n, "\(values.count) values are no \(n)x\(n) matrix")
    self.n = n
    self.values = values
  }

  init(n: Int, _ value: (_ row: Int, _ column: Int) -> Double) {
    self.init(n: n, (0..<n * n).map { value($0 / n, $0 % n) })
  }

  static func identity(_ n: Int) -> SquareMatrix { SquareMatrix(n: n) { $0 == $1 ? 1 : 0 } }

  subscript(row: Int, column: Int) -> Double { values[row * n + column] }

  var transposed: SquareMatrix { SquareMatrix(n: n) { self[$1, $0] } }

  static func * (a: SquareMatrix, b: SquareMatrix) -> SquareMatrix {
    SquareMatrix(n: a.n) { i, j in (0..<a.n).reduce(0) { $0 + a[i, $1] * b[$1, j] } }
  }

  static func * (a: SquareMatrix, x: [Double]) -> [Double] {
    (0..<a.n).map { i in (0..<a.n).reduce(0) { $0 + a[i, $1] * x[$1] } }
  }

  static func * (factor: Double, a: SquareMatrix) -> SquareMatrix { SquareMatrix(n: a.n, a.values.map { factor * $0 }) }

  static func + (a: SquareMatrix, b: SquareMatrix) -> SquareMatrix {
    SquareMatrix(n: a.n, zip(a.values, b.values).map { $0 + $1 })
  }

  /// The product of so many, by repeated squaring.
  func power(_ exponent: Int) -> SquareMatrix {
    var (result, square, rest) = (Self.identity(n), self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      rest >>= 1
      if rest > 0 { square = square * square }
    }
    return result
  }

  /// The largest difference of an element.
  func distance(to other: SquareMatrix) -> Double {
    zip(values, other.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// Orthonormal columns from normals by Gram and Schmidt, twice over against rounding.
  static func orthogonal(_ n: Int, normal: (Int) -> Double) -> SquareMatrix {
    var columns: [[Double]] = []
    for j in 0..<n {
      var x = (0..<n).map { normal(j * n + $0) }
      for _ in 0..<2 {
        for column in columns {
          let product = zip(x, column).reduce(0) { $0 + $1.0 * $1.1 }
          x = zip(x, column).map { $0 - product * $1 }
        }
      }
      let norm = euclideanNorm(x)
      columns.append(x.map { $0 / norm })
    }
    return SquareMatrix(n: n) { columns[$1][$0] }
  }
}

/// The Euclidean norm, without overflow of the squares.
func euclideanNorm(_ x: [Double]) -> Double {
  let largest = x.reduce(0) { max($0, abs($1)) }
  guard largest > 0, largest.isFinite else { return largest }
  return largest * x.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
}
