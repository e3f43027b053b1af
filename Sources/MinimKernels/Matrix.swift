/// A small matrix in Double, in plain loops of one order: oracles are made of it, and data that bits depend on.
public struct Matrix: Sendable, Equatable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, row-major.
  public var values: [Double]

  // MARK: - Making one

  /// A matrix of row-major values.
  ///
  /// - Precondition: there are rows * columns values.
  public init(_ rows: Int, _ columns: Int, _ values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) values are not a \(rows)x\(columns) matrix")
    (self.rows, self.columns, self.values) = (rows, columns, values)
  }

  /// A matrix by its elements.
  public init(_ rows: Int, _ columns: Int, _ value: (_ row: Int, _ column: Int) -> Double) {
    self.init(rows, columns, (0..<rows).flatMap { row in (0..<columns).map { value(row, $0) } })
  }

  /// A square matrix of row-major values.
  package init(n: Int, _ values: [Double]) { self.init(n, n, values) }

  /// A square matrix by its elements.
  package init(n: Int, _ value: (_ row: Int, _ column: Int) -> Double) { self.init(n, n, value) }

  /// A matrix by its rows, which have one length.
  public init(rows: [[Double]]) { self.init(rows.count, rows.first?.count ?? 0, rows.flatMap { $0 }) }

  /// A multiple of the identity.
  package static func scaledIdentity(_ n: Int, _ value: Double = 1) -> Matrix {
    Matrix(n, n) { $0 == $1 ? value : 0 }
  }

  /// The identity.
  package static func identity(_ n: Int) -> Matrix { scaledIdentity(n) }

  // MARK: - Elements

  /// An element.
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// The elements of a row.
  public func row(_ index: Int) -> [Double] { Array(values[index * columns..<(index + 1) * columns]) }

  /// All rows in order.
  public var allRows: [[Double]] { (0..<rows).map(row) }

  /// The elements of the diagonal.
  package var diagonal: [Double] { (0..<min(rows, columns)).map { self[$0, $0] } }

  /// The matrix of some rows and columns.
  package func selecting(rows: [Int], columns: [Int]) -> Matrix {
    Matrix(rows.count, columns.count) { self[rows[$0], columns[$1]] }
  }

  /// Rows and columns exchanged.
  public var transposed: Matrix { Matrix(columns, rows) { self[$1, $0] } }

  // MARK: - Arithmetic

  /// The product of two matrices.
  public static func * (a: Matrix, b: Matrix) -> Matrix {
    precondition(a.columns == b.rows, "a matrix of \(a.columns) columns times one of \(b.rows) rows")
    return Matrix(a.rows, b.columns) { i, j in (0..<a.columns).reduce(0) { $0 + a[i, $1] * b[$1, j] } }
  }

  /// The product with a column.
  public static func * (a: Matrix, x: [Double]) -> [Double] {
    (0..<a.rows).map { i in (0..<a.columns).reduce(0) { $0 + a[i, $1] * x[$1] } }
  }

  /// A multiple.
  package static func * (factor: Double, a: Matrix) -> Matrix { a.scaled(by: factor) }

  /// The sum.
  package static func + (a: Matrix, b: Matrix) -> Matrix { a.adding(b) }

  /// The sum of the matrix and a multiple of another.
  package func adding(_ other: Matrix, times factor: Double = 1) -> Matrix {
    precondition(rows == other.rows && columns == other.columns, "matrices of different extents")
    return Matrix(rows, columns, zip(values, other.values).map { $0 + factor * $1 })
  }

  /// A multiple.
  package func scaled(by factor: Double) -> Matrix { Matrix(rows, columns, values.map { factor * $0 }) }

  /// A power, by repeated squaring.
  package func power(_ exponent: Int) -> Matrix {
    var (result, square, rest) = (Self.identity(rows), self, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = result * square }
      rest >>= 1
      if rest > 0 { square = square * square }
    }
    return result
  }

  // MARK: - Numbers

  /// The sum of the diagonal.
  package var trace: Double { diagonal.reduce(0, +) }

  /// The Frobenius norm.
  package var norm: Double { euclideanNorm(values) }

  /// The largest difference of an element from that of another matrix.
  package func distance(to other: Matrix) -> Double {
    zip(values, other.values).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// |A B - B A| / (|A| |B|): 0 if both have the same eigenvectors.
  package func commutator(with other: Matrix) -> Double {
    (self * other).adding(other * self, times: -1).norm / max(1e-300, norm * other.norm)
  }
}

extension Matrix: ExpressibleByArrayLiteral {
  /// A matrix by its rows, `[[1, 2], [3, 4]]`, which have one length.
  public init(arrayLiteral elements: [Double]...) { self.init(rows: elements) }
}
