import MinimKernels

/// What tells whether representations have collapsed. The usual metric, how much a channel of the normalized outputs varies, is
/// blind where their mean is 0: its squares then add up to 1 whatever the outputs are.
package struct CollapseMetrics: Sendable {
  /// The root of the mean over channels of the variance of z / |z|, and the mean of the deviations; without collapse
  /// 1 / sqrt(k), or nearly so.
  package let rmsDeviation: Double, meanDeviation: Double
  /// The trace of the covariance of the outputs themselves, and the mean of their norms.
  package let trace: Double, meanNorm: Double
  /// The eigenvalues of that covariance, the largest first.
  package let spectrum: [Double]

  /// - Parameter outputs: [count, k], row-major.
  /// - Throws: `KernelError` if LAPACK finds no eigenvalues.
  package init(_ outputs: [Double], channels k: Int) throws {
    let count = outputs.count / k
    func row(_ index: Int) -> ArraySlice<Double> { outputs[index * k..<(index + 1) * k] }
    var unit = outputs, norms = 0.0
    for index in 0..<count {
      let norm = euclideanNorm(Array(row(index)))
      norms += norm
      for i in 0..<k { unit[index * k + i] = norm > 0 ? outputs[index * k + i] / norm : 0 }
    }
    let covariance = RowMoments.covariance(outputs, k), ofUnit = RowMoments.covariance(unit, k)
    let variances = ofUnit.diagonal.map { max(0, $0) }
    rmsDeviation = (variances.reduce(0, +) / Double(k)).squareRoot()
    meanDeviation = variances.reduce(0) { $0 + $1.squareRoot() } / Double(k)
    meanNorm = norms / Double(max(1, count))
    trace = covariance.trace
    spectrum = try covariance.symmetricEigenvalues().reversed()
  }

  /// The deviation of a channel, by the root of their mean variance, over the mean norm: how far outputs are from being all
  /// the same.
  package var relativeDeviation: Double {
    (trace / Double(max(1, spectrum.count))).squareRoot() / max(1e-300, meanNorm)
  }

  /// exp of the entropy of the spectrum's shares: how many directions the outputs use (Roy and Vetterli 2007, "The Effective
  /// Rank"); 0 where nothing varies.
  package var effectiveRank: Double { Self.effectiveRank(spectrum) }

  /// Of eigenvalues of a covariance.
  package static func effectiveRank(_ spectrum: [Double]) -> Double {
    let positive = spectrum.filter { $0 > 0 }
    let sum = positive.reduce(0, +)
    guard sum > 0 else { return 0 }
    return Elementary.exp(-positive.reduce(0) { $0 + $1 / sum * Elementary.log($1 / sum) })
  }
}
