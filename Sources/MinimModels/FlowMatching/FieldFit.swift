import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The squared error of a field in its two parts, by quadrature: no draws, so no sampling error.
///
///     E |v - Y|^2 = E |v - E[Y given x_t]|^2 + E |Y - E[Y given x_t]|^2 = fit + floor
///
/// (Lipman et al. 2023, "Flow Matching for Generative Modeling", theorem 2). The floor belongs to the data and the times; no
/// net comes below it.
package struct FieldFit: Sendable {
  /// Both parts at one time, and the time's weight.
  package struct Moment: Sendable {
    package let time: Double, weight: Double
    /// E |Y|^2, and E |v - E[Y given x_t]|^2.
    package let square: Double, fit: Double
    /// E |Y - E[Y given x_t]|^2 as E |Y|^2 - E |E[Y given x_t]|^2, and as E tr Cov(Y given x_t).
    package let floor: Double, covariance: Double
    /// What of the mass of p_t the grid has: 1 if it is wide and fine enough.
    package let mass: Double
  }

  /// The nodes of the times, in order.
  package let moments: [Moment]

  /// The mean of the floor over the times of training.
  package var floor: Double { moments.reduce(0) { $0 + $1.weight * $1.floor } }
  /// The mean of the fit over the times of training.
  package var fit: Double { moments.reduce(0) { $0 + $1.weight * $1.fit } }
  /// The mean of the floor in its other form.
  package var covariance: Double { moments.reduce(0) { $0 + $1.weight * $1.covariance } }
  /// The mean of E |Y|^2.
  package var square: Double { moments.reduce(0) { $0 + $1.weight * $1.square } }

  /// Measures the field of a model on a mixture of normals of one or two dimensions.
  ///
  /// - Parameter nodes: the number of times.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(_ model: FlowMatching, _ mixture: GaussianMixture, nodes: Int = 24, _ trained: Trained) throws {
    let path = model.configuration.path
    let d = mixture.dimensions, chunk = 256
    let x = Tensor.input("points", shape: [chunk, d])
    let t = Tensor.input("time", shape: [1, 1]).broadcast(to: [chunk, 1])
    let closed = MarginalField(path, mixture), posterior = closed.posterior(x, t)
    let mean = closed.velocity(x, t)
    let terms = [
      posterior.logProb, MinimAutodiff.square(mean).sum(axes: [1]),
      MinimAutodiff.square(model.field.velocity(x, t) - mean).sum(axes: [1]), divergence(of: posterior.data, x),
    ]
    let evaluator = try BatchEvaluator(
      [[concatenate(terms.map { $0.reshape([chunk, 1]) }, axis: 1)]], chunk: chunk, trained)
    moments = Self.times(model.configuration.times, nodes).map { time, weight in
      let grid = Self.grid(path, mixture, time)
      let rows = evaluator.gather(grid.points.count / d, width: terms.count) { range, worker, results in
        let input = worker.input(named: "points")
        for index in 0..<range.count * d { input?[index] = grid.points[range.lowerBound * d + index] }
        worker.input(named: "time")?[0] = time
        let values = worker.run()
        for index in results.indices { results[index] = values[index] }
      }
      var sums = [Double](repeating: 0, count: terms.count)
      for start in stride(from: 0, to: rows.count, by: terms.count) {
        let mass = Elementary.exp(rows[start]) * grid.volume
        sums[0] += mass
        for term in 1..<terms.count { sums[term] += mass * rows[start + term] }
      }
      let square = Self.secondMoment(path, mixture, time)
      return Moment(
        time: time, weight: weight, square: square, fit: sums[2], floor: square - sums[1],
        covariance: sums[3] * Self.covarianceFactor(path, time), mass: sums[0])
    }
  }

  /// tr Cov(Y given x_t) over the divergence of E[x1 given x_t], whose gradient is alpha / sigma^2 Cov(x1 given x_t); given x_t,
  /// Y is a multiple of x1 plus a constant.
  private static func covarianceFactor(_ path: ProbabilityPath, _ t: Double) -> Double {
    let factors = path.factors(t)
    let perData = factors.alphaRate - factors.alpha * factors.sigmaRate / factors.sigma
    return perData * perData * factors.sigma * factors.sigma / factors.alpha
  }

  /// E |Y|^2 at a time; data and noise are independent, and the noise has the mean 0.
  private static func secondMoment(
    _ path: ProbabilityPath, _ mixture: GaussianMixture, _ t: Double
  ) -> Double {
    let d = Double(mixture.dimensions), factors = path.factors(t)
    let data = mixture.mean.indices.reduce(0) {
      $0 + mixture.covariance[$1][$1] + mixture.mean[$1] * mixture.mean[$1]
    }
    return factors.alphaRate * factors.alphaRate * data + factors.sigmaRate * factors.sigmaRate * d
  }

  /// Nodes and weights of the times of training.
  private static func times(_ times: FlowMatchingConfiguration.Times, _ count: Int) -> [(Double, Double)] {
    // A bell is narrow in its interval of sixteen deviations.
    let rule = GaussLegendre(times == .logitNormal ? 3 * count : count)
    return zip(rule.nodes, rule.weights).map { node, weight in
      switch times {
      case .uniform: return (node, weight)
      case .quadratic: return (1 - node * node, weight)
      case .logitNormal:
        // Eight deviations to both sides.
        let z = 16 * node - 8
        return (Elementary.sigmoid(z), 16 * weight * Elementary.exp(-z * z / 2 - halfLogTwoPi))
      }
    }
  }

  /// The centers of cells of p_t, a third of its least deviation wide, as far as seven deviations reach; [count, d].
  private static func grid(
    _ path: ProbabilityPath, _ mixture: GaussianMixture, _ t: Double
  ) -> (points: [Double], volume: Double) {
    let factors = path.factors(t), noise = factors.sigma * factors.sigma
    let least = mixture.covariances.map { SymmetricEigen(Matrix(rows: $0)).values.reduce(.infinity, min) }
      .reduce(.infinity, min)
    let step = (factors.alpha * factors.alpha * least + noise).squareRoot() / 3
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
