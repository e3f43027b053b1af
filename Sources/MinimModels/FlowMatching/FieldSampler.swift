import MinimAutodiff
import MinimKernels
import MinimNN

/// Samples that follow a field with noise on their way, by Euler's and Maruyama's rule (Song et al. 2021, "Score-Based Generative
/// Modeling through Stochastic Differential Equations"; Albergo, Boffi and Vanden-Eijnden 2023, "Stochastic
/// Interpolants"):
///
///     dx = [v + g^2/2 s] dt + g dW,   s = -E[x0 given x_t] / sigma
///
/// has the same p_t for every g. With w = alpha' sigma - alpha sigma' and g^2 = 2 r w sigma the drift is v + r (alpha v -
/// alpha' x): there is nothing to divide by. r = 0 is the flow without noise.
package struct FieldSampler: Sendable {
  private let path: ProbabilityPath
  private let dimensions: Int, steps: Int
  private let noise: @Sendable (Double) -> Double
  private let evaluator: BatchEvaluator

  private static let chunk = 256

  /// - Parameters:
  ///   - velocity: the field, [n, d] and [n, 1] to [n, d].
  ///   - path: the factors at a time.
  ///   - d: the number of dimensions.
  ///   - steps: the number of steps.
  ///   - noise: r at a time.
  ///   - trained: the parameters, and all that is needed to compute with them.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    of velocity: (Tensor, Tensor) -> Tensor, _ path: ProbabilityPath, dimensions d: Int, steps: Int,
    noise: @escaping @Sendable (Double) -> Double, _ trained: Trained
  ) throws {
    (self.path, dimensions, self.steps, self.noise) = (path, d, steps, noise)
    let x = Tensor.input("points", shape: [Self.chunk, d])
    let t = Tensor.input("time", shape: [1, 1]).broadcast(to: [Self.chunk, 1])
    let r = Tensor.input("noise", shape: [1, 1]).broadcast(to: [Self.chunk, 1])
    let (v, factors) = (velocity(x, t), path.factors(t))
    evaluator = try BatchEvaluator(
      [[v + r * (factors.alpha * v - factors.alphaRate * x)]], chunk: Self.chunk, trained)
  }

  /// Samples at t = 1, [count, d], in the unit of the field: a function of the key and a sample's number.
  package func draws(_ count: Int, _ key: RandomKey) -> [Double] {
    let d = dimensions, h = 1 / Double(steps)
    return evaluator.mapChunks(count, of: "sample") { range, worker in
      let places = UInt64(range.lowerBound * d)..<UInt64(range.upperBound * d)
      var state = places.map { key.folding(0).normal(at: $0) }
      let input = worker.input(named: "points")
      for step in 0..<steps {
        let t = Double(step) * h, r = noise(t), factors = path.factors(t)
        for index in state.indices { input?[index] = state[index] }
        worker.input(named: "time")?[0] = t
        worker.input(named: "noise")?[0] = r
        let drift = worker.run()
        let width: Double =
          (2 * r * (factors.alphaRate * factors.sigma - factors.alpha * factors.sigmaRate)
          * factors.sigma * h).squareRoot()
        let own = key.folding(UInt64(step) + 1)
        for index in state.indices {
          state[index] += h * drift[index]
          if width > 0 { state[index] += width * own.normal(at: places.lowerBound + UInt64(index)) }
        }
      }
      return state
    }.flatMap { $0 }
  }
}
