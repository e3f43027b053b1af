import MinimAutodiff
import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

extension ForwardReverse: Model {
  /// Returns nats.
  public var lossUnit: String? { "nats" }

  /// The sum of the negative log-likelihoods and the reverse KL of all parts, in nats.
  public func objective(_ batch: Batch) -> Objective {
    let values = parts.map { $0.model.objective(batch).value }
    return Objective("sumOfLosses", values.dropFirst().reduce(values[0], +))
  }

  /// Nil: two of the flows see no examples, so there is no loss per example.
  public func losses(_ batch: Batch) -> Tensor? { nil }

  /// Returns samples of the RealNVP under forward KL.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    try parts[2].model.samples(count, from: trained)
  }

  /// Returns both KL of each flow, the shares of modes, and the calls of its objective.
  public func evaluate(_ trained: Trained, exact: Bool) throws -> Evaluation {
    let measured = try measurements(trained)
    let metrics = zip(parts, measured).flatMap { part, it -> [Evaluation.Metric] in
      [
        .init("\(part.name)ForwardKL", it.forward.value, "KL(data, model) of the \(part.title), by a grid, nats"),
        .init("\(part.name)ReverseKL", it.reverse.value, "KL(model, data)"),
      ]
        + (it.shares.isEmpty
          ? []
          : [
            .init(
              "\(part.name)LeastShare", it.shares.min() ?? .nan, "the share of its samples in the mode with the fewest"),
            .init("\(part.name)LargestShare", it.shares.max() ?? .nan, "in the one with the most"),
          ])
    }
    let uses = [("forwardKL", parts[2]), ("reverseKL", parts[3])].flatMap { FlowUse($0.1.model).metrics($0.0) }
    return Evaluation(metrics + uses)
  }

  /// The measurements of a trained flow.
  struct Measurement {
    let forward: QuadratureEstimate, reverse: QuadratureEstimate
    /// The shares of its samples that are nearest to each component of a mixture.
    let shares: [Double]
  }

  /// The measurements of each part.
  func measurements(_ trained: Trained) throws -> [Measurement] {
    guard let density = trained.data.distribution?.density, density.dimensions <= 2 else { return [] }
    let precise = try trained.inDouble()
    return try parts.map { part in
      let flow = try TrainedFlow(part.model, precise)
      return Measurement(
        forward: flow.forwardKL(from: density), reverse: flow.reverseKL(to: density),
        shares: try part.model.modeShares(trained) ?? [])
    }
  }

  /// Returns the four densities in colors of one scale, affine maps on the left.
  public func pictures(_ trained: Trained) throws -> [Picture] {
    guard let density = trained.data.distribution?.density, density.dimensions == 2 else { return [] }
    let window = (x: density.window[0], y: density.window[1])
    let precise = try trained.inDouble()
    let order = [0, 2, 1, 3].map { parts[$0] }
    return [
      FlowPictures.densities(
        window,
        try order.map { part in
          let flow = try TrainedFlow(part.model, precise)
          return (title: part.title, logProbs: FlowPictures.logProbs(window, 200, flow.logProbs))
        })
    ]
  }
}
