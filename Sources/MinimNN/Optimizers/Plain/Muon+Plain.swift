import MinimAutodiff

extension Muon: PlainOptimizer {
  package func step(_ it: inout PlainParameter, _ gradient: [Double], rate: Double, update: Int) {
    guard it.shape.count >= 2 else { return adam.step(&it, gradient, rate: rate * adamRate, update: update) }
    let columns = it.shape[it.shape.count - 1]
    let rows = it.values.count / max(1, columns)
    for i in it.values.indices { it.state[0][i] = momentum * it.state[0][i] + gradient[i] }
    let direction = zip(gradient, it.state[0]).map { $0 + momentum * $1 }
    let orthogonal = Self.plainNewtonSchulz(direction, rows: rows, columns: columns)
    let scale = max(1, Double(rows) / Double(columns)).squareRoot()
    for i in it.values.indices {
      it.values[i] -= rate * (scale * orthogonal[i] + weightDecay * it.values[i])
    }
  }

  /// Five steps X -> a X + b (X X^T) X + c (X X^T)^2 X from X / |X|, with the coefficients of Jordan 2024.
  private static func plainNewtonSchulz(_ matrix: [Double], rows: Int, columns: Int) -> [Double] {
    let isTall = rows > columns
    let (n, m) = isTall ? (columns, rows) : (rows, columns)
    let norm = matrix.reduce(0) { $0 + $1 * $1 }.squareRoot() + 1e-7
    var x = (0..<n * m).map { i in
      let (row, column) = (i / m, i % m)
      return matrix[isTall ? column * n + row : row * m + column] / norm
    }
    let (a, b, c) = (3.4445, -4.7750, 2.0315)
    for _ in 0..<5 {
      let gram = product(x, transposed(x, n, m), n, m, n)
      let square = product(gram, gram, n, n, n)
      let mixed = zip(gram, square).map { b * $0 + c * $1 }
      x = zip(x, product(mixed, x, n, n, m)).map { a * $0 + $1 }
    }
    return isTall ? transposed(x, n, m) : x
  }

  private static func transposed(_ x: [Double], _ rows: Int, _ columns: Int) -> [Double] {
    (0..<x.count).map { x[$0 % rows * columns + $0 / rows] }
  }

  private static func product(_ a: [Double], _ b: [Double], _ n: Int, _ k: Int, _ m: Int) -> [Double] {
    var c = [Double](repeating: 0, count: n * m)
    for i in 0..<n {
      for l in 0..<k {
        let factor = a[i * k + l]
        for j in 0..<m { c[i * m + j] += factor * b[l * m + j] }
      }
    }
    return c
  }
}
