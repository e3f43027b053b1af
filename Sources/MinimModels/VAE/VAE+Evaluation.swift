import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// What a VAE's bound is worth: against log p(x), which is known where there are one or two latent variables.

extension VAE {
  /// E_q log p(x | z) - KL(q, p(z)) in nats, [n], the expectation by a Gauss-Hermite rule in each latent variable.
  package func elbo(_ x: Tensor, _ q: DiagonalNormal, _ rule: GaussHermite) -> Tensor {
    expectation(x, rule) { rows in
      DiagonalNormal(mean: rows(q.mean), logStandardDeviation: rows(q.logStandardDeviation)).sample
    } - q.klToStandard.sum(axes: [1])
  }

  /// The same of a normal with any covariance, from its code [n, latent + latent (latent + 1) / 2].
  package func elbo(_ x: Tensor, code: Tensor, _ rule: GaussHermite) -> Tensor {
    let d = configuration.latent
    return expectation(x, rule) { rows in FullNormal(rows(code), dimensions: d).sample }
      - FullNormal(code, dimensions: d).klToStandard
  }

  /// E log p(x | z), [n], over the z that `sample` makes of the rule's points, which stand for standard normals. It gets what
  /// repeats rows [n, ...] for each point.
  private func expectation(
    _ x: Tensor, _ rule: GaussHermite, _ sample: ((Tensor) -> Tensor) -> (Tensor) -> Tensor
  ) -> Tensor {
    let (n, d) = (x.shape[0], configuration.latent)
    let (points, weights) = rule.product(dimensions: d)
    let count = weights.count
    func rows(_ tensor: Tensor) -> Tensor {
      let width = tensor.shape.elementCount / n
      return tensor.reshape([n, 1, width]).broadcast(to: [n, count, width]).reshape([n * count, width])
    }
    let noise = Tensor.constant(points, shape: [1, count, d]).broadcast(to: [n, count, d]).reshape([n * count, d])
    let likelihoods = logLikelihood(rows(x), decode(sample(rows)(noise))).reshape([n, count])
    return (likelihoods * Tensor.constant(weights, shape: [1, count])).sum(axes: [1])
  }

  /// For each row: its bound and, where a grid can be had, log p(x), each also by a coarser rule, in Double.
  package func bounds(_ data: Dataset, _ trained: Trained) throws -> [Bound] {
    let rows = try bounds(data, trained, grids: [.fine, .coarse], rules: [Self.rule, Self.coarseRule])
    return rows.map { row in
      Bound(
        elbo: row.elbos[0], kl: row.kl, logProb: row.logProbs.first,
        gridError: hasLatentGrid ? abs(row.logProbs[0] - row.logProbs[1]) : nil,
        ruleError: hasLatentGrid ? abs(row.elbos[0] - row.elbos[1]) : nil)
    }
  }

  /// For each row its bound by each rule, its KL, and log p(x) on each grid, in Double. Where the latent space has no grid,
  /// the bound is by one draw, and there is no log p(x).
  private func bounds(
    _ data: Dataset, _ trained: Trained, grids: [LatentGrid], rules: [GaussHermite]
  ) throws -> [(elbos: [Double], kl: Double, logProbs: [Double])] {
    // A fine grid has 160,801 points: a row of them for each example of a chunk.
    let chunk = min(8, data.count)
    let x = Batch(count: chunk, exampleShape: exampleShape).examples
    let q = posterior(x)
    let kl = q.klToStandard.sum(axes: [1])
    let elbos = hasLatentGrid ? rules.map { elbo(x, q, $0) } : [elboParts(x, q).reconstruction - kl]
    let logProbs = hasLatentGrid ? grids.map { logProb(x, on: $0) } : []
    let columns = (elbos + [kl] + logProbs).map { $0.reshape([chunk, 1]) }
    let evaluator = try BatchEvaluator([[concatenate(columns, axis: 1)]], chunk: chunk, trained.inDouble())
    let values = evaluator.values(of: data, width: columns.count)
    return (0..<data.count).map { row in
      let row = values[row * columns.count..<(row + 1) * columns.count]
      return (Array(row.prefix(elbos.count)), row[row.startIndex + elbos.count], Array(row.suffix(logProbs.count)))
    }
  }

  /// The rules for a bound's expectation, in each latent variable: what they differ by is the error of the coarser one.
  private static let rule = GaussHermite(32), coarseRule = GaussHermite(24)

  /// What is known of an example, in nats.
  package struct Bound {
    package let elbo: Double, kl: Double
    /// log p(x), and by how much a coarser grid changes it.
    package let logProb: Double?, gridError: Double?
    /// By how much a coarser rule changes the bound.
    package let ruleError: Double?

    /// The most that coarser integrals change of the difference.
    package var error: Double? { gridError.flatMap { grid in ruleError.map { max(grid, $0) } } }
  }

  /// Bounds and likelihoods of the parts of the data.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let parts = [("training", trained.data.rows), ("validation", trained.data.validation), ("test", trained.data.test)]
    var figures: [Evaluation.Figure] = []
    for (name, data) in parts {
      guard let data else { continue }
      let rows = try bounds(data, trained, grids: [.coarse], rules: [Self.coarseRule])
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      let (elbo, kl) = (mean(rows.map { $0.elbos[0] }), mean(rows.map(\.kl)))
      figures += [
        .init("\(name)ELBO", elbo, "mean bound on log p(x) of \(data.count) examples, nats"),
        .init("\(name)Reconstruction", elbo + kl, "its first part, E_q log p(x | z)"),
        .init("\(name)KL", kl, "its second part, KL(q, p(z))"),
      ]
      guard hasLatentGrid else { continue }
      let logProb = mean(rows.map { $0.logProbs[0] })
      figures += [
        .init("\(name)LogProb", logProb, "mean log p(x), by a grid over the latent space"),
        .init("\(name)Gap", logProb - elbo, "log p(x) - ELBO = KL(q, posterior), approximation and amortization"),
      ]
    }
    return Evaluation(figures)
  }
}
