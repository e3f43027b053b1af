import MinimKernels
import MinimNN

/// The steps of a rule on a bilinear game as one matrix, in plain loops. It acts on the players z and on the rule's
/// state for each of their values, the velocity or the last gradient: [z, s], 4 n numbers.
public struct ExactGame: Sendable {
  /// The rule.
  public let rule: LinearRule
  /// J: the field is J z, the critic's values first.
  let jacobian: Matrix
  /// The step's matrix, for [z, s].
  let step: Matrix
  /// The ranges of the players in z, in the order in which they move, with their numbers of moves.
  private let turns: [(range: Range<Int>, times: Int)]

  /// Creates the rule's matrix for the game of M, which is row-major.
  public init(_ rule: LinearRule, matrix: [Double], n: Int) {
    self.init(rule, Matrix(n: n, matrix))
  }

  init(_ rule: LinearRule, _ matrix: Matrix) {
    let n = matrix.rows
    self.rule = rule
    let bare = Self.field(matrix)
    // The gradient of |J z|^2 / 2 is J^T J z.
    let field = rule.consensus == 0 ? bare : bare + rule.consensus * (bare.transposed * bare)
    jacobian =
      rule.dynamics == .extragradient ? field * (.identity(2 * n) + -rule.rate * field) : field
    switch rule.dynamics {
    case .simultaneous, .extragradient: turns = [(0..<2 * n, 1)]
    case .alternating(let order, let times):
      let ranges = order.first == "generator" ? [n..<2 * n, 0..<n] : [0..<n, n..<2 * n]
      turns = [(ranges[0], times), (ranges[1], 1)]
    }
    var step = Matrix.identity(4 * n)
    for turn in turns { step = Self.move(rule, jacobian, turn.range).power(turn.times) * step }
    self.step = step
  }

  /// [[0, -M], [M^T, 0]]: the gradients of -V by the critic and of V by the generator.
  static func field(_ matrix: Matrix) -> Matrix {
    let n = matrix.rows
    return Matrix(n: 2 * n) { row, column in
      if row < n { return column < n ? 0 : -matrix[row, column - n] }
      return column < n ? matrix[column, row - n] : 0
    }
  }

  /// One move of the values in `range`: with momentum s' = b s + v, z' = z - rate s'; if optimistic z' = z - rate (2 v - s),
  /// s' = v.
  private static func move(_ rule: LinearRule, _ field: Matrix, _ range: Range<Int>) -> Matrix {
    let count = field.rows
    let (ofField, ofState, kept): (Double, Double, Double) =
      switch rule.descent {
      case .momentum(let b): (-rule.rate, -rule.rate * b, b)
      case .optimistic: (-2 * rule.rate, rule.rate, 0)
      }
    return Matrix(n: 2 * count) { row, column in
      let (i, j) = (row % count, column % count)
      guard range.contains(i) else { return row == column ? 1 : 0 }
      let one = i == j ? 1.0 : 0
      return switch (row < count, column < count) {
      case (true, true): one + ofField * field[i, j]
      case (true, false): ofState * one
      case (false, true): field[i, j]
      case (false, false): kept * one
      }
    }
  }

  /// The step's matrix for [z, s], row-major, with 4 n rows.
  package var stepValues: [Double] { step.values }

  /// The state after the first step, which is plain: there was no state before it.
  private func first(_ start: [Double]) -> [Double] {
    guard rule.descent == .optimistic else { return step * (start + start.map { _ in 0 }) }
    var (z, s) = (start, start)
    for turn in turns {
      let v = jacobian * z
      for i in turn.range { (z[i], s[i]) = (z[i] - rule.rate * v[i], v[i]) }
    }
    return z + s
  }

  /// The players at the start and after each step.
  public func trajectory(from start: [Double], steps: Int) -> [[Double]] {
    var all = [start]
    var state = start
    for index in 0..<steps {
      state = index == 0 ? first(start) : step * state
      all.append(Array(state.prefix(start.count)))
    }
    return all
  }

  /// The players after `steps` steps, by a power of the step's matrix.
  public func end(from start: [Double], steps: Int) -> [Double] {
    steps == 0 ? start : Array((step.power(steps - 1) * first(start)).prefix(start.count))
  }
}
