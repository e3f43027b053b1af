import MinimKernels

/// Metrics of the collapse of representations. The usual one, how much a channel of the normalized outputs varies, is
/// blind if their mean is 0: its squares then add up to 1 whatever the outputs are.
package struct CollapseMetrics: Sendable {
  /// The root of the mean over channels of the variance of z / |z|, and the mean of the deviations; 1 / sqrt(k), or
  /// nearly so, without collapse.
  package let rmsDeviation: Double, meanDeviation: Double
  /// The trace of the covariance of the outputs themselves, and the mean of their norms.
  package let trace: Double, meanNorm: Double
  /// The eigenvalues of that covariance, the largest first.
  package let spectrum: [Double]

  /// - Parameter outputs: [count, k], row-major.
  /// - Throws: `KernelError` if LAPACK does not converge.
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

  /// The deviation of a channel, by the root of the mean variance, divided by the mean norm: how far outputs are from
  /// being all the same.
  package var relativeDeviation: Double {
    (trace / Double(max(1, spectrum.count))).squareRoot() / max(1e-300, meanNorm)
  }

  /// exp of the entropy of the spectrum's shares: the number of directions that the outputs use (Roy and Vetterli 2007,
  /// "The Effective Rank"); 0 if nothing varies.
  package var effectiveRank: Double { Self.effectiveRank(spectrum) }

  /// The effective rank of the eigenvalues of a covariance.
  package static func effectiveRank(_ spectrum: [Double]) -> Double {
    let positive = spectrum.filter { $0 > 0 }
    let sum = positive.reduce(0, +)
    guard sum > 0 else { return 0 }
    return Elementary.exp(-positive.reduce(0) { $0 + $1 / sum * Elementary.log($1 / sum) })
  }
}
