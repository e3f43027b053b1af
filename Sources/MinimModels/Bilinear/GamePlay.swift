import MinimAutodiff
import MinimKernels
import MinimNN

/// A bilinear game played by the engine that trains, in Double, from any start.
public final class GamePlay {
  private let game: Bilinear
  private let rule: UpdateRule
  private let engine: StepEngine

  /// The game under a rule, with the threads and kernels of a trained one.
  ///
  /// - Throws: `KernelError` if there is not the memory.
  public init(_ game: Bilinear, _ rule: UpdateRule, _ trained: Trained) throws {
    self.game = game
    self.rule = rule
    let objective = Objective("value", game.value, players: game.playersOfGame).withConsensus(rule.consensus)
    engine = try StepEngine(
      parameters: ParameterVector(game.parameters, precision: .float64), optimizer: rule.optimizer, batchSizes: [1],
      options: .init(shards: 1, clipNorm: rule.clipNorm, seed: trained.seed, dynamics: rule.dynamics),
      pool: trained.pool, kernels: KernelTable(level: trained.level, precision: .float64)
    ) { _ in objective }
  }

  /// The players at the start and after each step, the critic's values first; fewer where numbers end.
  public func trajectory(from start: [Double], steps: Int) -> [[Double]] {
    let n = game.n
    for (entry, values) in zip(game.parameters.entries, [start.prefix(n), start.suffix(n)]) {
      engine.parameters[entry] = Array(values)
    }
    for vector in engine.state { vector.values = vector.values.map { _ in 0 } }
    var all = [start]
    var decays = Decays.one
    let rates = rule.optimizer.decayRates
    for step in 1...max(1, steps) where steps > 0 {
      decays.advance(by: rates)
      let taken = try? engine.step(
        step, examples: 1, rate: rule.schedule.rate(step: step), decays: decays
      ) { _, _ in }
      let players = game.players(engine.parameters)
      guard taken != nil, players.allSatisfy(\.isFinite) else { break }
      all.append(players)
    }
    return all
  }

  /// The matrix of a first step: what it makes of each unit vector is a column.
  func stepMatrix() -> SquareMatrix {
    let count = 2 * game.n
    let columns = (0..<count).map { column in
      trajectory(from: (0..<count).map { $0 == column ? 1 : 0 }, steps: 1).last ?? []
    }
    return SquareMatrix(n: count) { columns[$1][$0] }
  }
}
