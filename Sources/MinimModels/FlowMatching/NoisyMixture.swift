import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// A mixture of normals behind noise, z = alpha x1 + sigma x0: means of expressions over the law of z, by sums over a grid. No
/// draws, so no sampling error. One or two dimensions.
package struct NoisyMixture: Sendable {
  /// What an expression may depend on, for points [n, d].
  package struct Point {
    /// z, [n, d], and its time on the path, [n, 1].
    package let z: Tensor, time: Tensor
    /// alpha and sigma at that time, [n, 1].
    package let alpha: Tensor, sigma: Tensor
    /// E[x1 given z], E[x0 given z] and log p(z).
    package let posterior: MarginalField.Posterior
  }

  /// The means at one time.
  package struct Means: Sendable {
    /// What of the mass the grid has: 1 if it is wide and fine enough.
    package let mass: Double
    /// The mean of each expression.
    package let values: [Double]
  }

  private let path: ProbabilityPath
  private let mixture: GaussianMixture
  private let least: Double
  private let count: Int
  private let evaluator: BatchEvaluator

  private static let chunk = 256

  /// - Parameters:
  ///   - path: the factors at a time.
  ///   - mixture: the data.
  ///   - trained: the parameters, and all that is needed to compute with them.
  ///   - terms: the expressions, [n] each.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    _ path: ProbabilityPath, _ mixture: GaussianMixture, _ trained: Trained, terms: (Point) -> [Tensor]
  ) throws {
    (self.path, self.mixture) = (path, mixture)
    least =
      mixture.covariances.map { SymmetricEigen(Matrix(rows: $0)).values.reduce(.infinity, min) }
      .reduce(.infinity, min)
    let z = Tensor.input("points", shape: [Self.chunk, mixture.dimensions])
    let t = Tensor.input("time", shape: [1, 1]).broadcast(to: [Self.chunk, 1])
    let factors = path.factors(t), posterior = MarginalField(path, mixture).posterior(z, t)
    let terms = terms(Point(z: z, time: t, alpha: factors.alpha, sigma: factors.sigma, posterior: posterior))
    count = terms.count
    evaluator = try BatchEvaluator(
      [[concatenate(([posterior.logProb] + terms).map { $0.reshape([Self.chunk, 1]) }, axis: 1)]], chunk: Self.chunk,
      trained)
  }

  /// The means at a time of the path.
  ///
  /// - Parameter cells: the number of cells in the least deviation of p_t.
  package func means(at time: Double, cells: Double = 3) -> Means {
    let grid = grid(time, cells), d = mixture.dimensions, width = count + 1
    let rows = evaluator.gather(grid.points.count / d, width: width) { range, worker, results in
      let input = worker.input(named: "points")
      for index in 0..<range.count * d { input?[index] = grid.points[range.lowerBound * d + index] }
      worker.input(named: "time")?[0] = time
      let values = worker.run()
      for index in results.indices { results[index] = values[index] }
    }
    var mass = 0.0, sums = [Double](repeating: 0, count: count)
    for start in stride(from: 0, to: rows.count, by: width) {
      let share = Elementary.exp(rows[start]) * grid.volume
      mass += share
      for term in 0..<count { sums[term] += share * rows[start + 1 + term] }
    }
    return Means(mass: mass, values: sums)
  }

  /// The centers of cells of p_t, as far as seven deviations reach; [count, d].
  private func grid(_ t: Double, _ cells: Double) -> (points: [Double], volume: Double) {
    let factors = path.factors(t), noise = factors.sigma * factors.sigma
    let step = (factors.alpha * factors.alpha * least + noise).squareRoot() / cells
    let axes = (0..<mixture.dimensions).map { i -> (low: Double, count: Int) in
      let ends = zip(mixture.means, mixture.covariances).map { mean, covariance in
        (factors.alpha * mean[i], 7 * (factors.alpha * factors.alpha * covariance[i][i] + noise).squareRoot())
      }
      let low = ends.map { $0.0 - $0.1 }.reduce(.infinity, min), high = ends.map { $0.0 + $0.1 }.reduce(-.infinity, max)
      return (low, Int(((high - low) / step).rounded(.up)))
    }
    var points: [Double] = []
    let first = (0..<axes[0].count).map { axes[0].low + (Double($0) + 0.5) * step }
    if axes.count == 1 { return (first, step) }
    for x in first { for index in 0..<axes[1].count { points += [x, axes[1].low + (Double(index) + 0.5) * step] } }
    return (points, step * step)
  }
}
