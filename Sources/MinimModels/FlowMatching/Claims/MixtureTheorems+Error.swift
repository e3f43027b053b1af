import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The squared error and its gradient: FM3, FM4.

extension MixtureTheorems {
  // MARK: - FM3

  static let parts = Claim.Theorem(
    "FM3",
    "the squared error is the fit, that of the field, plus the floor, tr Cov(Y given x_t), which no field changes",
    .identity)
  static let drawnParts = Claim.Theorem(
    "FM3b", "the squared error of drawn ways is that of the field, the fit, plus the floor", .statistical)

  func partsClaim(_ fit: FieldFit) -> Claim {
    let mass = fit.moments.map { Swift.abs($0.mass - 1) }.reduce(0, Swift.max)
    return Claim(
      Self.parts, "E |v - Y|^2 by second moments, against fit + floor", measured: fit.loss, .equal,
      fit.fit + fit.covariance, tolerance: 1e-6 + 10 * mass,
      details: [("fit", fit.fit), ("floor", fit.floor), ("missingMass", mass)],
      control: .init(
        "the noise of another draw in Y", changed: "the floor", measured: fit.fit + fit.otherNoise))
  }

  func drawnClaims(_ fit: FieldFit) throws -> [Claim] {
    let count = 50_000, draws = draws(count)
    let times = draws.times.map { model.configuration.times.quantile($0) }
    let rows = try excesses(draws, times)
    let weights = times.map { model.configuration.predicted.weight(path, $0) }
    func mean(_ column: Int) -> (mean: Double, error: Double) {
      Statistics.mean(weights.indices.map { weights[$0] * rows[2 * $0 + column] })
    }
    let (measured, error) = mean(0), z = (measured - fit.floor) / error
    return [
      Claim(
        Self.drawnParts, "mean of |v - Y|^2 - |v - E[Y given x_t]|^2 over \(count) draws, against the floor",
        measured: measured, .equal, fit.floor, tolerance: 4 * error, standardError: error, z: z,
        pValue: Statistics.normalTail(z), samples: count, details: [("fit", fit.fit)],
        control: .init("the noise of another draw in Y", changed: "Y", measured: mean(1).mean))
    ]
  }

  /// |v - Y|^2 - |v - E[Y given x_t]|^2 of draws at times, and the same with the noise of another draw in Y: [count, 2].
  private func excesses(_ draws: Draws, _ times: [Double]) throws -> [Double] {
    let chunk = 1000
    let batch = DrawnBatch(chunk, dimensions, path)
    let (value, mean) = (model.field.velocity(batch.x, batch.t), closed.velocity(batch.x, batch.t))
    func excess(_ target: Tensor) -> Tensor {
      square(value - target).sum(axes: [1]) - square(value - mean).sum(axes: [1])
    }
    let evaluator = try BatchEvaluator(
      [[concatenate([batch.target, batch.otherTarget].map { excess($0).reshape([chunk, 1]) }, axis: 1)]], chunk: chunk,
      trained)
    return evaluator.gather(draws.count, width: 2) { range, worker, results in
      batch.write(range, of: draws, times, to: worker)
      let values = worker.run()
      for index in results.indices { results[index] = values[index] }
    }
  }

  // MARK: - FM4

  static let gradients = Claim.Theorem(
    "FM4", "the gradient of the error of drawn ways is on average that of the field's own error", .statistical)

  /// The difference of both gradients along directions, over batches of draws.
  func gradientClaim() throws -> Claim {
    let (examples, batches, directions) = (64, 400, 64)
    let batch = DrawnBatch(examples, dimensions, path)
    let (value, mean) = (model.field.velocity(batch.x, batch.t), closed.velocity(batch.x, batch.t))
    let key = RandomKey(seed: 0).folding(.evaluation).folding(6)
    let entries = model.parameters.entries
    func projections(_ target: Tensor) -> Tensor {
      let difference = (square(value - target) - square(value - mean)).sum(axes: [1]).mean()
      let parts = zip(entries, gradient(of: difference, withRespectTo: entries.map(\.tensor))).map { entry, part in
        let count = entry.shape.elementCount, own = key.folding(UInt64(entry.range.lowerBound))
        let constant = Tensor.constant(
          (0..<UInt64(count * directions)).map { own.normal(at: $0) }, shape: [count, directions])
        return matmul(part.reshape([1, count]), constant)
      }
      return parts.dropFirst().reduce(parts[0], +)
    }
    let evaluator = try BatchEvaluator(
      [[concatenate([projections(batch.target), projections(batch.otherTarget)], axis: 1)]], chunk: examples, trained)
    let draws = draws(examples * batches), times = draws.times.map { model.configuration.times.quantile($0) }
    let rows = evaluator.mapChunks(draws.count) { range, worker in
      batch.write(range, of: draws, times, to: worker)
      let values = worker.run()
      return (0..<2 * directions).map { values[$0] }
    }
    func largest(_ columns: Range<Int>) -> Double {
      columns.map { column in
        let (mean, error) = Statistics.mean(rows.map { $0[column] })
        return error > 0 ? Swift.abs(mean) / error : 0
      }.reduce(0, Swift.max)
    }
    let z = largest(0..<directions)
    return Claim(
      Self.gradients,
      "largest |z| of the mean difference along \(directions) directions, \(batches) batches of \(examples)",
      measured: z,
      .atMost, Statistics.normalQuantile(1 - 0.0005 / Double(directions)), tolerance: 0, z: z,
      pValue: Swift.min(1, Double(directions) * Statistics.normalTail(z)), samples: batches,
      control: .init(
        "the noise of another draw in Y", changed: "Y", measured: largest(directions..<2 * directions),
        cannotFailIf: model.configuration.hidden.isEmpty ? "the net is linear" : nil))
  }
}

/// The expressions of a batch of draws: the point on the way, the time, and the velocity given both ends.
struct DrawnBatch {
  let x: Tensor, t: Tensor
  /// alpha' x1 + sigma' x0, and the same with the noise of another draw.
  let target: Tensor, otherTarget: Tensor
  private let dimensions: Int

  init(_ count: Int, _ d: Int, _ path: ProbabilityPath) {
    dimensions = d
    let data = Tensor.input("data", shape: [count, d]), noise = Tensor.input("noise", shape: [count, d])
    let other = Tensor.input("other", shape: [count, d])
    t = Tensor.input("t", shape: [count, 1])
    let factors = path.factors(t)
    x = factors.alpha * data + factors.sigma * noise
    target = factors.alphaRate * data + factors.sigmaRate * noise
    otherTarget = factors.alphaRate * data + factors.sigmaRate * other
  }

  /// Writes some of the draws.
  func write(
    _ range: Range<Int>, of draws: MixtureTheorems.Draws, _ times: [Double], to worker: BatchEvaluator.Worker
  ) {
    let d = dimensions
    for (name, values) in [("data", draws.data), ("noise", draws.noise)] {
      let input = worker.input(named: name)
      for index in 0..<range.count * d { input?[index] = values[range.lowerBound * d + index] }
    }
    let (t, other) = (worker.input(named: "t"), worker.input(named: "other"))
    for index in 0..<range.count { t?[index] = times[range.lowerBound + index] }
    for index in 0..<range.count * d {
      other?[index] = draws.noise[((range.lowerBound + 1) * d + index) % draws.noise.count]
    }
  }
}
