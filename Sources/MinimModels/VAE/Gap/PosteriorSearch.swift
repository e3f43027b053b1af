import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// Finds for each example the normal that bounds its log p(x) best: per-sample variational inference, by Adam on a
/// deterministic bound. All examples are searched at once, each with its own state. The best result of each example is
/// kept, so that no search ends below its start.
package struct PosteriorSearch: Sendable {
  /// The number of steps of a search, and the rate of the first; the last has a hundredth of it.
  package let steps: Int, rate: Double
  /// The points that the search uses as noise; nil for those that the gap is measured with.
  package let points: NormalPoints?
  /// Whether to search covariances too, or only variances.
  package let hasCovariance: Bool
  /// Whether a search ends with its last q, better or worse: with a negative rate, downhill.
  package let keepsLast: Bool

  /// Creates a search, by default the one that measures the gap.
  package init(
    steps: Int = 150, rate: Double = 0.3, points: NormalPoints? = nil, hasCovariance: Bool, keepsLast: Bool = false
  ) {
    self.keepsLast = keepsLast
    self.steps = steps
    self.rate = rate
    self.points = points
    self.hasCovariance = hasCovariance
  }

  /// The result of a search: the code of a normal (see `FullNormal`), its bound by the search's own rule, and the
  /// length of the bound's gradient there, in units of the normal's own deviations: near 0 if it has arrived.
  package struct Result: Sendable {
    package var code: [Double]
    package var bound: Double
    package var gradientNorm: Double
  }

  /// Searches from a code for each row of the data.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  package func search(_ vae: VAE, _ data: Dataset, from starts: [[Double]], _ trained: Trained) throws -> [Result] {
    let d = vae.configuration.latent
    let width = NormalCode.width(d)
    let chunk = min(16, data.count)
    let x = Batch(count: chunk, exampleShape: vae.exampleShape).examples
    let code = Tensor.input(NormalCode.inputName, shape: [chunk, width])
    let bound = vae.elbo(x, code: code, points ?? NormalPoints(.search, dimensions: d))
    // Examples are separate in the bound, so the gradient of the sum is that of each.
    let slope = gradient(of: bound.sum(), withRespectTo: [code])[0]
    let columns = concatenate([bound.reshape([chunk, 1]), slope], axis: 1)
    let evaluator = try BatchEvaluator([[columns]], chunk: chunk, trained)
    let found = evaluator.gather(data.count, width: width + 2) { range, worker, results in
      worker.input()?.write(ArraySlice(range), of: data)
      var states = range.map { State(code: starts[$0]) }
      for step in 1...steps + 1 {
        worker.input(named: NormalCode.inputName)?.write(ArraySlice(states.map(\.code)))
        let values = worker.run()
        for slot in states.indices {
          let at = slot * (width + 1)
          let slope = (0..<width).map { values[at + 1 + $0] }
          states[slot].see(bound: values[at], slope: slope, d: d, hasCovariance: hasCovariance, keepsLast: keepsLast)
          if step <= steps {
            states[slot].move(slope, step: step, rate: rate(step), d: d, hasCovariance: hasCovariance)
          }
        }
      }
      for (slot, state) in states.enumerated() {
        let row = state.best.code + [state.best.bound, state.best.gradientNorm]
        for (index, value) in row.enumerated() { results[slot * (width + 2) + index] = value }
      }
    }
    return (0..<data.count).map { row in
      let values = found[row * (width + 2)..<(row + 1) * (width + 2)]
      return Result(
        code: Array(values.prefix(width)), bound: values[values.endIndex - 2], gradientNorm: values[values.endIndex - 1]
      )
    }
  }

  /// The rate of a step: from the first rate to a hundredth of it, by equal factors.
  private func rate(_ step: Int) -> Double {
    rate * Elementary.exp(-Elementary.log(100) * Double(step - 1) / Double(max(1, steps - 1)))
  }

  /// One example's search.
  private struct State {
    var code: [Double]
    var best: Result
    private var first: [Double], second: [Double]

    init(code: [Double]) {
      self.code = code
      best = Result(code: code, bound: -.infinity, gradientNorm: .infinity)
      first = [Double](repeating: 0, count: code.count)
      second = first
    }

    /// The entries of the code that are searched, with the size of a step for each: means move in units of their
    /// deviations.
    private func scales(_ d: Int, _ hasCovariance: Bool) -> [Double] {
      let deviations = (0..<d).map { Elementary.exp(code[d + $0]) }
      let ones = [Double](repeating: 1, count: d)
      let rest = hasCovariance ? code.count - 2 * d : 0
      return deviations + ones + [Double](repeating: deviations.reduce(0, +) / Double(d), count: rest)
    }

    mutating func see(bound: Double, slope: [Double], d: Int, hasCovariance: Bool, keepsLast: Bool) {
      guard keepsLast || bound > best.bound else { return }
      let scaled = zip(scales(d, hasCovariance), slope).map { $0 * $1 }
      best = Result(code: code, bound: bound, gradientNorm: scaled.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }

    /// Takes a step of Adam upward, in the units of the normal.
    mutating func move(_ slope: [Double], step: Int, rate: Double, d: Int, hasCovariance: Bool) {
      let (beta1, beta2) = (0.9, 0.99)
      var powers = (1.0, 1.0)
      for _ in 0..<step { powers = (powers.0 * beta1, powers.1 * beta2) }
      for (index, scale) in scales(d, hasCovariance).enumerated() {
        let g = scale * slope[index]
        first[index] = beta1 * first[index] + (1 - beta1) * g
        second[index] = beta2 * second[index] + (1 - beta2) * g * g
        let mean = first[index] / (1 - powers.0), size = (second[index] / (1 - powers.1)).squareRoot()
        code[index] += rate * scale * mean / (size + 1e-8)
      }
    }
  }
}
