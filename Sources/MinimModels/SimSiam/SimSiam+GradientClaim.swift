import MinimAutodiff
import MinimData
import MinimNN

// S1: what stop-gradient does to a gradient, while the loss is the same with and without it.

extension SimSiam {
  private static let rows = 16

  /// The gradients of one batch in Double: the run's own, that of predictions for targets that a copy of the net has made, which
  /// never moves, and that of targets for the predictions of such a copy.
  private struct Gradients {
    let own: [Double], ofPredictions: [Double], ofTargets: [Double]
    /// The loss with and without stop-gradient.
    let values: [Double]
  }

  private func gradients(_ trained: Trained) throws -> Gradients? {
    guard let data = trained.data.rows?.first(Self.rows) else { return nil }
    let precise = try trained.inDouble()
    let copy = SimSiam(
      configuration, exampleShape: exampleShape, white: white, ParameterScope(fixedAt: precise.parameters))
    let batch = Batch(count: data.count, exampleShape: exampleShape)
    let (z, p) = projectionsAndPredictions(batch)
    let (fixedZ, fixedP) = copy.projectionsAndPredictions(batch)
    let tensors = parameters.entries.map(\.tensor)
    func gradients(_ p: Tensor, _ z: Tensor) -> [Tensor] {
      gradient(of: losses(predictions: p, targets: z).mean(), withRespectTo: tensors)
    }
    let expressions = [
      objective(batch).field(tensors), gradients(p, fixedZ), gradients(fixedP, z),
      [losses(predictions: p, targets: stopGradient(z)).mean(), losses(predictions: p, targets: z).mean()],
    ]
    let evaluator = try BatchEvaluator(expressions, chunk: data.count, precise)
    let found = expressions.enumerated().map { index, tensors in
      evaluator.outputs(of: data, counts: tensors.map(\.shape.elementCount), index).flatMap { $0 }
    }
    return Gradients(own: found[0], ofPredictions: found[1], ofTargets: found[2], values: found[3])
  }

  func gradientClaims(_ trained: Trained) throws -> [Claim] {
    let statement =
      configuration.stopGradient
      ? "the gradient is that for targets of a net that does not move: the largest difference over the largest element"
      : "the gradient is that of predictions and that of targets, added up: the largest difference over the largest element"
    let valueStatement =
      "the loss has the same value with and without stop-gradient, so that it does not tell: the difference"
    guard let it = try gradients(trained) else { return [] }
    let both = zip(it.ofPredictions, it.ofTargets).map { $0 + $1 }
    func difference(_ exact: [Double]) -> Double {
      zip(it.own, exact).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(1e-30, exact.reduce(0) { max($0, abs($1)) })
    }
    let (exact, other) = configuration.stopGradient ? (it.ofPredictions, both) : (both, it.ofPredictions)
    let control = difference(other)
    guard control > 1e-8 else {
      return [
        .notApplicable("S1", statement, kind: .identity, reason: "stop-gradient makes no difference here"),
        .notApplicable("S6", valueStatement, kind: .identity, reason: "stop-gradient makes no difference here"),
      ]
    }
    return [
      Claim(
        "S1", statement, kind: .identity, measured: difference(exact), .equal, 0, tolerance: 1e-10, samples: Self.rows,
        control: .init(
          statement: configuration.stopGradient ? "that without stop-gradient" : "that with stop-gradient",
          changed: "the gradient", measured: control, fails: control > 1e-10)),
      Claim(
        "S6", valueStatement, kind: .identity, measured: abs(it.values[0] - it.values[1]), .equal, 0, tolerance: 0,
        samples: Self.rows, details: [("loss", it.values[0])],
        control: .init(
          statement: "how far the gradients differ", changed: "what is compared", measured: control, fails: control > 0)
      ),
    ]
  }
}
