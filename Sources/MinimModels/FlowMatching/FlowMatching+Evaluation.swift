import MinimData
import MinimKernels
import MinimNN

extension FlowMatching {
  /// Returns the KL in both directions and the parts of the error, if the density is known, and the likelihood of the splits.
  package func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let precise = try trained.inDouble()
    var metrics = try levelCosts(precise)?.metrics(most: Self.images) { try draws($0, precise) } ?? likelihoods(precise)
    guard let density = trained.data.distribution?.density, dimensions <= 2 else { return Evaluation(metrics) }
    metrics += try divergenceMetrics(density, precise)
    if let density = density as? any KnownField, scaling == nil, configuration.coupling == .independent {
      let fit = try fit(density, precise)
      metrics +=
        try errorParts(fit) + [samplerBound(density, precise)]
        + (RowTheorems(self, precise)?.metrics(newError: fit.floor + fit.fit) ?? [])
    }
    return try Evaluation(metrics + ways(precise))
  }

  /// -log p(x) of the first examples of each split.
  private func likelihoods(_ trained: Trained) throws -> [Evaluation.Metric] {
    guard levels == nil else { return [] }
    let guided = isConditional && configuration.guidance != 0 ? " by the density of guided samples" : ""
    return try [("training", trained.data.rows), ("validation", trained.data.validation), ("test", trained.data.test)]
      .compactMap { name, part in
        guard let few = part.map({ $0.count > Self.rows ? $0.first(Self.rows) : $0 }),
          let logProbs = try logProbs(of: few, trained)
        else { return nil }
        let (mean, error) = Statistics.mean(logProbs.values.map { -$0 })
        return .init(
          HeldOutLoss.key(name, "nll"), mean,
          "nats per example\(guided), mean of \(few.count), +- \(error.roundedToMillionths)")
      }
  }

  private func divergenceMetrics(_ density: any Density, _ trained: Trained) throws -> [Evaluation.Metric] {
    let kl = try divergences(density, trained)
    var metrics: [Evaluation.Metric] = [
      .init(
        "forwardKL", kl.forward.value,
        "KL(data, model) by a grid, nats; fewer cells or steps: +- \(kl.forward.error.roundedToMillionths)")
    ]
    // Where a density is 0, as off the squares of a board, the other KL is infinite.
    if trained.data.distribution?.differentiable != nil {
      metrics.append(
        .init(
          "reverseKL", kl.reverse.value,
          "KL(model, data) by the same grid, nats; fewer cells or steps, or mass outside: +- "
            + "\(kl.reverse.error.roundedToMillionths)"))
    }
    if let floor = (density as? any KnownDensity)?.affineFloor() {
      metrics.append(.init("affineFloor", floor.value, "the least KL(data, model) of affine maps of a normal"))
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

  /// How far the ways of samples lead, and how far they are from straight.
  private func ways(_ trained: Trained) throws -> [Evaluation.Metric] {
    let key = RandomKey(seed: 0).folding(.evaluation).folding(11), count = 512
    let noise = (0..<UInt64(count * dimensions)).map { key.normal(at: $0) }
    let budget = try WayBudget(of: field.velocity, dimensions: dimensions, noise: noise, trained)
    let (moved, bent) = (Statistics.mean(budget.moved), Statistics.mean(budget.bent))
    return [
      .init(
        "moved", moved.mean,
        "mean squared distance of noise from its sample, \(count) ways, +- \(moved.error.roundedToMillionths)"),
      .init(
        "bent", bent.mean,
        "mean squared difference of a way's velocity from the straight one's, +- \(bent.error.roundedToMillionths)"),
    ]
  }

  /// FM13: what bounds the KL of samples with noise, up to the time at which the bound ends.
  private func samplerBound(_ density: any KnownField, _ trained: Trained) throws -> Evaluation.Metric {
    let measure = try FieldMeasure(of: field.velocity, configuration.path, density, trained), rule = GaussLegendre(16)
    let end = NormalTheorems.boundEnd
    let bound = zip(rule.nodes, rule.weights).reduce(0) { sum, node in
      let t = end * node.0
      return sum + end * node.1 * NormalTheorems.boundWeight(configuration.path, t) * measure.moment(at: t).fit
    }
    return .init(
      "samplerBound", bound, "the most that KL(p_t, samples with noise) can be at t = \(end), nats, by quadrature")
  }

  /// Both KL on a grid over the data, with their changes by three quarters of the cells, and by half as many steps.
  func newDivergences(_ density: some Density, _ trained: Trained) throws -> (
    forward: QuadratureEstimate, reverse: QuadratureEstimate
  ) {
    let cells = Self.cells(of: density), fewer = cells.map { $0 / 4 * 3 }
    let flow = try FieldFlow(self, trained)
    let halfTheSteps = try FieldFlow(self, steps: configuration.steps / 2, trained)
    let fine = flow.divergences(from: density, cells: cells, above: Self.leastMass)
    let coarse = flow.divergences(from: density, cells: fewer, above: Self.leastMass)
    let rough = halfTheSteps.divergences(from: density, cells: fewer, above: Self.leastMass)
    // Where the target has less than the least mass, its log p is below that of a cell of such mass.
    let missing = abs(1 - fine.mass) * -Elementary.log(Self.leastMass)
    return (
      QuadratureEstimate(
        Self.hasEdges(density) ? Self.extrapolated(fine.forward, coarse.forward) : fine.forward,
        error: max(abs(fine.forward - coarse.forward), abs(coarse.forward - rough.forward))),
      QuadratureEstimate(
        fine.reverse, error: max(abs(fine.reverse - coarse.reverse), abs(coarse.reverse - rough.reverse), missing))
    )
  }

  /// Cells five times as wide as those that a smooth density asks for, half of its least deviation; for one with edges a quarter
  /// more. A multiple of sixteen, so that three quarters of them keep the edges of a board of four squares.
  static func cells(of density: some Density) -> [Int] {
    density.cells.map { hasEdges(density) ? ($0 + 15) / 16 * 20 : max(16, ($0 + 79) / 80 * 16) }
  }

  /// Whether a density jumps: a sum over cells then has an error of the second order in their width.
  static func hasEdges(_ density: some Density) -> Bool { density is Checkerboard }

  /// A sum without its error of the second order, from itself and that of three quarters of the cells (Richardson).
  static func extrapolated(_ fine: Double, _ coarse: Double) -> Double { (16 * fine - 9 * coarse) / 7 }

  /// The mass of a cell that counts.
  private static let leastMass = 1e-12
  /// The most images of a split that a metric uses.
  private static let images = 400
  /// The most examples that a metric uses.
  private static let rows = 2000
}
