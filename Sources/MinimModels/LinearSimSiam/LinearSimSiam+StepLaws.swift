import MinimKernels
import MinimNN

// S2: the laws that every step of a run obeys.

extension LinearSimSiam {
  /// Without a predictor W_k = W_0 A^k; with it and stop-gradient the law of C.
  func lawOfSteps(_ trained: Trained) throws -> Claim {
    let names = (
      power:
        "W after k steps is W_0 ((1 - h eta) I - \(configuration.stopGradient ? "" : "2 ")h X')^k: the largest relative "
        + "difference",
      balance: "each step takes C = W W^T - Wp^T Wp / alpha_p where its law says: the largest difference"
    )
    let statement = configuration.hasPredictor ? names.balance : names.power
    func skip(_ reason: String) -> Claim { .notApplicable("S2", statement, kind: .identity, reason: reason) }
    guard let rule = trained.rule, let own = LinearRule(rule), own.descent == .momentum(0),
      own.dynamics == .simultaneous, own.consensus == 0
    else { return skip("the steps are no plain simultaneous descent of a constant rate") }
    if configuration.hasPredictor, !configuration.stopGradient { return skip("no law of this variant is known") }
    let steps = min(rule.steps, 200)
    let objective = objective(expectation)
    let path = try GamePlay(parameters, rule, trained) { _ in objective }.trajectory(from: start.values, steps: steps)
      .map { values in
        matrices(
          configuration.hasPredictor
            ? [Array(values.prefix(outputs * inputs)), Array(values.suffix(outputs * outputs))] : [values])
      }
    guard path.count == steps + 1 else { return skip("numbers end") }
    return configuration.hasPredictor
      ? balanceClaim(statement, path, own.rate) : powerClaim(statement, path, own.rate)
  }

  private func powerClaim(_ statement: String, _ path: [SimSiamLaws.State], _ h: Double) -> Claim {
    func largest(_ factor: Matrix) -> Double {
      var (exact, worst) = (configuration.encoder, 0.0)
      for z in path.dropFirst() {
        exact = exact * factor
        worst = max(worst, z.encoder.adding(exact, times: -1).norm / max(1e-300, exact.norm))
      }
      return worst
    }
    let tolerance = 1e-13 * Double(100 + path.count)
    let control = largest(laws.with(stopGradient: !configuration.stopGradient).factor(step: h))
    let measured = largest(laws.factor(step: h))
    guard !(control <= tolerance), path.allSatisfy({ $0.encoder.norm > 1e-280 }) else {
      return .notApplicable("S2", statement, kind: .identity, reason: "the steps leave nothing to tell laws apart by")
    }
    return Claim(
      "S2", statement, kind: .identity, measured: measured, .equal, 0, tolerance: tolerance,
      details: [("steps", Double(path.count - 1))],
      control: .init(
        statement: configuration.stopGradient
          ? "with 2 h X', the law without stop-gradient" : "with h X', the law with stop-gradient",
        changed: "the law", measured: control, fails: !(control <= tolerance)))
  }

  private func balanceClaim(_ statement: String, _ path: [SimSiamLaws.State], _ h: Double) -> Claim {
    func largest(_ expected: (SimSiamLaws.State) -> Matrix) -> Double {
      zip(path, path.dropFirst()).map { before, after in
        let scale = max(1, before.encoder.norm * before.encoder.norm, before.predictor?.norm ?? 1)
        return laws.balance(after).distance(to: expected(before)) / scale
      }.max() ?? .nan
    }
    // Without the steps' own part the law is that of the flow.
    let control = largest { z in
      laws.balance(z).scaled(by: (1 - h * configuration.weightDecay) * (1 - h * configuration.weightDecay))
    }
    let tolerance = 1e-12 * max(1, 1 / configuration.predictorRate)
    guard !(control <= tolerance) else {
      return .notApplicable("S2", statement, kind: .identity, reason: "so small steps are the flow's to the last digit")
    }
    return Claim(
      "S2", statement, kind: .identity, measured: largest { laws.balance(after: $0, step: h) }, .equal, 0,
      tolerance: tolerance, details: [("steps", Double(path.count - 1))],
      control: .init(
        statement: "the law of the flow, without the steps' own part", changed: "the law", measured: control,
        fails: !(control <= tolerance)))
  }
}
