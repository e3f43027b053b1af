import MinimKernels

/// Moments of many rows, for metrics and claims.
enum RowMoments {
  /// The mean of rows, [count, k] row-major.
  static func mean(_ rows: [Double], _ k: Int) -> [Double] {
    var mean = [Double](repeating: 0, count: k)
    let count = Double(max(1, rows.count / k))
    for start in stride(from: 0, to: rows.count, by: k) { for i in 0..<k { mean[i] += rows[start + i] / count } }
    return mean
  }

  /// The covariance of rows, over n and not n - 1, [k, k].
  static func covariance(_ rows: [Double], _ k: Int) -> Matrix { correlation(rows, k, about: mean(rows, k)) }

  /// The mean of z z^T over rows z, or over their differences from a point.
  static func correlation(_ rows: [Double], _ k: Int, about point: [Double]? = nil) -> Matrix {
    let count = Double(max(1, rows.count / k))
    return rows.withUnsafeBufferPointer { rows in
      var sums = [Double](repeating: 0, count: k * k)
      var x = [Double](repeating: 0, count: k)
      for start in stride(from: 0, to: rows.count, by: k) {
        for i in 0..<k { x[i] = rows[start + i] - (point?[i] ?? 0) }
        for i in 0..<k { for j in 0..<k { sums[i * k + j] += x[i] * x[j] } }
      }
      return Matrix(k, k, sums.map { $0 / count })
    }
  }
}
