import MinimKernels
import MinimNN

// Families of games around the run's own, which is one point of them.

extension Bilinear {
  /// G2b: the rates of several rules at the run's step size. G2c: the step sizes at which rules become unstable, by
  /// bisection on runs. G2d: the growth of the games of a family.
  func familyClaims(_ rule: UpdateRule, _ trained: Trained) throws -> [Claim] {
    guard configuration.phaseDiagram else { return [] }
    return try [
      trained.checking("G2b") { try sideBySide(rule.schedule.peak, trained) },
      trained.checking("G2c") { try boundaries(trained) }, trained.checking("G2d") { try map(trained) },
    ]
  }

  /// The same game under every rule, through the engine.
  private func sideBySide(_ rate: Double, _ trained: Trained) throws -> Claim {
    let singular = try singularValues()
    let rules = LinearRule.all(rate: rate)
    let measured = try rules.map {
      Trajectories.growth(try play($0, trained).trajectory(from: start, steps: 8 * Self.steps))
    }
    let expected = try rules.map { try GameRates($0).spectralRadius(singular) }
    func largest(_ rates: [Double]) -> Double { zip(measured, rates).map { abs($0 - $1) }.max() ?? .nan }
    return Claim(
      Claim.Theorem(
        "G2b", "each rule changes the norm by the spectral radius of its own step",
        formula: #"\lim_{k \to \infty} \|z_k\|^{1 / k} = \rho(A_{\text{rule}})"#, .outcome),
      "largest difference of the factor per step, \(rules.count) rules", measured: largest(expected), .equal, 0,
      tolerance: 2e-3, details: zip(rules, measured).map { ($0.name, $1) },
      control: .init(
        "the radius of the next rule", changed: "the rules",
        measured: largest(Array(expected.dropFirst()) + expected.prefix(1)), cannotFailIf: Self.stepsAreSmall))
  }

  /// Rules that are stable up to some step size, with that step size times the largest singular value, in theory.
  static var turning: [(rule: LinearRule, boundary: Double)] {
    [
      (LinearRule(rate: 1, .momentum(0), .extragradient), 1), (LinearRule(rate: 1, .optimistic), 1 / 3.0.squareRoot()),
      (LinearRule(rate: 1, .momentum(0), .alternating()), 2),
    ]
  }

  /// The measured step size at which each rule stops being stable, times the largest singular value.
  package func measuredBoundaries(_ trained: Trained) throws -> [Double] {
    let largest = try singularValues().first ?? .nan
    return try Self.turning.map { try GameBoundary.find($0.rule, self, trained) * largest }
  }

  private func boundaries(_ trained: Trained) throws -> Claim {
    let expected = Self.turning.map(\.boundary)
    let measured = try measuredBoundaries(trained)
    func largest(_ values: [Double]) -> Double { zip(measured, values).map { abs($0 - $1) }.max() ?? .nan }
    return Claim(
      Claim.Theorem(
        "G2c",
        "the largest stable rate times the largest singular value is 1 (extragradient), 1/sqrt 3 (optimistic), "
          + "2 (alternating)", formula: #"a_{\max} s_{\max} = 1, \; \frac{1}{\sqrt{3}}, \; 2"#, .outcome),
      "largest difference from a bisection on runs", measured: largest(expected), .equal, 0, tolerance: 1e-3,
      details: zip(Self.turning, measured).map { ($0.rule.name, $1) },
      control: .init(
        "the boundary of the next rule", changed: "the rules",
        measured: largest(Array(expected.dropFirst()) + expected.prefix(1))))
  }

  /// Games over step size and momentum, some of which grow and some of which shrink.
  private func map(_ trained: Trained) throws -> Claim {
    let grid = MomentumGrid(columns: 60, rows: 40)
    let measured = try grid.growth(self, trained, steps: 400)
    // A game that grows or shrinks by less than a hundredth per step is not judged.
    func wrongSide(_ radii: [Double]) -> Double {
      let judged = zip(measured, radii).filter { abs($0.1 - 1) > 0.01 }
      return Double(judged.count { ($0.0 > 1) != ($0.1 > 1) }) / Double(max(1, judged.count))
    }
    return Claim(
      Claim.Theorem(
        "G2d", "alternating games with momentum grow exactly if their spectral radius is above 1",
        formula: #"\|z_k\| \to \infty \iff \rho(A) > 1"#, .outcome),
      "share of \(grid.count) games on the wrong side", measured: wrongSide(try grid.radii(self, .alternating())),
      .equal, 0, tolerance: 1e-3, samples: grid.count,
      control: .init(
        "the radii of simultaneous steps", changed: "the dynamics",
        measured: wrongSide(try grid.radii(self, .simultaneous))))
  }
}

/// The step size at which a rule turns from stable to unstable.
enum GameBoundary {
  private static let steps = 4000

  /// Finds it by bisection, each time with a run of the engine from the game's own start.
  static func find(_ rule: LinearRule, _ game: Bilinear, _ trained: Trained) throws -> Double {
    let largest = try game.singularValues().first ?? .nan
    func isStable(_ rate: Double) throws -> Bool {
      let it = LinearRule(rate: rate, rule.descent, rule.dynamics, consensus: rule.consensus)
      let path = try Trajectories(game, it.updateRule(steps: steps), trained).trajectory(from: game.start, steps: steps)
      guard path.count > steps else { return false }
      // The largest norms over two stretches: a bounded game rotates, and its norm beats.
      func most(_ range: Range<Int>) -> Double { range.map { euclideanNorm(path[$0]) }.max() ?? .nan }
      let (early, late) = (most(steps / 2..<steps * 3 / 4), most(steps * 3 / 4..<steps))
      return late <= early * (1 + 1e-4 * Double(steps / 4)) || late < 1e-100
    }
    var (low, high) = (0.05 / largest, 4 / largest)
    while (high - low) * largest > 1e-4 {
      let middle = (low + high) / 2
      if try isStable(middle) { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
