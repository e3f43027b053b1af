import MinimKernels

// A linear encoder that sees only some of the inputs: an amortization gap that is known and not zero.

extension LinearGaussianTheory {
  /// The best linear encoder that sees only some inputs: A C[:, S] C[S, S]^-1, [latent, seen], from x_S less its mean
  /// to the mean of z, where A is `encoder` and C the covariance of x. It is the regression of the posterior's mean on
  /// the seen inputs.
  ///
  /// - Parameters:
  ///   - inputs: S, without repetition.
  ///   - covariance: C, [inputs, inputs], such as that of a sample; the model's own if nil.
  /// - Returns: nil if the seen inputs are linearly dependent.
  public func optimalEncoder(seeing inputs: [Int], covariance: Matrix? = nil) -> Matrix? {
    let c = covariance ?? self.covariance
    guard let seen = Cholesky(c.selecting(rows: inputs, columns: inputs)) else { return nil }
    return Matrix(rows: encoder.allRows.map { row in seen.solve(inputs.map { dot(row, c.row($0)) }) })
  }

  /// The amortization gap of the optimal encoder with `optimalVariances`, averaged over x of covariance C: tr(M R) / 2,
  /// where R is the covariance of its error, A (C - C[:, S] C[S, S]^-1 C[S, :]) A^T.
  ///
  /// - Returns: nil if the seen inputs are linearly dependent.
  public func expectedAmortizationGap(seeing inputs: [Int], covariance: Matrix? = nil) -> Double? {
    let c = covariance ?? self.covariance
    guard let best = optimalEncoder(seeing: inputs, covariance: c) else { return nil }
    // The errors of the regression are A x - best x_S, a linear map of x.
    var misses = encoder
    for row in 0..<misses.rows {
      for (place, input) in inputs.enumerated() { misses[row, input] -= best[row, place] }
    }
    let missRows = misses.allRows
    let trace = missRows.indices.reduce(0) { sum, i in
      sum + dot(posteriorPrecision.row(i), missRows.map { dot(missRows[i], c * $0) })
    }
    return trace / 2
  }
}
