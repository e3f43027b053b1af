import MinimAutodiff
import MinimData
import MinimNN

// S1, S6: the effect of stop-gradient on a gradient, while the loss is the same with and without it.

extension SimSiam {
  private static let rows = 16

  /// The gradients of one batch in Double: the run's own, that for targets from a copy of the net that never moves, and
  /// that of the targets for predictions from such a copy.
  private struct Gradients {
    let own: [Double], ofPredictions: [Double], ofTargets: [Double]
    /// The loss with stop-gradient, without it, and with the targets of the next image.
    let values: [Double]
  }

  private func gradients(_ trained: Trained) throws -> Gradients? {
    guard let data = trained.data.rows?.first(Self.rows) else { return nil }
    let precise = try trained.inDouble()
    let copy = SimSiam(
      configuration, exampleShape: exampleShape, scaling: scaling, ParameterScope(fixedAt: precise.parameters))
    let batch = Batch(count: data.count, exampleShape: exampleShape)
    let (z, p) = projectionsAndPredictions(batch)
    let (fixedZ, fixedP) = copy.projectionsAndPredictions(batch)
    let tensors = parameters.entries.map(\.tensor)
    func gradients(_ p: Tensor, _ z: Tensor) -> [Tensor] {
      gradient(of: losses(predictions: p, targets: z).mean(), withRespectTo: tensors)
    }
    let expressions = [
      objective(batch).field(tensors), gradients(p, fixedZ), gradients(fixedP, z),
      [stopGradient(z), z, Self.next(z)].map { losses(predictions: p, targets: $0).mean() },
    ]
    let evaluator = try BatchEvaluator(expressions, chunk: data.count, precise)
    let found = expressions.enumerated().map { index, tensors in
      evaluator.outputs(of: data, counts: tensors.map(\.shape.elementCount), index).flatMap { $0 }
    }
    return Gradients(own: found[0], ofPredictions: found[1], ofTargets: found[2], values: found[3])
  }

  /// The rows of both views of the next image.
  private static func next(_ z: Tensor) -> Tensor {
    let (count, width) = (z.shape[0], z.shape[1])
    guard count > 2 else { return z }
    return concatenate(
      [z.slice([2, 0], shape: [count - 2, width]), z.slice([0, 0], shape: [2, width])], axis: 0)
  }

  func gradientClaims(_ trained: Trained) throws -> [Claim] {
    try gradients(trained).map { [gradientClaim($0), lossClaim($0)] } ?? []
  }

  private func gradientClaim(_ it: Gradients) -> Claim {
    let both = zip(it.ofPredictions, it.ofTargets).map { $0 + $1 }
    func difference(_ exact: [Double]) -> Double {
      zip(it.own, exact).reduce(0) { max($0, abs($1.0 - $1.1)) } / max(1e-30, exact.reduce(0) { max($0, abs($1)) })
    }
    let (exact, other) = configuration.stopGradient ? (it.ofPredictions, both) : (both, it.ofPredictions)
    let names = configuration.stopGradient ? ("fixed", "moving") : ("moving", "fixed")
    return Claim(
      Claim.Theorem(
        "S1", "the gradient treats targets as constants exactly if there is stop-gradient",
        formula:
          #"\nabla_\theta L(p_\theta, \operatorname{sg}(z_\theta)) = \nabla_\theta L(p_\theta, z) |_{z = z_\theta}"#,
        .identity),
      "largest difference from the gradient for \(names.0) targets, over the largest element",
      measured: difference(exact), .equal, 0, tolerance: 1e-10, samples: Self.rows,
      control: .init(
        "the gradient for \(names.1) targets", changed: "the targets", measured: difference(other),
        cannotFailIf: "stop-gradient makes no difference here"))
  }

  private func lossClaim(_ it: Gradients) -> Claim {
    Claim(
      Claim.Theorem(
        "S6", "the loss has the same value with and without stop-gradient",
        formula: #"L(p, \operatorname{sg}(z)) = L(p, z)"#, .identity),
      "difference of the losses", measured: abs(it.values[0] - it.values[1]), .equal, 0, tolerance: 0,
      samples: Self.rows, details: [("loss", it.values[0])],
      control: .init(
        "the loss for targets of the next image", changed: "the targets", measured: abs(it.values[0] - it.values[2]),
        cannotFailIf: "all images have the same targets"))
  }
}
