import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The squared error and its gradient: FM3, FM4.

extension MixtureTheorems {
  // MARK: - FM3

  func drawnClaims(_ fit: FieldFit) throws -> [Claim] {
    let draws = draws(50_000), times = draws.times.map { model.configuration.times.quantile($0) }
    return [fit.drawnClaim(try excesses(draws, times), times, model.configuration)]
  }

  /// |v - Y|^2 - |v - E[Y given x_t]|^2 of draws at times, and the same with the noise of another draw in Y: [count, 2].
  private func excesses(_ draws: FieldDraws, _ times: [Double]) throws -> [Double] {
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
    "FM4", "the gradient of the error of drawn ways is on average that of the field's own error",
    formula: #"\mathbb{E}\,\nabla_\theta \|v - Y\|^2 = \mathbb{E}\,\nabla_\theta \|v - u\|^2"#, .statistical)

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

  static let variance = Claim.Theorem(
    "FM4b",
    "what drawn ways add to the square of a gradient is 4 E tr(J^T Cov(Y given x_t) J), J = dv/dtheta: it stays when the field is exact",
    formula: #"\mathbb{E} \|J^\top (u - Y)\|^2 = \mathbb{E} \operatorname{tr}(J^\top \operatorname{Cov}(Y | x_t) J)"#,
    .statistical)

  /// |2 J^T (u - Y)|^2 of single draws, against 4 tr(J^T Cov(Y given x_t) J) at their points.
  func varianceClaim() throws -> Claim {
    let count = 1000, d = dimensions, draws = draws(count), batch = DrawnBatch(1, d, path)
    let value = model.field.velocity(batch.x, batch.t), off = closed.velocity(batch.x, batch.t) - batch.target
    let entries = model.parameters.entries
    let slopes = (0..<d).map { i in
      gradient(of: value.slice([0, i], shape: [1, 1]).sum(), withRespectTo: entries.map(\.tensor))
    }
    /// (J J^T)_ij
    func product(_ i: Int, _ j: Int) -> Tensor {
      let terms = zip(slopes[i], slopes[j]).map { ($0 * $1).sum() }
      return terms.dropFirst().reduce(terms[0], +).reshape([1, 1])
    }
    // Cov(Y given x_t) by the gradient of E[x1 given x_t], which is alpha / sigma^2 Cov(x1 given x_t).
    let factors = path.factors(batch.t), data = closed.posterior(batch.x, batch.t).data
    let perData = factors.alphaRate - factors.alpha * factors.sigmaRate / factors.sigma
    let unit = square(perData) * square(factors.sigma) / factors.alpha
    var (drawn, expected): ([Tensor], [Tensor]) = ([], [])
    for i in 0..<d {
      let row = gradient(of: data.slice([0, i], shape: [1, 1]).sum(), withRespectTo: [batch.x])[0]
      for j in 0..<d {
        let gram = product(i, j)
        drawn.append(4 * (off.slice([0, i], shape: [1, 1]) * off.slice([0, j], shape: [1, 1]) * gram))
        expected.append(4 * (unit * row.slice([0, j], shape: [1, 1]) * gram))
      }
    }
    let sums = [drawn, expected].map { (terms: [Tensor]) -> Tensor in terms.dropFirst().reduce(terms[0], +) }
    let evaluator = try BatchEvaluator([[concatenate(sums, axis: 1)]], chunk: 1, trained)
    let times = draws.times.map { 0.01 + 0.98 * $0 }
    let rows = evaluator.gather(count, width: 2) { range, worker, results in
      batch.write(range, of: draws, times, to: worker)
      let values = worker.run()
      for index in results.indices { results[index] = values[index] }
    }
    func column(_ place: Int) -> [Double] { (0..<count).map { rows[2 * $0 + place] } }
    let (drawnMean, formula) = (Statistics.mean(column(0)).mean, Statistics.mean(column(1)).mean)
    let (difference, error) = Statistics.mean(zip(column(0), column(1)).map { $0 - $1 })
    let z = error > 0 ? difference / error : 0
    return Claim(
      Self.variance, "mean square of a single draw's share in the gradient, \(count) draws", measured: drawnMean,
      .equal,
      formula, tolerance: 5 * error, standardError: error, z: z, pValue: Statistics.normalTail(z), samples: count,
      control: .init("half the covariance", changed: "the formula", expected: formula / 2))
  }
}
