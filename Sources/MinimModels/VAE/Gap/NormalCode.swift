import MinimKernels

/// The numbers of a normal in a search, as `FullNormal` reads them: the means, the logarithms of the diagonal of the
/// factor, and the elements below it.
package enum NormalCode {
  /// The input of an expression that takes one for each example.
  static let inputName = "code"

  /// The number of numbers for a normal of `d` variables.
  package static func width(_ d: Int) -> Int { d + d * (d + 1) / 2 }

  /// A normal of independent variables.
  static func independent(mean: [Double], logDeviations: [Double]) -> [Double] {
    mean + logDeviations + [Double](repeating: 0, count: mean.count * (mean.count - 1) / 2)
  }

  /// The normal of independent variables nearest to a normal q, the m with the least KL(m, q): q's means, and the
  /// variances 1 / P_jj with q's precision P = L^-T L^-1.
  static func nearestIndependent(_ code: [Double], dimensions d: Int) -> [Double] {
    // L^-1 column by column: forward substitution of the unit vectors.
    let logDeviations = (0..<d).map { column in
      var solution = [Double](repeating: 0, count: d)
      for row in column..<d {
        let rest = (column..<row).reduce(row == column ? 1.0 : 0.0) {
          $0 - code[place($1, row, dimensions: d)] * solution[$1]
        }
        solution[row] = rest * Elementary.exp(-code[d + row])
      }
      return -0.5 * Elementary.log(solution.reduce(0) { $0 + $1 * $1 })
    }
    return independent(mean: Array(code[..<d]), logDeviations: logDeviations)
  }

  /// The place of the factor's element of a column and a row below the diagonal.
  private static func place(_ column: Int, _ row: Int, dimensions d: Int) -> Int {
    2 * d + column * (2 * d - column - 1) / 2 + row - column - 1
  }
}
