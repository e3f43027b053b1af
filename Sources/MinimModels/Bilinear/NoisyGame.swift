import MinimKernels
import MinimNN

/// The first two moments of a bilinear game whose critic sees noise: z' = A z + N e with independent e of mean 0 and a
/// given variance, so that E z' = A E z and Cov z' = A Cov z A^T + variance N N^T. Only for plain descent, whose state
/// is the players.
package struct NoisyGame: Sendable {
  private let step: Matrix
  /// N N^T times the variance.
  private let added: Matrix

  /// Creates the game of M, which is row-major. Nil for a rule that keeps more state than the players, that moves one
  /// of them several times, or that has the noise's square in its field.
  ///
  /// - Parameter variance: the variance of each value of the critic's gradient in a batch.
  package init?(_ rule: LinearRule, matrix: [Double], n: Int, variance: Double) {
    self.init(rule, Matrix(n: n, matrix), variance: variance)
  }

  init?(_ rule: LinearRule, _ matrix: Matrix, variance: Double) {
    guard rule.descent == .momentum(0), rule.consensus == 0 else { return nil }
    let (n, rate, field) = (matrix.rows, rule.rate, ExactGame.field(matrix))
    let size = 2 * n
    // The noise adds to the critic's part of -v.
    let alone = Matrix(n: size) { $0 == $1 && $0 < n ? rate : 0 }
    let generatorAfter = Matrix(n: size) { row, column in
      (row == column ? 1 : 0) - (row >= n ? rate * field[row, column] : 0)
    }
    let exact = ExactGame(rule, matrix)
    step = Matrix(n: size) { exact.step[$0, $1] }
    let noise: Matrix
    switch rule.dynamics {
    case .simultaneous: noise = alone
    case .extragradient: noise = alone + -rate * (field * alone)
    case .alternating(let order, let times):
      guard times == 1 else { return nil }
      noise = order.first == "generator" ? alone : generatorAfter * alone
    }
    added = variance * (noise * noise.transposed)
  }

  /// E z and Cov z, row-major, after `steps` steps from a known start.
  package func moments(from start: [Double], steps: Int) -> (mean: [Double], covariance: [Double]) {
    var mean = start
    var covariance = Matrix(n: start.count) { _, _ in 0 }
    for _ in 0..<steps {
      mean = step * mean
      covariance = step * covariance * step.transposed + added
    }
    return (mean, covariance.values)
  }
}
