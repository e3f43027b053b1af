import MinimKernels
import MinimNN

// Claims about the run's own rule on the game.

extension Bilinear {
  /// G1 and G2, if the rule's step is a matrix.
  func trajectoryClaims(_ rule: UpdateRule, _ trained: Trained) throws -> [Claim] {
    guard let own = LinearRule(rule) else {
      let reason = "the step of this optimizer and schedule is not a constant matrix"
      return [
        .notApplicable(GameTheorems.trajectory, reason), .notApplicable(Self.rateTheorem, reason),
      ]
    }
    return try [path(own, rule, trained), ending(own, rule, trained), growth(own, rule, trained)]
  }

  private static let rateTheorem = Claim.Theorem(
    "G2", "the norm changes by the spectral radius of a step",
    formula: #"\lim_{k \to \infty} \|z_k\|^{1 / k} = \rho(A)"#, .outcome)

  /// A rule with another step: plain alternating, or plain simultaneous for one that alternates.
  private func other(_ own: LinearRule) -> LinearRule {
    if case .alternating = own.dynamics { return own.plain(.simultaneous) }
    return own.plain(.alternating())
  }

  private func distance(_ found: [Double], _ exact: [Double]) -> Double {
    euclideanNorm(zip(found, exact).map(-)) / euclideanNorm(exact)
  }

  /// G1: the trajectory of the engine in Double, from the run's start.
  private func path(_ own: LinearRule, _ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let steps = min(Self.steps, rule.steps)
    let found = try Trajectories(self, rule, trained).trajectory(from: start, steps: steps)
    func largest(_ rule: LinearRule) -> Double {
      let exact = ExactGame(rule, matrix).trajectory(from: start, steps: found.count - 1)
      return zip(found, exact).map { distance($0, $1) }.max() ?? .nan
    }
    return Claim(
      GameTheorems.trajectory, "largest relative difference from powers of the step's matrix", measured: largest(own),
      .equal, 0, tolerance: 1e-10, details: [("steps", Double(found.count - 1))],
      control: .init(
        "the matrix of \(other(own).name)", changed: "the matrix", measured: largest(other(own)),
        cannotFailIf: Self.stepsAreSmall))
  }

  /// G1b: the end of the run itself, in the type that it trained in.
  private func ending(_ own: LinearRule, _ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "G1b", "the run ended where a power of its step's matrix leads", formula: #"z_K = A^K z_0"#, .outcome)
    guard !(rule.optimizer is Averaged), configuration.noise == 0 else {
      return .notApplicable(
        theorem, configuration.noise > 0 ? "the run has noise" : "the parameters are averages")
    }
    let found = players(trained.parameters)
    let isDouble = trained.parameters.precision == .float64
    let tolerance = (isDouble ? 1e-13 : 1e-6) * Double(100 + rule.steps)
    let (exact, wrong) = (ExactGame(own, matrix), ExactGame(other(own), matrix))
    return Claim(
      theorem, "relative difference", measured: distance(found, exact.end(from: start, steps: rule.steps)), .equal, 0,
      tolerance: tolerance, details: [("steps", Double(rule.steps))],
      control: .init(
        "the matrix of \(wrong.rule.name)", changed: "the matrix",
        measured: distance(found, wrong.end(from: start, steps: rule.steps)), cannotFailIf: Self.stepsAreSmall))
  }

  /// G2: the slope of log |z_k| over the second half of a trajectory.
  private func growth(_ own: LinearRule, _ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let singular = try singularValues()
    let expected = try GameRates(own).spectralRadius(singular)
    let isEven = (singular.first ?? 0) - (singular.last ?? 0) <= 1e-12 * (singular.first ?? 0)
    let tolerance = own.isNormal && isEven ? 1e-10 : 2e-3
    let measured = Trajectories.growth(
      try Trajectories(self, rule, trained).trajectory(from: start, steps: 4 * Self.steps))
    let rules: [LinearRule] = [.simultaneous, .alternating(), .extragradient].map { own.plain($0) }
    let rates = try rules.map { ($0.name, try GameRates($0).spectralRadius(singular)) }
    let control = rates.reduce(rates[0]) { abs($1.1 - expected) > abs($0.1 - expected) ? $1 : $0 }
    return Claim(
      Self.rateTheorem, "factor of the norm per step", measured: measured, .equal, expected, tolerance: tolerance,
      control: .init(
        "the spectral radius of \(control.0)", changed: "the rule", expected: control.1,
        cannotFailIf: abs(control.1 - expected) <= 2 * tolerance ? Self.stepsAreSmall : nil))
  }

  /// G0: the players approach their equilibrium.
  func convergence(_ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let steps = min(Self.steps, rule.steps)
    let plain = LinearRule(rate: rule.schedule.peak)
    let control = try Trajectories(self, plain.updateRule(steps: steps), trained).trajectory(from: start, steps: steps)
    let first = euclideanNorm(start)
    return Claim(
      GameTheorems.convergence, GameTheorems.distance,
      measured: euclideanNorm(players(trained.parameters)) / first, .atMost, 1, tolerance: -1e-3,
      control: .init(
        "plain simultaneous steps, which diverge", changed: "the rule",
        measured: euclideanNorm(control[control.count - 1]) / first))
  }
}
