import MinimKernels
import MinimNN

// SL2: the laws that every step of a run obeys.

extension LinearSimSiam {
  /// Without a predictor W_k = W_0 A^k; with predictor and stop-gradient, the law of C.
  func lawOfSteps(_ trained: Trained) throws -> Claim {
    let theorem = configuration.hasPredictor ? Self.balanceTheorem : Self.powerTheorem
    func skip(_ reason: String) -> Claim { .notApplicable(theorem, reason) }
    guard let rule = trained.rule, let own = LinearRule(rule), own.descent == .momentum(0),
      own.dynamics == .simultaneous, own.consensus == 0
    else { return skip("the optimizer is not plain gradient descent with a constant rate") }
    if configuration.hasPredictor, !configuration.stopGradient { return skip("no law of this variant is known") }
    let steps = min(rule.steps, 200)
    let objective = objective(expectation)
    let path = try Trajectories(parameters, rule, trained) { _ in objective }.trajectory(
      from: start.values, steps: steps
    )
    .map { values in
      matrices(
        configuration.hasPredictor
          ? [Array(values.prefix(outputs * inputs)), Array(values.suffix(outputs * outputs))] : [values])
    }
    guard path.count == steps + 1 else { return skip("the numbers overflow") }
    return configuration.hasPredictor ? balanceClaim(path, own.rate) : powerClaim(path, own.rate)
  }

  private static let balanceTheorem = Claim.Theorem(
    "SL2", "with a predictor each step takes C = W W^T - Wp^T Wp / alpha_p where its law says", .identity)
  private static let powerTheorem = Claim.Theorem(
    "SL2b", "without a predictor W after k steps is W_0 A^k, A = (1 - h eta) I - h X', or 2 h X' without stop-gradient",
    formula: #"W_k = W_0 A^k, \quad A = (1 - h \eta) I - c h X'"#,
    .identity)

  private func powerClaim(_ path: [SimSiamLaws.State], _ h: Double) -> Claim {
    guard path.allSatisfy({ $0.encoder.norm > 1e-280 }) else {
      return .notApplicable(Self.powerTheorem, "W shrinks to 0 to the last digit")
    }
    func largest(_ factor: Matrix) -> Double {
      var (exact, worst) = (configuration.encoder, 0.0)
      for z in path.dropFirst() {
        exact = exact * factor
        worst = max(worst, z.encoder.adding(exact, times: -1).norm / max(1e-300, exact.norm))
      }
      return worst
    }
    return Claim(
      Self.powerTheorem, "largest relative difference of W", measured: largest(laws.factor(step: h)), .equal, 0,
      tolerance: 1e-13 * Double(100 + path.count), details: [("steps", Double(path.count - 1))],
      control: .init(
        configuration.stopGradient ? "2 h X', the law without stop-gradient" : "h X', the law with stop-gradient",
        changed: "the law",
        measured: largest(laws.with(stopGradient: !configuration.stopGradient).factor(step: h)),
        cannotFailIf: "the steps are too short to tell the laws apart"))
  }

  private func balanceClaim(_ path: [SimSiamLaws.State], _ h: Double) -> Claim {
    func largest(_ expected: (SimSiamLaws.State) -> Matrix) -> Double {
      zip(path, path.dropFirst()).map { before, after in
        let scale = max(1, before.encoder.norm * before.encoder.norm, before.predictor?.norm ?? 1)
        return laws.balance(after).distance(to: expected(before)) / scale
      }.max() ?? .nan
    }
    // Without the term of discrete steps the law is that of the flow.
    let control = largest { z in
      laws.balance(z).scaled(by: (1 - h * configuration.weightDecay) * (1 - h * configuration.weightDecay))
    }
    return Claim(
      Self.balanceTheorem, "largest difference of C, over the largest norm",
      measured: largest { laws.balance(after: $0, step: h) }, .equal, 0,
      tolerance: 1e-12 * max(1, 1 / configuration.predictorRate), details: [("steps", Double(path.count - 1))],
      control: .init(
        "the law of the flow, without the steps' own part", changed: "the law", measured: control,
        cannotFailIf: "such small steps are the flow's to the last digit"))
  }
}
