import MinimKernels
import MinimNN

// What the run's own rule makes of the game.

extension Bilinear {
  /// G1 and G2, where the rule's step is a matrix.
  func trajectoryClaims(_ rule: UpdateRule, _ trained: Trained) throws -> [Claim] {
    guard let own = LinearRule(rule) else {
      let reason = "the step of this optimizer and schedule is no constant matrix"
      return [
        .notApplicable("G1", Self.pathStatement, kind: .identity, reason: reason),
        .notApplicable("G2", Self.rateStatement, kind: .outcome, reason: reason),
      ]
    }
    return try [path(own, rule, trained), ending(own, rule, trained), growth(own, rule, trained)]
  }

  private static let pathStatement =
    "the trajectory is what powers of the step's matrix make of the start: the largest relative difference"
  private static let endStatement =
    "the run ended where a power of its step's matrix leads: the relative difference"
  private static let rateStatement = "the trajectory shrinks or grows by the spectral radius of its step"

  /// A rule whose step is another: plain alternating, or plain simultaneous for one that alternates.
  private func other(_ own: LinearRule) -> LinearRule {
    if case .alternating = own.dynamics { return own.plain(.simultaneous) }
    return own.plain(.alternating())
  }

  private func distance(_ found: [Double], _ exact: [Double]) -> Double {
    euclideanNorm(zip(found, exact).map(-)) / euclideanNorm(exact)
  }

  /// G1: of the engine in Double, from the run's start.
  private func path(_ own: LinearRule, _ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let steps = min(Self.steps, rule.steps)
    let found = try GamePlay(self, rule, trained).trajectory(from: start, steps: steps)
    func largest(_ rule: LinearRule) -> Double {
      let exact = ExactGame(rule, matrix).trajectory(from: start, steps: found.count - 1)
      return zip(found, exact).map { distance($0, $1) }.max() ?? .nan
    }
    let control = largest(other(own))
    return Claim(
      "G1", Self.pathStatement, kind: .identity, measured: largest(own), .equal, 0, tolerance: 1e-10,
      details: [("steps", Double(found.count - 1))],
      control: .init(
        statement: "the matrix of \(other(own).name)", changed: "the matrix", measured: control,
        fails: !(control <= 1e-10)))
  }

  /// G1b: of the run itself, in the type that it trained in.
  private func ending(_ own: LinearRule, _ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    guard !(rule.optimizer is Averaged), configuration.noise == 0 else {
      let reason = configuration.noise > 0 ? "the run has noise" : "the parameters are averages"
      return .notApplicable("G1b", Self.endStatement, kind: .outcome, reason: reason)
    }
    let found = players(trained.parameters)
    let isDouble = trained.parameters.precision == .float64
    let tolerance = (isDouble ? 1e-13 : 1e-6) * Double(100 + rule.steps)
    let (exact, wrong) = (ExactGame(own, matrix), ExactGame(other(own), matrix))
    let control = distance(found, wrong.end(from: start, steps: rule.steps))
    return Claim(
      "G1b", Self.endStatement, kind: .outcome, measured: distance(found, exact.end(from: start, steps: rule.steps)),
      .equal, 0, tolerance: tolerance, details: [("steps", Double(rule.steps))],
      control: .init(
        statement: "the matrix of \(wrong.rule.name)", changed: "the matrix", measured: control,
        fails: !(control <= tolerance)))
  }

  /// G2: the slope of log |z_k| over the second half of a trajectory.
  private func growth(_ own: LinearRule, _ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let singular = try singularValues()
    let expected = try GameRates(own).spectralRadius(singular)
    let isEven = (singular.first ?? 0) - (singular.last ?? 0) <= 1e-12 * (singular.first ?? 0)
    let tolerance = own.isNormal && isEven ? 1e-10 : 2e-3
    let measured = GamePlay.growth(try GamePlay(self, rule, trained).trajectory(from: start, steps: 4 * Self.steps))
    let rules: [LinearRule] = [.simultaneous, .alternating(), .extragradient].map { own.plain($0) }
    let rates = try rules.map { ($0.name, try GameRates($0).spectralRadius(singular)) }
    let control = rates.reduce(rates[0]) { abs($1.1 - expected) > abs($0.1 - expected) ? $1 : $0 }
    guard abs(control.1 - expected) > 2 * tolerance else {
      return .notApplicable(
        "G2", Self.rateStatement, kind: .outcome,
        reason: "at this step size the rates of all rules are one, so no control can fail")
    }
    return Claim(
      "G2", Self.rateStatement, kind: .outcome, measured: measured, .equal, expected, tolerance: tolerance,
      control: .init(
        statement: "the spectral radius of \(control.0)", changed: "the rule", measured: control.1,
        fails: abs(measured - control.1) > tolerance))
  }

  /// G0: that the players come nearer to their equilibrium.
  func convergence(_ rule: UpdateRule, _ trained: Trained) throws -> Claim {
    let steps = min(Self.steps, rule.steps)
    let plain = LinearRule(rate: rule.schedule.peak)
    let control = try GamePlay(self, plain.updateRule(steps: steps), trained).trajectory(from: start, steps: steps)
    let first = euclideanNorm(start)
    let grown = euclideanNorm(control[control.count - 1]) / first
    return Claim(
      "G0", "the run converges: the players are nearer to 0 than at the start, by the factor", kind: .outcome,
      measured: euclideanNorm(players(trained.parameters)) / first, .atMost, 1, tolerance: -1e-3,
      control: .init(
        statement: "plain simultaneous steps, which never do", changed: "the rule", measured: grown, fails: grown > 1))
  }
}
