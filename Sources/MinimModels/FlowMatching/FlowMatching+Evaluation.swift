import MinimData
import MinimKernels
import MinimNN

extension FlowMatching {
  /// Returns the KL in both directions and the parts of the error, if the density is known, and the likelihood of the splits.
  package func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let precise = try trained.inDouble()
    var metrics = try likelihoods(precise)
    guard let density = trained.data.distribution?.density, dimensions <= 2 else { return Evaluation(metrics) }
    metrics += try divergences(density, precise)
    if let mixture = density as? GaussianMixture, scaling == nil {
      metrics += try errorParts(FieldFit(self, mixture, precise))
    }
    return Evaluation(metrics)
  }

  /// -log p(x) of the first examples of each split, by the exact divergence.
  private func likelihoods(_ trained: Trained) throws -> [Evaluation.Metric] {
    guard levels == nil, dimensions <= Self.traceDimensions else { return [] }
    let flow = try FieldFlow(self, trained)
    return [("training", trained.data.rows), ("validation", trained.data.validation), ("test", trained.data.test)]
      .compactMap { name, part in
        guard let part else { return nil }
        let few = part.values.prefix(Self.rows * dimensions).map(Double.init)
        let (mean, error) = Statistics.mean(flow.logProbs(few).map { -$0 })
        return .init(
          HeldOutLoss.key(name, "nll"), mean,
          "nats per example, mean of \(few.count / dimensions), +- \(error.roundedToMillionths)")
      }
  }

  private func divergences(_ density: any Density, _ trained: Trained) throws -> [Evaluation.Metric] {
    let kl = try forwardKL(density, trained)
    var metrics: [Evaluation.Metric] = [
      .init(
        "forwardKL", kl.value,
        "KL(data, model) by a grid, nats; half the cells or half the steps: +- \(kl.error.roundedToMillionths)")
    ]
    if let floor = (density as? any KnownDensity)?.affineFloor() {
      metrics.append(.init("affineFloor", floor.value, "the least KL(data, model) of affine maps of a normal"))
    }
    if trained.data.distribution?.differentiable != nil {
      let reverse = try FieldFlow(self, trained).reverseKL(to: density, cells: Self.baseCells)
      metrics.append(
        .init(
          "reverseKL", reverse.value,
          "KL(model, data) by a grid over the base, nats; half the cells: +- \(reverse.error.roundedToMillionths)"))
    }
    return metrics
  }

  private func errorParts(_ fit: FieldFit) -> [Evaluation.Metric] {
    let late = fit.moments.max { $0.fit < $1.fit }
    return [
      .init("floor", fit.floor, "the least squared error of any field, by quadrature"),
      .init("fit", fit.fit, "what the field's squared error is above it, by quadrature"),
      .init(
        "largestFit", late?.fit ?? .nan,
        "the largest of it at one time, t = \((late?.time ?? .nan).roundedToMillionths)"),
    ]
  }

  /// KL(data, model) on a grid over the data, with its change by half as many cells, and by half as many steps.
  func forwardKL(_ density: some Density, _ trained: Trained) throws -> QuadratureEstimate {
    let cells = density.cells.map { Self.cells(of: $0) }
    let flow = try FieldFlow(self, trained)
    let fine = flow.forwardKL(from: density, cells: cells, above: 1e-12)
    let coarse = flow.forwardKL(from: density, cells: cells.map { $0 / 2 }, above: 1e-12)
    let halfTheSteps = try FieldFlow(self, steps: configuration.steps / 2, trained).forwardKL(
      from: density, cells: cells, above: 1e-12)
    return QuadratureEstimate(fine, error: max(abs(fine - coarse), abs(fine - halfTheSteps)))
  }

  /// Cells five times as wide as those that the density asks for, half of its least deviation: the sums of smooth functions
  /// change by less than 1e-6 beyond that. A multiple of four, so that half of them are whole and keep the edges of a board.
  static func cells(of count: Int) -> Int { max(4, (count + 19) / 20 * 4) }

  /// The most examples that a metric uses.
  private static let rows = 2000
  /// The most dimensions for which the divergence is computed exactly.
  static let traceDimensions = 64
  /// The cells along each side of a grid over the base.
  private static let baseCells = 60
}
