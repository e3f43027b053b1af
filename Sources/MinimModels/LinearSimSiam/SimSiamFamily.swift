import MinimAutodiff
import MinimKernels
import MinimNN

/// Many isotropic runs with stop-gradient and predictor side by side, each with its own augmentation and weight decay.
/// All values of such a representation are alike, so one of them stands for all: W = w and Wp = p.
package final class SimSiamFamily {
  /// A start on the parabola w^2 = p^2, and the parameters that differ from run to run.
  package struct Game: Sendable {
    package let predictor: Double, augmentation: Double, weightDecay: Double

    /// Creates a run from its numbers.
    package init(predictor: Double, augmentation: Double, weightDecay: Double) {
      (self.predictor, self.augmentation, self.weightDecay) = (predictor, augmentation, weightDecay)
    }
  }

  private let evaluator: BatchEvaluator
  private static let chunk = 256
  private static let stride = 10
  private static let rate = 0.2

  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ trained: Trained) throws {
    func input(_ name: String) -> Tensor { .input(name, shape: [Self.chunk]) }
    let (augmentation, decay) = (input("augmentation"), input("decay"))
    var z = [input("w"), input("p")]
    for _ in 0..<Self.stride { z = Self.step(z, augmentation: augmentation, decay: decay) }
    evaluator = try BatchEvaluator([z], chunk: Self.chunk, trained.inDouble())
  }

  /// One step of each run by the gradients of J = (p^2 w^2 (1 + a) - 2 p w t + t^2 (1 + a)) / 2 with the target t = w.
  private static func step(_ state: [Tensor], augmentation: Tensor, decay: Tensor) -> [Tensor] {
    let (w, p) = (stopGradient(state[0]), stopGradient(state[1]))
    let target = stopGradient(w)
    let total = augmentation + 1
    let loss = 0.5 * (square(p * w) * total - 2 * (p * w * target) + square(target) * total).sum()
    return zip(zip([w, p], state), gradient(of: loss, withRespectTo: [w, p])).map {
      $0.1 - rate * ($1 + decay * $0.1)
    }
  }

  /// The final predictors. A run ends when its predictor is below a hundredth of its start, then at 0, or when it no
  /// longer moves.
  package func predictors(_ games: [Game]) throws -> [Double] {
    evaluator.gather(games.count) { range, worker, results in
      let games = games[range].map(\.self)
      let (w, p) = (worker.input(named: "w"), worker.input(named: "p"))
      w?.fill(games.count) { games[$0].predictor }
      p?.fill(games.count) { games[$0].predictor }
      worker.input(named: "augmentation")?.fill(games.count) { games[$0].augmentation }
      worker.input(named: "decay")?.fill(games.count) { games[$0].weightDecay }
      var isMoving = true
      var rounds = 0
      while isMoving, rounds < 5000 {
        rounds += 1
        isMoving = false
        let values = worker.run()
        for index in games.indices {
          let (nextW, nextP) = (values[index], values[Self.chunk + index])
          let isOver = nextP < games[index].predictor / 100
          if !isOver, abs(nextP - (p?[index] ?? nextP)) > 1e-8 { isMoving = true }
          w?[index] = isOver ? 0 : nextW
          p?[index] = isOver ? 0 : nextP
        }
      }
      for index in games.indices { results[index] = p?[index] ?? 0 }
    }
  }
}
