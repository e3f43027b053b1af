import MinimKernels

/// The directions in which rows vary most, and the rows along them.
package struct PrincipalComponents: Sendable {
  private let mean: [Double]
  /// Unit vectors, from the largest variance on, and the variances.
  package let directions: [[Double]], variances: [Double]

  /// - Parameter rows: [count, width], row-major.
  /// - Throws: `KernelError` if LAPACK does not converge.
  package init(_ rows: [Double], width: Int) throws {
    mean = RowMoments.mean(rows, width)
    let found = try RowMoments.covariance(rows, width).symmetricEigenvectors()
    (directions, variances) = (found.vectors.reversed(), found.values.reversed())
  }

  /// The first coordinates of rows, [count, components], row-major.
  package func coordinates(of rows: [Double], _ components: Int) -> [Double] {
    let (used, width) = (directions.prefix(components), mean.count)
    return stride(from: 0, to: rows.count, by: width).flatMap { start in
      used.map { direction in
        (0..<width).reduce(0) { $0 + direction[$1] * (rows[start + $1] - mean[$1]) }
      }
    }
  }
}
