import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// Data of one or two dimensions whose closed field is known: the mean velocity of all ways through a point.
package protocol KnownField: KnownDensity {
  /// Means over p_t at any time, of a field next to the closed one.
  ///
  /// - Parameter velocity: the field, [n, d] and [n, 1] to [n, d].
  /// - Throws: `KernelError` if there is not enough memory.
  func means(
    of velocity: (Tensor, Tensor) -> Tensor, _ path: ProbabilityPath, _ trained: Trained
  ) throws -> (_ time: Double) -> FieldMeans
}

/// Means over p_t at one time, of a field v next to the closed one u.
package struct FieldMeans: Sendable {
  /// What of the mass the sum has: 1 if it is fine enough.
  let mass: Double
  /// E |u|^2, E |v - u|^2, E v . (v - 2 u), and E tr Cov(x1 given x_t).
  let closed: Double, fit: Double, own: Double, spread: Double
}

/// The squared error of a field at any time, in the parts that `FieldFit` adds up.
package struct FieldMeasure {
  private let path: ProbabilityPath
  private let dimensions: Int
  /// E |x1|^2.
  private let square: Double
  private let means: (Double) -> FieldMeans

  /// - Parameters:
  ///   - velocity: the field, [n, d] and [n, 1] to [n, d].
  ///   - path: the way from noise to data.
  ///   - density: the data.
  ///   - trained: the parameters, and all that is needed to compute with them.
  /// - Throws: `KernelError` if there is not enough memory.
  package init(
    of velocity: (Tensor, Tensor) -> Tensor, _ path: ProbabilityPath, _ density: any KnownField, _ trained: Trained
  ) throws {
    means = try density.means(of: velocity, path, trained)
    (self.path, dimensions) = (path, density.dimensions)
    square = density.mean.indices.reduce(0) {
      $0 + density.covariance[$1][$1] + density.mean[$1] * density.mean[$1]
    }
  }

  /// Both parts of the squared error at a time.
  package func moment(at time: Double, weight: Double = 1) -> FieldFit.Moment {
    let means = means(time), factors = path.factors(time)
    // Data and noise are independent, and the noise has the mean 0.
    let noise = factors.sigmaRate * factors.sigmaRate * Double(dimensions)
    let second = factors.alphaRate * factors.alphaRate * square + noise
    // Given x_t, Y is this times x1 plus a constant.
    let perData = factors.alphaRate - factors.alpha * factors.sigmaRate / factors.sigma
    return FieldFit.Moment(
      time: time, weight: weight, square: second, own: means.own, fit: means.fit, floor: second - means.closed,
      covariance: perData * perData * means.spread, spread: means.spread,
      otherNoise: factors.alphaRate * factors.alphaRate * means.spread + noise, mass: means.mass)
  }
}

extension GaussianMixture: KnownField {
  package func means(
    of velocity: (Tensor, Tensor) -> Tensor, _ path: ProbabilityPath, _ trained: Trained
  ) throws -> (_ time: Double) -> FieldMeans {
    let closed = MarginalField(path, self)
    let noisy = try NoisyMixture(path, self, trained) { point in
      let mean = closed.velocity(point.z, point.time), value = velocity(point.z, point.time)
      return [
        square(mean).sum(axes: [1]), square(value - mean).sum(axes: [1]), (value * (value - 2 * mean)).sum(axes: [1]),
        divergence(of: point.posterior.data, point.z),
      ]
    }
    return { time in
      let found = noisy.means(at: time), factors = path.factors(time)
      // The gradient of E[x1 given x_t] is alpha / sigma^2 Cov(x1 given x_t).
      let spread = found.values[3] * factors.sigma * factors.sigma / factors.alpha
      return FieldMeans(
        mass: found.mass, closed: found.values[0], fit: found.values[1], own: found.values[2], spread: spread)
    }
  }
}

extension Checkerboard: KnownField {
  package func means(
    of velocity: (Tensor, Tensor) -> Tensor, _ path: ProbabilityPath, _ trained: Trained
  ) throws -> (_ time: Double) -> FieldMeans {
    let noisy = NoisyCheckerboard(path, self), chunk = 256
    let x = Tensor.input("points", shape: [chunk, 2]), t = Tensor.input("time", shape: [1, 1])
    let evaluator = try BatchEvaluator([[velocity(x, t.broadcast(to: [chunk, 1]))]], chunk: chunk, trained)
    return { time in
      let points = noisy.points(at: time)
      let rows = evaluator.gather(points.count, width: 5) { range, worker, results in
        let input = worker.input(named: "points")
        for (slot, index) in range.enumerated() {
          input?[2 * slot] = points[index].x
          input?[2 * slot + 1] = points[index].y
        }
        worker.input(named: "time")?[0] = time
        let values = worker.run()
        for (slot, index) in range.enumerated() {
          let point = points[index].posterior, share = points[index].mass
          let (u, v) = (point.velocity, (values[2 * slot], values[2 * slot + 1]))
          let off = (v.0 - u.0, v.1 - u.1)
          results[5 * slot] = share
          results[5 * slot + 1] = share * (u.0 * u.0 + u.1 * u.1)
          results[5 * slot + 2] = share * (off.0 * off.0 + off.1 * off.1)
          results[5 * slot + 3] = share * (v.0 * (off.0 - u.0) + v.1 * (off.1 - u.1))
          results[5 * slot + 4] = share * point.spread
        }
      }
      func sum(_ term: Int) -> Double { stride(from: term, to: rows.count, by: 5).reduce(0) { $0 + rows[$1] } }
      return FieldMeans(mass: sum(0), closed: sum(1), fit: sum(2), own: sum(3), spread: sum(4))
    }
  }
}
