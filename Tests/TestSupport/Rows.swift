import MinimKernels

/// The mean of rows, and their covariance about it.
package func moments(_ rows: [[Double]]) -> (mean: [Double], covariance: [[Double]]) {
  let (n, d) = (Double(rows.count), rows[0].count)
  let mean = (0..<d).map { j in rows.reduce(0) { $0 + $1[j] } / n }
  let covariance = (0..<d).map { i in
    (0..<d).map { j in rows.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / n }
  }
  return (mean, covariance)
}

/// Row-major values as rows.
package func rows(_ values: [Double], _ columns: Int) -> [[Double]] {
  stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<$0 + columns]) }
}

/// Whether the rows are a sample of a distribution of this mean and covariance: each moment within five standard errors, which
/// the sample's own spread gives.
package func haveMoments(_ rows: [[Double]], _ mean: [Double], _ covariance: [[Double]]) -> Bool {
  func agrees(_ terms: [Double], _ exact: Double) -> Bool {
    let found = moments(terms.map { [$0] })
    return abs(found.mean[0] - exact) <= 5 * (found.covariance[0][0] / Double(rows.count)).squareRoot()
  }
  return mean.indices.allSatisfy { i in
    agrees(rows.map { $0[i] }, mean[i])
      && mean.indices.allSatisfy { j in
        agrees(rows.map { ($0[i] - mean[i]) * ($0[j] - mean[j]) }, covariance[i][j])
      }
  }
}

/// The largest difference between two matrices, as between their values in a row; infinity for other extents.
package func distance(_ a: [[Double]], _ b: [[Double]]) -> Double {
  a.map(\.count) == b.map(\.count) ? distance(a.flatMap { $0 }, b.flatMap { $0 }) : .infinity
}

/// The largest difference between a matrix and rows; infinity for other extents.
package func distance(_ a: Matrix, _ b: [[Double]]) -> Double { distance(a.allRows, b) }

/// The largest difference between rows and a matrix; infinity for other extents.
package func distance(_ a: [[Double]], _ b: Matrix) -> Double { distance(a, b.allRows) }
