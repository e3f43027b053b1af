import MinimData
import MinimKernels
import MinimNN

/// The normal with the mean and the covariance of some rows: the baseline of every model of rows, and the best that an
/// affine flow can be.
package struct MomentNormal: Sendable {
  private let mean: [Double]
  private let factor: Cholesky

  /// - Returns: nil if the rows vary along fewer directions than they have values.
  package init?(_ data: Dataset) {
    let d = data.exampleCount
    let rows = (0..<data.count).map { data.example($0).map(Double.init) }
    let mean = (0..<d).map { i in rows.reduce(0) { $0 + $1[i] } / Double(max(1, rows.count)) }
    let covariance = Matrix(d, d) { i, j in
      rows.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / Double(max(1, rows.count))
    }
    // Beyond this only rounding is left of a pivot.
    guard rows.count > d, let factor = Cholesky(covariance),
      (0..<d).allSatisfy({ factor.factor[$0, $0] * factor.factor[$0, $0] > 1e-10 * covariance[$0, $0] })
    else { return nil }
    (self.mean, self.factor) = (mean, factor)
  }

  /// -log p(x) of each row, in nats.
  package func losses(of data: Dataset) -> [Double] {
    let constant = factor.logDeterminant / 2 + Double(mean.count) * halfLogTwoPi
    return (0..<data.count).map { row in
      let z = factor.whiten(zip(data.example(row), mean).map { Double($0) - $1 })
      return z.reduce(constant) { $0 + $1 * $1 / 2 }
    }
  }
}
