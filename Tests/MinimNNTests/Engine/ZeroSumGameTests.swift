import MinimAutodiff
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport
import Testing

/// Simultaneous steps of the bilinear game V = d^T M g: the critic d ascends, the generator g descends.
@Suite struct ZeroSumGameTests {
  private static let n = 3, rate = 0.1

  /// The players after some steps, critic first.
  private static func play(
    _ m: [Double], steps: Int, from start: [Double], withCritic: Bool = true
  ) throws -> (players: [Double], values: [Double]) {
    let n = m.count == 1 ? 1 : Self.n
    let scope = ParameterScope()
    let critic = scope.parameter("critic", shape: [n], .zeros)
    let generator = scope.parameter("generator", shape: [n], .zeros)
    let parameters = try ParameterVector(scope.layout, precision: .float64)
    let entries = scope.layout.entries
    (parameters[entries[0]], parameters[entries[1]]) = (Array(start.prefix(n)), Array(start.suffix(n)))
    let engine = try StepEngine(
      parameters: parameters, optimizer: SGD(), batchSizes: [1], options: .init(shards: 1, clipNorm: nil, seed: 0),
      pool: WorkerPool(workers: 1), kernels: .current(.float64)
    ) { _ in
      let product = matmul(.constant(m, shape: [n, n]), generator.reshape([n, 1])).reshape([n])
      let value = (critic * product).sum()
      let players: [Objective.Player] = [
        .init("critic", minimizing: -value, by: [critic]), .init("generator", minimizing: value, by: [generator]),
      ]
      return Objective("value", value, players: withCritic ? players : [])
    }
    let values = try (1...steps).map { try engine.step($0, examples: 1, rate: rate) { _, _ in }.loss }
    return (parameters[entries[0]] + parameters[entries[1]], values)
  }

  @Test("each player follows the other through M, from the old values, as plain loops do")
  func plainLoops() throws {
    let n = Self.n
    let m = values(n * n, seed: 1)
    var players = values(2 * n, seed: 2)
    let found = try Self.play(m, steps: 50, from: players)
    for step in 0..<50 {
      let (d, g) = (Array(players.prefix(n)), Array(players.suffix(n)))
      let mg = (0..<n).map { i in (0..<n).reduce(0) { $0 + m[i * n + $1] * g[$1] } }
      let md = (0..<n).map { j in (0..<n).reduce(0) { $0 + m[$1 * n + j] * d[$1] } }
      #expect(abs(found.values[step] - zip(d, mg).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-13)
      players = zip(d, mg).map { $0 + Self.rate * $1 } + zip(g, md).map { $0 - Self.rate * $1 }
    }
    #expect(distance(found.players, players) < 1e-13)
  }

  /// The step's matrix is [[1, a], [-a, 1]], whose eigenvalues have modulus sqrt(1 + a^2).
  @Test("a scalar game spirals outwards by sqrt(1 + rate^2) a step; two descents do not: the control")
  func scalarGame() throws {
    let start = [0.6, -0.8]
    func growth(_ withCritic: Bool) throws -> Double {
      let end = try Self.play([1], steps: 100, from: start, withCritic: withCritic).players
      return (end[0] * end[0] + end[1] * end[1]).squareRoot()
    }
    var expected = 1.0
    for _ in 0..<50 { expected *= 1 + Self.rate * Self.rate }
    #expect(abs(try growth(true) - expected) < 1e-12)
    #expect(abs(try growth(false) - expected) > 0.1)
  }
}
