import MinimAutodiff
import MinimKernels
import MinimNN

/// Many games with one matrix side by side, each with its own step size, momentum and weight of consensus: rows of a
/// batch that the scheduler distributes. Steps are expressions of the players' own gradients of V, several steps per
/// plan.
package final class GameFamily {
  /// The parameters that differ from game to game.
  package struct Parameters: Sendable {
    package var rate: Double, momentum: Double, consensus: Double

    /// Creates a plain game, unless momentum or consensus are given.
    package init(rate: Double, momentum: Double = 0, consensus: Double = 0) {
      self.rate = rate
      self.momentum = momentum
      self.consensus = consensus
    }
  }

  private let n: Int
  private let evaluator: BatchEvaluator

  /// The inputs that a plan's outputs replace, in the order of these.
  private static let state = ["critic", "generator", "keptCritic", "keptGenerator"]
  private static let chunk = 512
  /// The number of steps per plan.
  private static let stride = 10

  /// Creates games under one rule, whose own rate, momentum and consensus are ignored.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ rule: LinearRule, matrix: [Double], n: Int, _ trained: Trained) throws {
    self.n = n
    func input(_ name: String, _ width: Int) -> Tensor { .input(name, shape: [Self.chunk, width]) }
    let step = FamilyStep(
      rule, matrix: .constant(matrix, shape: [n, n]), rate: input("rate", 1), momentum: input("momentum", 1),
      consensus: rule.consensus == 0 ? nil : input("consensus", 1))
    let inputs = Self.state.map { input($0, n) }
    var state = FamilyStep.State(players: Array(inputs[..<2]), kept: Array(inputs[2...]))
    for index in 0..<Self.stride { state = step(state, first: index == 0 ? input("first", 1) : nil) }
    evaluator = try BatchEvaluator([state.players + state.kept], chunk: Self.chunk, trained)
  }

  /// The factor by which each game grows per step, from the largest norms over two stretches of its second half: 0 if
  /// the players have reached 0, infinity if they have overflowed.
  ///
  /// - Parameter steps: a multiple of forty.
  package func growth(_ games: [Parameters], from start: [Double], steps: Int) -> [Double] {
    precondition(steps > 0 && steps % (4 * Self.stride) == 0, "\(steps) steps are not a multiple of \(4 * Self.stride)")
    let blocks = steps / Self.stride
    return evaluator.gather(games.count) { range, worker, results in
      begin(games[range], from: start, worker)
      var early = [Double](repeating: 0, count: range.count), late = early
      for block in 0..<blocks {
        let norms = advance(range.count, worker)
        if block == 0 { worker.input(named: "first")?.fill(range.count) { _ in 0 } }
        for (index, norm) in norms.enumerated() where block >= blocks / 2 {
          if block < blocks * 3 / 4 {
            early[index] = max(early[index], norm)
          } else {
            late[index] = max(late[index], norm)
          }
        }
      }
      let between = Double(blocks - blocks * 3 / 4) * Double(Self.stride)
      for index in 0..<range.count { results[index] = Self.factor(early[index], late[index], between) }
    }
  }

  /// Writes the games of a chunk at their start.
  private func begin(_ games: ArraySlice<Parameters>, from start: [Double], _ worker: BatchEvaluator.Worker) {
    let (games, n) = (Array(games), n)
    worker.input(named: "critic")?.fill(games.count * n) { start[$0 % n] }
    worker.input(named: "generator")?.fill(games.count * n) { start[n + $0 % n] }
    for name in Self.state[2...] { worker.input(named: name)?.fill(games.count * n) { _ in 0 } }
    worker.input(named: "rate")?.fill(games.count) { games[$0].rate }
    worker.input(named: "momentum")?.fill(games.count) { games[$0].momentum }
    worker.input(named: "consensus")?.fill(games.count) { games[$0].consensus }
    worker.input(named: "first")?.fill(games.count) { _ in 1 }
  }

  /// Takes the steps of one plan; returns the largest value of the players of each game, infinity if one has overflowed.
  private func advance(_ count: Int, _ worker: BatchEvaluator.Worker) -> [Double] {
    let (n, size) = (n, padded(Self.chunk * n))
    let values = worker.run()
    for (part, name) in Self.state.enumerated() {
      worker.input(named: name)?.fill(count * n) { values[part * size + $0] }
    }
    return (0..<count).map { game in
      (0..<2 * n).reduce(0) { norm, index in
        let value = values[index / n * size + game * n + index % n]
        return value.isFinite ? max(norm, abs(value)) : .infinity
      }
    }
  }

  private static func factor(_ early: Double, _ late: Double, _ steps: Double) -> Double {
    if early.isInfinite || late.isInfinite { return .infinity }
    if late < 1e-290 || early < 1e-290 { return 0 }
    return Elementary.exp(Elementary.log(late / early) / steps)
  }
}

/// One step of a rule as an expression over rows of games.
private struct FamilyStep {
  struct State {
    /// The critic's values and the generator's, [games, n] each.
    var players: [Tensor]
    /// The state of momentum or optimism for each.
    var kept: [Tensor]
  }

  private let rule: LinearRule
  private let matrix: Tensor, rate: Tensor, momentum: Tensor
  private let consensus: Tensor?

  init(_ rule: LinearRule, matrix: Tensor, rate: Tensor, momentum: Tensor, consensus: Tensor?) {
    self.rule = rule
    self.matrix = matrix
    self.rate = rate
    self.momentum = momentum
    self.consensus = consensus
  }

  /// - Parameter first: 1 if this is a game's first step, 0 otherwise; nil if it is no game's first step.
  func callAsFunction(_ state: State, first: Tensor?) -> State {
    switch rule.dynamics {
    case .simultaneous: return moved(state, [0, 1], field(state.players), first)
    case .extragradient:
      let ahead = zip(state.players, field(state.players)).map { $0 - rate * $1 }
      return moved(state, [0, 1], field(ahead), first)
    case .alternating(let order, let times):
      let players = order.first == "generator" ? [1, 0] : [0, 1]
      var state = state
      for time in 0..<times { state = moved(state, [players[0]], field(state.players), time == 0 ? first : nil) }
      return moved(state, [players[1]], field(state.players), first)
    }
  }

  /// -grad_d V and grad_g V, plus, with consensus, the gradient of half the square of both.
  private func field(_ state: [Tensor]) -> [Tensor] {
    // The second mover's values depend on the first's; that is not a part of its own gradient.
    let players = state.map(stopGradient)
    let value = (players[0] * matmul(players[1], matrix.transpose([1, 0]))).sum()
    let gradients = gradient(of: value, withRespectTo: players)
    let own = [-gradients[0], gradients[1]]
    guard let consensus else { return own }
    let energy = (square(own[0]).sum() + square(own[1]).sum()) * 0.5
    return zip(own, gradient(of: energy, withRespectTo: players)).map { $0 + consensus * $1 }
  }

  /// Moves the players that `movers` names, by the field and the state.
  private func moved(_ state: State, _ movers: [Int], _ field: [Tensor], _ first: Tensor?) -> State {
    var state = state
    for player in movers {
      let (v, kept) = (field[player], state.kept[player])
      switch rule.descent {
      case .momentum:
        state.kept[player] = momentum * kept + v
        state.players[player] = state.players[player] - rate * state.kept[player]
      case .optimistic:
        let before = first.map { kept + $0 * (v - kept) } ?? kept
        state.players[player] = state.players[player] - rate * (2 * v - before)
        state.kept[player] = v
      }
    }
    return state
  }
}
