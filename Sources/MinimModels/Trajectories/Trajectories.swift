import MinimAutodiff
import MinimKernels
import MinimNN

/// The paths of a few parameters under a rule, from any start: the engine that trains takes the steps, in Double, on an
/// objective without examples.
public final class Trajectories {
  private let layout: ParameterLayout
  private let trainer: Trainer
  private let activity: Activity
  private var engine: StepEngine { trainer.engine }

  /// Creates trajectories of an objective under a rule, with the threads and kernels of a trained model.
  ///
  /// - Parameters:
  ///   - layout: the parameters, in the order of a trajectory's values.
  ///   - rule: the rule by which the parameters move.
  ///   - trained: the source of threads, kernels and seed.
  ///   - examples: the size of a batch, in one shard.
  ///   - objective: the objective of a number of examples, which it does not read.
  /// - Throws: `KernelError` if there is not enough memory.
  public init(
    _ layout: ParameterLayout, _ rule: UpdateRule, _ trained: Trained, examples: Int = 1,
    _ objective: @escaping (Int) -> Objective
  ) throws {
    self.layout = layout
    activity = trained.activity
    trainer = try Trainer(
      ParameterVector(layout, precision: .float64), rule, like: trained, draws: examples, shards: 1,
      objective: objective)
  }

  /// The parameters at the start and after each step; fewer if numbers overflow.
  ///
  /// - Parameters:
  ///   - start: the parameters before the first step.
  ///   - steps: the number of steps.
  ///   - firstStep: the number of the first step, which its draws depend on.
  public func trajectory(from start: [Double], steps: Int, firstStep: Int = 1) -> [[Double]] {
    var place = 0
    for entry in layout.entries {
      let count = entry.shape.elementCount
      engine.parameters[entry] = Array(start[place..<place + count])
      place += count
    }
    for vector in engine.state { vector.values = vector.values.map { _ in 0 } }
    var all = [start]
    activity.counting(steps, "step") { done in
      for step in 1...max(1, steps) where steps > 0 {
        let taken = try? trainer.step(step + firstStep - 1, update: step)
        let players = layout.entries.flatMap { engine.parameters[$0] }
        guard taken != nil, players.allSatisfy(\.isFinite) else { break }
        all.append(players)
        done.add()
      }
    }
    return all
  }

  /// The matrix of a first step: the image of each unit vector is a column.
  func stepMatrix() -> Matrix {
    let count = layout.entries.reduce(0) { $0 + $1.shape.elementCount }
    let columns = (0..<count).map { column in
      trajectory(from: (0..<count).map { $0 == column ? 1 : 0 }, steps: 1).last ?? []
    }
    return Matrix(n: count) { columns[$1][$0] }
  }

  /// The factor per step over the last half of a trajectory, as far as its norms are normal numbers, by least squares
  /// of their logarithms.
  static func growth(_ trajectory: [[Double]]) -> Double {
    let norms = trajectory.map(euclideanNorm).prefix { $0 > 1e-280 && $0 < 1e280 }
    let logs = norms.suffix(norms.count / 2 + 1).map { Elementary.log($0) }
    let middle = Double(logs.count - 1) / 2
    var (product, square) = (0.0, 0.0)
    for (index, value) in logs.enumerated() {
      product += (Double(index) - middle) * (value - logs[0])
      square += (Double(index) - middle) * (Double(index) - middle)
    }
    return Elementary.exp(product / square)
  }
}
