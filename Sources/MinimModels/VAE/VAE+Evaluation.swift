import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

// The quality of a VAE's bound: compared with log p(x), which is known for one or two latent variables.

extension VAE {
  /// E_q log p(x | z) - KL(q, p(z)) in nats, [n], the expectation by a Gauss-Hermite rule in each latent variable.
  package func elbo(_ x: Tensor, _ q: DiagonalNormal, _ rule: GaussHermite) -> Tensor {
    expectation(x, NormalPoints(rule, dimensions: configuration.latent)) { count in
      q.repeatingRows(count).sample
    } - q.klToStandard.sum(axes: [1])
  }

  /// The ELBO of a normal with any covariance, from its code [n, latent + latent (latent + 1) / 2], by any points.
  package func elbo(_ x: Tensor, code: Tensor, _ points: NormalPoints) -> Tensor {
    let d = configuration.latent
    return expectation(x, points) { FullNormal(code.repeatingRows($0), dimensions: d).sample }
      - FullNormal(code, dimensions: d).klToStandard
  }

  /// E log p(x | z), [n], over the z that `sample` makes from points that represent standard normals. `sample` receives
  /// how often it must repeat the rows of an example.
  private func expectation(
    _ x: Tensor, _ points: NormalPoints, _ sample: (Int) -> (Tensor) -> Tensor
  ) -> Tensor {
    let (n, d, count) = (x.shape[0], configuration.latent, points.count)
    let noise = Tensor.constant(points.points, shape: [1, count, d]).broadcast(to: [n, count, d])
      .reshape([n * count, d])
    let likelihoods = logLikelihood(x.repeatingRows(count), decode(sample(count)(noise))).reshape([n, count])
    return (likelihoods * Tensor.constant(points.weights, shape: [1, count])).sum(axes: [1])
  }

  /// The bound of each row and, if there is a grid, log p(x), each also by a coarser rule, in Double.
  package func bounds(_ data: Dataset, _ trained: Trained) throws -> [Bound] {
    let rows = try bounds(data, trained, grids: [.fine, .coarse], rules: [Self.rule, Self.coarseRule])
    return rows.map { row in
      Bound(
        elbo: row.elbos[0], kl: row.kl, logProb: row.logProbs.first,
        gridError: hasLatentGrid ? abs(row.logProbs[0] - row.logProbs[1]) : nil,
        ruleError: hasLatentGrid ? abs(row.elbos[0] - row.elbos[1]) : nil)
    }
  }

  /// The bound of each row by each rule, its KL, and log p(x) on each grid, in Double. Without a grid over the latent
  /// space the bound is estimated from draws, and there is no log p(x).
  private func bounds(
    _ data: Dataset, _ trained: Trained, grids: [LatentGrid], rules: [GaussHermite]
  ) throws -> [(elbos: [Double], kl: Double, logProbs: [Double])] {
    // A fine grid has 160,801 points: a row of them for each example of a chunk.
    let rows = try trained.inDouble().rows(of: data, chunk: 8) { x in
      let n = x.shape[0], q = posterior(x), kl = q.klToStandard.sum(axes: [1])
      let elbos = hasLatentGrid ? rules.map { elbo(x, q, $0) } : [elboParts(x, q).reconstruction - kl]
      let logProbs = hasLatentGrid ? grids.map { logProb(x, on: $0) } : []
      func columns(_ values: [Tensor]) -> Tensor { concatenate(values.map { $0.reshape([n, 1]) }, axis: 1) }
      return logProbs.isEmpty
        ? ["elbos": columns(elbos), "kl": kl]
        : ["elbos": columns(elbos), "kl": kl, "logProbs": columns(logProbs)]
    }
    return (0..<data.count).map { row in
      (Array(rows["elbos", row]), rows["kl"][row], hasLatentGrid ? Array(rows["logProbs", row]) : [])
    }
  }

  /// The rules for a bound's expectation, in each latent variable: their difference is the error of the coarser one.
  private static let rule = GaussHermite(32), coarseRule = GaussHermite(24)

  /// The values of one example, in nats.
  package struct Bound {
    package let elbo: Double, kl: Double
    /// log p(x), and its change on a coarser grid.
    package let logProb: Double?, gridError: Double?
    /// The change of the bound by a coarser rule.
    package let ruleError: Double?

    /// The largest change of the difference by coarser integrals.
    package var error: Double? { gridError.flatMap { grid in ruleError.map { max(grid, $0) } } }
  }

  /// Returns bounds and likelihoods on the splits.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let parts = [("training", trained.data.rows), ("validation", trained.data.validation), ("test", trained.data.test)]
    var metrics: [Evaluation.Metric] = []
    for (name, data) in parts {
      guard let data else { continue }
      let rows = try bounds(data, trained, grids: [.coarse], rules: [Self.coarseRule])
      func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
      let (elbo, kl) = (mean(rows.map { $0.elbos[0] }), mean(rows.map(\.kl)))
      metrics += [
        .init("\(name)ELBO", elbo, "mean bound on log p(x) of \(Readable.count(data.count, "example")), nats"),
        .init("\(name)Reconstruction", elbo + kl, "its first part, E_q log p(x | z)"),
        .init("\(name)KL", kl, "its second part, KL(q, p(z))"),
      ]
      guard hasLatentGrid else { continue }
      let logProb = mean(rows.map { $0.logProbs[0] })
      metrics += [
        .init("\(name)LogProb", logProb, "mean log p(x), by a grid over the latent space"),
        .init("\(name)Gap", logProb - elbo, "log p(x) - ELBO = KL(q, posterior), approximation and amortization"),
      ]
    }
    return Evaluation(metrics + (try gapMetrics(trained)))
  }
}

extension VAE {
  /// Both gaps of some training and test examples, if the config asks for them.
  private func gapMetrics(_ trained: Trained) throws -> [Evaluation.Metric] {
    guard configuration.gapRows > 0, gapProblem == nil else { return [] }
    return try [("training", trained.data.rows), ("test", trained.data.test)].flatMap { name, data in
      guard let data else { return [Evaluation.Metric]() }
      let part = data.selecting(Array(0..<min(data.count, configuration.gapRows)), name: name)
      let gaps = try inferenceGaps(part, trained)
      let parts = [
        ("ApproximationGap", "log p(x) - L(q*)", gaps.map(\.approximation).filter(\.isFinite)),
        ("AmortizationGap", "L(q*) - L(q_phi)", gaps.map(\.amortization)),
      ]
      return parts.map { key, formula, values in
        let (mean, error) = Statistics.mean(values)
        return .init(
          "\(name)\(key)", mean, "\(formula), mean of \(values.count), +- \((1.96e4 * error).rounded() / 1e4)")
      }
    }
  }
}

extension DiagonalNormal {
  /// Repeats the normal of each row, one copy after the other.
  func repeatingRows(_ count: Int) -> DiagonalNormal {
    DiagonalNormal(
      mean: mean.repeatingRows(count), logStandardDeviation: logStandardDeviation.repeatingRows(count))
  }
}

extension Tensor {
  /// Repeats each row, one copy after the other: [n, ...] to [n count, values of a row].
  func repeatingRows(_ count: Int) -> Tensor {
    let n = shape[0], width = shape.elementCount / n
    return reshape([n, 1, width]).broadcast(to: [n, count, width]).reshape([n * count, width])
  }
}
