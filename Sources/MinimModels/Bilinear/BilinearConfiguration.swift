import MinimNN
import MinimData
import MinimConfiguration
import MinimKernels

/// The configuration of a bilinear game.
public struct BilinearConfiguration: Sendable {
  /// The number of values of each player.
  public let n: Int
  /// M, row-major: rows belong to the critic, columns to the generator.
  public let matrix: [Double]
  /// The players' initial values.
  public let critic: [Double], generator: [Double]
  /// The standard deviation that an example adds to each value of the critic's gradient.
  public let noise: Double
  /// Whether a run also plays whole families of games.
  public let phaseDiagram: Bool

  /// Creates a game from a matrix and a start.
  ///
  /// - Precondition: there are n^2 and n numbers.
  public init(
    matrix: [Double], critic: [Double], generator: [Double], noise: Double = 0, phaseDiagram: Bool = false
  ) {
    self.noise = noise
    self.phaseDiagram = phaseDiagram
    n = critic.count
    precondition(matrix.count == n * n && generator.count == n, "a matrix and starts of different sizes")
    self.matrix = matrix
    self.critic = critic
    self.generator = generator
  }

  /// Reads the section "model".
  public init(_ section: ConfigurationSection) {
    let singular = section.numbers(
      "singularValues", default: [], in: 0...1000, count: 0...16,
      "Singular values of a random matrix, in place of a matrix that is given.")
    var size = singular.count
    if singular.isEmpty {
      let given = section.numbers(
        "matrix", default: [1], in: -1000...1000, count: 1...256,
        "The matrix of the game, row by row; one number is a scalar.")
      size = (1...16).first { $0 * $0 == given.count } ?? 0
      if size == 0 {
        section.report("matrix", "expected the n * n numbers of a square matrix, row by row, got \(given.count)")
      }
      matrix = size == 0 ? [1] : given
      size = max(1, size)
    } else {
      let seed = section.integer(
        "matrixSeed", default: 0, in: 0...(1 << 53), "What the random matrix is a function of.")
      matrix = Self.random(singular, seed: UInt64(seed))
    }
    if matrix.allSatisfy({ $0 == 0 }) {
      section.report(
        singular.isEmpty ? "matrix" : "singularValues", "a game of zeros never moves: expected another number")
    }
    let count = size...size
    n = size
    let critic = section.numbers(
      "critic", default: [Double](repeating: 1, count: size), in: -1e6...1e6, count: count, "Where the critic starts.")
    let generator = section.numbers(
      "generator", default: [Double](repeating: 0.5, count: size), in: -1e6...1e6, count: count,
      "Where the generator starts.")
    noise = section.number(
      "noise", default: 0, in: 0...1e6,
      "The standard deviation that an example adds to each value of the critic's gradient: data and generator are seen by "
        + "samples. A batch has the mean of its examples.")
    phaseDiagram = section.boolean(
      "phaseDiagram", default: false,
      "Whether a run also plays whole families of games: rates over step sizes and rules, and where they turn.")
    let isWhole = critic.count == size && generator.count == size
    (self.critic, self.generator) = isWhole ? (critic, generator) : (Self.ones(size), Self.ones(size))
    if isWhole, (critic + generator).allSatisfy({ $0 == 0 }) {
      section.report("critic", "both players start at their equilibrium, which they never leave: start elsewhere")
    }
  }

  private static func ones(_ n: Int) -> [Double] { [Double](repeating: 1, count: n) }

  /// U diag(s) V^T with U and V drawn.
  static func random(_ singularValues: [Double], seed: UInt64) -> [Double] {
    let n = singularValues.count
    let key = RandomKey(seed: seed).folding(.model)
    let u = Matrix(n, n) { key.normal(at: UInt64($1 * n + $0)) }.orthonormalized
    let v = Matrix(n, n) { key.normal(at: UInt64(n * n + $1 * n + $0)) }.orthonormalized
    return (u * Matrix(n: n) { $0 == $1 ? singularValues[$0] : 0 } * v.transposed).values
  }
}

extension Bilinear {
  /// Reads the section "model" of a config; a game uses no data.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    data.requireNothing("a bilinear game", section)
    self.init(BilinearConfiguration(section))
  }
}
