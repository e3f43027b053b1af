import MinimData
import MinimKernels
import MinimNN

extension RealNVP {
  /// Returns the likelihood on the splits and, if the density is known, both KL and the shares of modes.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let flow = try TrainedFlow(self, trained.inDouble())
    var metrics =
      try levelCosts(trained)?.metrics { try draws($0, trained) } ?? likelihoods(flow, trained.data)
      + normalMetrics(trained.data)
    metrics += divergences(flow, trained)
    metrics += try shares(trained) + FlowUse(self).metrics("uses")
    let error = try roundTrip(trained)
    metrics.append(
      .init("roundTrip", error, "largest |F(F^-1(x)) - x| / max(1, |x|), in \(trained.parameters.precision) as trained")
    )
    return Evaluation(metrics)
  }

  /// -log p(x) of the examples.
  private func likelihoods(_ flow: TrainedFlow, _ data: DataSplit) -> [Evaluation.Metric] {
    [("training", data.rows), ("validation", data.validation), ("test", data.test)].compactMap { name, part in
      guard let part else { return nil }
      let few = part.values.prefix(Self.rows * dimensions).map(Double.init)
      let (mean, error) = Statistics.mean(flow.logProbs(few).map { -$0 })
      return .init(
        HeldOutLoss.key(name, "nll"), mean,
        "nats per example, mean of \(few.count / dimensions), +- \(error.roundedToMillionths)")
    }
  }

  /// KL in both directions, absolutely.
  private func divergences(_ flow: TrainedFlow, _ trained: Trained) -> [Evaluation.Metric] {
    guard let density = trained.data.distribution?.density else { return [] }
    var metrics: [Evaluation.Metric] = []
    if dimensions <= 2 {
      metrics.append(.init("forwardKL", flow.forwardKL(from: density), "KL(data, model) by a grid, nats"))
    }
    if let known = density as? any KnownDensity {
      let (mean, error) = sampledKL(flow, known, trained)
      metrics.append(
        .init(
          "sampledForwardKL", mean,
          "the same by \(Self.rows) fresh samples, +- \(error.roundedToMillionths) (a standard error)"
        ))
      if let floor = known.affineFloor() {
        metrics.append(.init("affineFloor", floor.value, "the least KL(data, model) of affine maps of a normal"))
      }
      if let floor = known.entrywiseFloor() {
        metrics.append(.init("entrywiseFloor", floor.value, "the least of maps of each value by itself"))
      }
    }
    if dimensions <= 2, trained.data.distribution?.differentiable != nil {
      metrics.append(.init("reverseKL", flow.reverseKL(to: density), "KL(model, data) by a grid over the base, nats"))
    }
    return metrics
  }

  /// The mean of log p - log q over fresh samples of the data, and its standard error; nats.
  package func sampledKL(_ flow: TrainedFlow, _ density: any KnownDensity, _ trained: Trained) -> (
    mean: Double, error: Double
  ) {
    let points = freshPoints(Self.rows, density, trained)
    return Statistics.mean(zip(density.logProbs(points), flow.logProbs(points)).map { $0 - $1 })
  }

  /// Samples of a density that nothing was trained on, row-major.
  func freshPoints(_ count: Int, _ density: any KnownDensity, _ trained: Trained) -> [Double] {
    let key = RandomKey(seed: trained.seed).folding(.evaluation)
    return (0..<UInt64(count)).flatMap { density.draw(key.folding($0)) }
  }

  /// The distribution of the model's samples: the least share of a mode of a mixture, or the left one of two.
  private func shares(_ trained: Trained) throws -> [Evaluation.Metric] {
    if let shares = try modeShares(trained), let mixture = trained.data.distribution as? GaussianMixture {
      let least = zip(shares, mixture.weights).map { $0 / $1 }.min() ?? .nan
      return [
        .init(
          "leastShare", least,
          "the share of \(Self.rows) samples nearest to a component over its weight, the least of \(shares.count)")
      ]
    }
    guard trained.data.distribution is Energy else { return [] }
    let points = try draws(Self.rows, trained)
    let left = stride(from: 0, to: points.count, by: dimensions).count { points[$0] < 0 }
    return [
      .init(
        "leftShare", Double(left) / Double(Self.rows), "the share of \(Self.rows) samples with a negative first value")
    ]
  }

  /// The share of samples nearest to each component of a mixture; nil if the data are not from a few components.
  func modeShares(_ trained: Trained) throws -> [Double]? {
    guard let mixture = trained.data.distribution as? GaussianMixture,
      (2...32).contains(mixture.components)
    else { return nil }
    let points = try draws(Self.rows, trained)
    var counts = [Int](repeating: 0, count: mixture.components)
    for start in stride(from: 0, to: points.count, by: dimensions) {
      counts[mixture.nearestComponent(to: Array(points[start..<start + dimensions])).index] += 1
    }
    return counts.map { Double($0) / Double(Self.rows) }
  }

  /// The largest |F(F^-1(x)) - x| / max(1, |x|) of examples or samples, in the precision of the parameters.
  func roundTrip(_ trained: Trained) throws -> Double {
    let flow = try TrainedFlow(self, trained)
    let points = try roundTripPoints(Self.rows, trained)
    return zip(points, flow.forward(flow.inverse(points).points).points).reduce(0) { largest, pair in
      Swift.max(largest, Swift.abs(pair.0 - pair.1) / Swift.max(1, Swift.abs(pair.0)))
    }
  }

  /// The first `count` examples, or as many samples if there are none; row-major.
  func roundTripPoints(_ count: Int, _ trained: Trained) throws -> [Double] {
    try trained.data.rows.map { $0.values.prefix(count * dimensions).map(Double.init) } ?? draws(count, trained)
  }

  /// The most examples or samples that a metric uses.
  static let rows = 10_000
}

extension Evaluation.Metric {
  /// Creates a metric from an integral and its own error.
  fileprivate init(_ name: String, _ value: QuadratureEstimate, _ meaning: String) {
    self.init(
      name, value.value,
      "\(meaning); half the cells: \(value.error < 1e-12 ? "the same" : "+- \(value.error.roundedToMillionths)")")
  }
}
