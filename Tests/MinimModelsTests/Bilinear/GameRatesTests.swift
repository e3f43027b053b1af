import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Rates of bilinear games against the sheet, the exact matrix and runs.
@Suite struct GameRatesTests {
  private static func radius(_ rule: LinearRule) throws -> Double { try GameRates(rule).spectralRadius(1) }

  @Test("rates that are known in closed form", arguments: [0.1, 0.3, 0.7])
  func closedForms(_ t: Double) throws {
    #expect(abs(try Self.radius(LinearRule(rate: t)) - (1 + t * t).squareRoot()) < 1e-12)
    #expect(abs(try Self.radius(LinearRule(rate: t, .momentum(0), .alternating())) - 1) < 1e-12)
    #expect(
      abs(try Self.radius(LinearRule(rate: t, .momentum(0), .extragradient)) - (1 - t * t + t * t * t * t).squareRoot())
        < 1e-12)
    let damped = 1 - t * 0.7
    #expect(
      abs(try Self.radius(LinearRule(rate: t, consensus: 0.7)) - (damped * damped + t * t).squareRoot()) < 1e-12)
  }

  @Test("metrics of the theory: negative momentum, and the best step of optimism, a double root")
  func metrics() throws {
    #expect(abs(try Self.radius(LinearRule(rate: 0.5, .momentum(-0.5))) - 1.0201) < 1e-4)
    #expect(abs(try Self.radius(LinearRule(rate: 0.5, .momentum(-0.5), .alternating())) - 0.9625) < 1e-4)
    #expect(abs(try Self.radius(LinearRule(rate: 0.5, .optimistic)) - 0.5.squareRoot()) < 1e-6)
    #expect(
      abs(try Self.radius(LinearRule(rate: 0.5.squareRoot(), .momentum(0), .extragradient)) - 0.75.squareRoot()) < 1e-12
    )
  }

  @Test("the polynomial is that of the step's matrix, whatever the rule: its roots are eigenvalues")
  func eigenvalues() throws {
    let first = Dynamics.alternating(order: ["generator", "critic"])
    let descents: [LinearRule.Descent] = [.momentum(0), .momentum(-0.4), .momentum(0.3), .optimistic]
    for descent in descents {
      for dynamics in [Dynamics.simultaneous, .alternating(), first, .extragradient] {
        for consensus in [0, 0.3] {
          let rule = LinearRule(rate: 0.37, descent, dynamics, consensus: consensus)
          let step = ExactGame(rule, matrix: [1.3], n: 1).stepValues
          let largest = try LAPACK.eigenvalues(step, n: 4).map {
            ($0.real * $0.real + $0.imaginary * $0.imaginary).squareRoot()
          }.max()
          #expect(abs(try GameRates(rule).spectralRadius(1.3) - (largest ?? 0)) < 1e-9, "\(rule.name)")
        }
      }
    }
    for times in [2, 3, 5] {
      let rule = LinearRule(rate: 0.37, .momentum(0), .alternating(firstSteps: times), consensus: 0.2)
      let step = ExactGame(rule, matrix: [1.3], n: 1).stepValues
      let largest = try LAPACK.eigenvalues(step, n: 4).map {
        ($0.real * $0.real + $0.imaginary * $0.imaginary).squareRoot()
      }.max()
      #expect(abs(try GameRates(rule).spectralRadius(1.3) - (largest ?? 0)) < 1e-9)
    }
  }

  /// The step size up to which runs do not grow, by bisection.
  private static func boundary(
    _ range: ClosedRange<Double>, steps: Int, limit: Double, _ rule: (Double) -> LinearRule
  ) throws -> Double {
    let game = SmallGame([1], [1], [0.5])
    var (low, high) = (range.lowerBound, range.upperBound)
    while high - low > 2e-4 {
      let middle = (low + high) / 2
      let path = try game.trajectory(rule(middle), steps: steps)
      // Numbers that end have grown without bound.
      guard path.count > steps else {
        high = middle
        continue
      }
      // A norm that turns in place is compared over many steps.
      let (early, late) = (
        path[steps / 4..<steps / 2].map(norm).max() ?? 0, path.suffix(steps / 4).map(norm).max() ?? 0
      )
      if late > limit * early { high = middle } else { low = middle }
    }
    return (low + high) / 2
  }

  @Test("runs converge, or stay bounded, up to the step sizes of the theory, and no farther")
  func boundaries() throws {
    let optimistic = try Self.boundary(0.3...0.9, steps: 2000, limit: 1) { LinearRule(rate: $0, .optimistic) }
    #expect(abs(optimistic - 1 / 3.0.squareRoot()) < 1e-3, "\(optimistic)")
    let ahead = try Self.boundary(0.6...1.4, steps: 2000, limit: 1) {
      LinearRule(rate: $0, .momentum(0), .extragradient)
    }
    #expect(abs(ahead - 1) < 1e-3, "\(ahead)")
    let turns = try Self.boundary(1.5...2.5, steps: 2000, limit: 1.5) {
      LinearRule(rate: $0, .momentum(0), .alternating())
    }
    #expect(abs(turns - 2) < 1e-3, "\(turns)")
    let three = try Self.boundary(0.8...1.8, steps: 2000, limit: 1.5) {
      LinearRule(rate: $0, .momentum(0), .alternating(firstSteps: 3))
    }
    #expect(abs(three - 2 / 3.0.squareRoot()) < 1e-3, "\(three)")
  }
}
