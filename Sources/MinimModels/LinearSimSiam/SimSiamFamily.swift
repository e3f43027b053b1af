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
  private static let names = ["w", "p", "augmentation", "decay"]
  private static let chunk = 256
  private static let stride = 10
  private static let rate = 0.2

  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ trained: Trained) throws {
    let (start, constants) = (Self.names.prefix(2), Self.names.suffix(2))
    func input(_ name: String) -> Tensor { .input(name, shape: [Self.chunk]) }
    let numbers = constants.map(input)
    var z = start.map(input)
    for _ in 0..<Self.stride { z = Self.step(z, augmentation: numbers[0], decay: numbers[1]) }
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
      let inputs = Self.names.map { worker.input(named: $0) }
      for index in 0..<range.count {
        let game = games[range.lowerBound + index]
        inputs[0]?[index] = game.predictor
        inputs[1]?[index] = game.predictor
        inputs[2]?[index] = game.augmentation
        inputs[3]?[index] = game.weightDecay
      }
      var isMoving = true
      var rounds = 0
      while isMoving, rounds < 5000 {
        rounds += 1
        isMoving = false
        let values = worker.run()
        for index in 0..<range.count {
          let (w, p) = (values[index], values[Self.chunk + index])
          let before = inputs[1]?[index] ?? p
          let isOver = p < games[range.lowerBound + index].predictor / 100
          if !isOver, abs(p - before) > 1e-8 { isMoving = true }
          inputs[0]?[index] = isOver ? 0 : w
          inputs[1]?[index] = isOver ? 0 : p
        }
      }
      for index in 0..<range.count { results[index] = inputs[1]?[index] ?? 0 }
    }
  }
}
