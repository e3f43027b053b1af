import MinimData
import MinimKernels

/// A linear map from representations to classes, by least squares on a single 1 per row with a small ridge (Hoerl and
/// Kennard 1970, "Ridge Regression"): the part of the classes that can be read off linearly.
package struct LinearProbe: Sendable {
  private let mean: [Double], scale: Double
  /// One row of weights per class, the last of them its constant.
  private let weights: [[Double]]

  /// Nil if the rows are not numbers.
  ///
  /// - Parameter rows: [count, width], row-major; they are scaled to a mean variance of 1.
  package init?(_ rows: [Double], width: Int, labels: [Int], classes: Int) {
    let mean = RowMoments.mean(rows, width)
    let covariance = RowMoments.covariance(rows, width)
    let variance = covariance.trace / Double(width)
    let scale = variance > 0 ? 1 / variance.squareRoot() : 0
    let count = Double(max(1, labels.count))
    let normal = Matrix(width, width) { covariance[$0, $1] * scale * scale + ($0 == $1 ? Self.ridge : 0) }
    guard let factor = Cholesky(normal) else { return nil }
    var sums = [[Double]](repeating: [Double](repeating: 0, count: width), count: classes)
    var shares = [Double](repeating: 0, count: classes)
    for (index, label) in labels.enumerated() {
      shares[label] += 1 / count
      for i in 0..<width { sums[label][i] += (rows[index * width + i] - mean[i]) * scale / count }
    }
    (self.mean, self.scale) = (mean, scale)
    weights = (0..<classes).map { factor.solve(sums[$0]) + [shares[$0]] }
  }

  private static let ridge = 1e-3

  /// The share of rows whose largest value is that of the right class.
  package func accuracy(of rows: [Double], _ right: [Int]) -> Double {
    let width = mean.count
    let correct = right.indices.count { index in
      let x = (0..<width).map { (rows[index * width + $0] - mean[$0]) * scale }
      let values = weights.map { w in (0..<width).reduce(w[width]) { $0 + w[$1] * x[$1] } }
      return values.indices.max { values[$0] < values[$1] } == right[index]
    }
    return Double(correct) / Double(max(1, right.count))
  }
}
