import MinimAutodiff
import MinimKernels
import MinimNN

// The claims about the game, each with a control that must fail.

extension DiracGAN {
  /// G1: the trajectory. G7: the field's Jacobian at 0. G7b: the rate near 0. G0: whether the run converges.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let rule = trained.rule ?? UpdateRule(optimizer: SGD(), schedule: Schedule(peak: 0.1, steps: 100), steps: 100)
    return try [path(rule, trained), growth(rule, trained), jacobian(trained), convergence(rule, trained)]
  }

  private static let steps = 100

  private func path(_ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    guard let own = DiracRule(rule) else {
      return .notApplicable(GameTheorems.trajectory, "the rule is not plain descent")
    }
    let steps = min(Self.steps, rule.steps)
    let found = try play(rule, trained).trajectory(from: start, steps: steps)
    func largest(_ path: [[Double]], _ rule: DiracRule, from start: [Double]) -> Double {
      zip(path, rule.trajectory(from: start, steps: path.count - 1, gradientPenalty)).map { z, exact in
        euclideanNorm([z[0] - exact[0], z[1] - exact[1]]) / max(1e-300, euclideanNorm(exact))
      }.max() ?? .nan
    }
    // Large steps make the game chaotic: then no two computations agree for long.
    let nudge = 0x1p-40
    let exact = own.trajectory(from: start, steps: found.count - 1, gradientPenalty)
    let sensitivity = largest(exact, own, from: start.map { $0 * (1 + nudge) }) / nudge
    let tolerance = 1e-14 * Double(10 + found.count) * max(1, sensitivity)
    guard tolerance <= 1e-8 else {
      return .notApplicable(GameTheorems.trajectory, "the steps are so large that rounding decides")
    }
    let other = DiracRule(rate: own.rate, own.order == .simultaneous ? .criticFirst : .simultaneous)
    return Claim(
      GameTheorems.trajectory, "largest difference over the norm", measured: largest(found, own, from: start), .equal,
      0, tolerance: tolerance, details: [("steps", Double(found.count - 1))],
      control: .init(
        "the game of \(other.name) steps", changed: "the dynamics", measured: largest(found, other, from: start),
        cannotFailIf: "in so few steps the rules do not differ"))
  }

  /// Starts so near 0 that the game is linear there to more digits than are needed.
  private func growth(_ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "G7b", "near 0 the players' norm changes by the spectral radius of a step",
      formula: #"\lim_{k \to \infty} \|z_k\|^{1 / k} = \rho(\Phi'(0))"#, .outcome)
    guard let own = DiracRule(rule) else { return .notApplicable(theorem, "the rule is not plain descent") }
    let steps = 8 * Self.steps
    let near = LinearRule(rate: own.rate, .momentum(0), rule.dynamics).updateRule(steps: steps)
    func measure(_ gamma: Double) throws -> Double {
      Trajectories.growth(try play(near, trained, gradientPenalty: gamma).trajectory(from: [1e-5, 1e-5], steps: steps))
    }
    let (measured, expected) = (try measure(gradientPenalty), try own.spectralRadius(gradientPenalty))
    let without = gradientPenalty == 0 ? 0.5 : 0
    return Claim(
      theorem, "factor of the norm per step", measured: measured, .equal, expected, tolerance: 2e-3,
      details: [("gamma", gradientPenalty)],
      control: .init(
        "gamma \(without)", changed: "R1", measured: try measure(without),
        cannotFailIf: abs(try own.spectralRadius(without) - expected) <= 4e-3
          ? "the steps are so small that R1 hardly matters" : nil))
  }

  /// G7, by the engine's gradients of the field.
  private func jacobian(_ trained: Trained) throws -> Claim {
    let zero = [Double](repeating: 0, count: parameters.count)
    let variables = [critic, generator]
    func at0(_ objective: Objective) throws -> [Double] {
      let field = objective.field(variables)
      return try MinimAutodiff.evaluate(
        field.flatMap { gradient(of: $0.sum(), withRespectTo: variables) }, parameters: zero
      ).flatMap { $0 }
    }
    let expected = [gradientPenalty, -0.5, 0.5, 0]
    func largest(_ values: [Double]) -> Double { zip(values, expected).map { abs($0 - $1) }.max() ?? .nan }
    let together = try at0(Objective("value", value))
    return Claim(
      Claim.Theorem(
        "G7", "the field's Jacobian at 0 is [[gamma, -1/2], [1/2, 0]]",
        formula: #"J(0) (d, g)^\top = (\gamma d - g / 2, d / 2)^\top"#, .identity),
      "largest difference of an element", measured: largest(try at0(game)), .equal, 0, tolerance: 1e-12,
      control: .init("both players minimize the value", changed: "the critic's aim", measured: largest(together)))
  }

  private func convergence(_ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let steps = rule.steps
    let without = try play(
      LinearRule(rate: rule.schedule.peak).updateRule(steps: steps), trained, gradientPenalty: 0
    ).trajectory(from: start, steps: min(steps, 10_000))
    let first = euclideanNorm(start)
    return Claim(
      GameTheorems.convergence, GameTheorems.distance, measured: euclideanNorm(players(trained)) / first, .atMost, 1,
      tolerance: -1e-3,
      control: .init(
        "simultaneous steps without R1", changed: "R1",
        measured: euclideanNorm(without[without.count - 1]) / first))
  }
}
