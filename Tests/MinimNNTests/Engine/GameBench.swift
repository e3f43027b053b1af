import MinimAutodiff
import MinimKernels
import MinimNN
import MinimParallel
import TestSupport

/// A small GAN under an engine: a critic and a generator with a hidden layer each, examples of three values, and noise that the
/// objective draws. The players are no zero-sum game: the generator's loss does not saturate.
struct GameBench {
  let engine: StepEngine
  let layout: ParameterLayout
  let count: Int
  let examples: [Float]
  private let optimizer: any Optimizer

  init(
    examples count: Int = 13, shards: Int = 5, precision: Precision = .float64, workers: Int = 1,
    optimizer: any Optimizer = SGD(), dynamics: Dynamics = .simultaneous, consensus: Double = 0,
    clipNorm: Double? = nil,
    group: any ShardGroup = SingleProcess()
  ) throws {
    self.count = count
    self.optimizer = optimizer
    let (layout, objective) = Self.game()
    self.layout = layout
    examples = values(count * 3, seed: 5).map { Float($0) }
    let parameters = try ParameterVector(layout, precision: precision)
    parameters.initialize(seed: 4)
    engine = try StepEngine(
      parameters: parameters, optimizer: optimizer, batchSizes: [count],
      options: .init(shards: shards, clipNorm: clipNorm, seed: 3, dynamics: dynamics, group: group),
      pool: WorkerPool(workers: workers),
      kernels: .current(precision)
    ) { objective($0).withConsensus(consensus) }
  }

  static func game() -> (ParameterLayout, (Int) -> Objective) {
    let scope = ParameterScope()
    // The generator lies on both sides of the critic.
    let shift = scope.parameter("generator.shift", shape: [3], .uniform(bound: 0.3))
    let criticIn = scope.parameter("critic.in", shape: [3, 20], .uniform(bound: 0.8))
    let criticOut = scope.parameter("critic.out", shape: [20, 1], .uniform(bound: 0.8))
    let map = scope.parameter("generator.map", shape: [3, 3], .uniform(bound: 0.8))
    let layout = scope.layout
    return (
      layout,
      { count in
        let x = Batch(count: count, exampleShape: [3]).examples
        let made = tanh(matmul(x * x - 0.2, map)) + shift
        func score(_ x: Tensor) -> Tensor { matmul(tanh(matmul(x, criticIn)), criticOut) }
        let critic = (softplus(-score(x)) + softplus(score(made))).mean()
        return Objective(
          "value", critic,
          players: [
            .init("critic", minimizing: critic, by: layout.tensors(in: "critic")),
            .init("generator", minimizing: softplus(-score(made)).mean(), by: layout.tensors(in: "generator")),
          ])
      }
    )
  }

  @discardableResult
  func step(_ number: Int, rate: Double = 0.05) throws -> StepEngine.Result {
    try examples.withUnsafeBufferPointer { all in
      try engine.step(number, examples: count, rate: rate) {
        range, input in
        for index in range.lowerBound * 3..<range.upperBound * 3 {
          input.examples[index - range.lowerBound * 3] = Double(all[index])
        }
      }
    }
  }

  /// The field by plain gradients of each player's value, no engine, at some parameters; by place in the vector.
  func field(_ parameters: [Double]) throws -> [Double] {
    let (layout, make) = Self.game()
    var result = [Double](repeating: 0, count: layout.count)
    for player in make(count).players {
      let found = try evaluate(
        gradient(of: player.value, withRespectTo: player.parameters), parameters: parameters,
        inputs: [Batch.inputName: examples.map(Double.init)])
      for (tensor, values) in zip(player.parameters, found) {
        guard let entry = layout.entries.first(where: { $0.tensor === tensor }) else { continue }
        for (index, value) in zip(entry.range, values) { result[index] = value }
      }
    }
    return result
  }

  /// The places of one player's parameters.
  func places(_ player: String) -> [Int] {
    layout.entries.filter { $0.path.hasPrefix(player + ".") }.flatMap { Array($0.range) }
  }
}
