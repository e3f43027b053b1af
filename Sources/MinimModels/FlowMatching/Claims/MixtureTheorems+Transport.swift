import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The ways from noise to data, and the rules that follow them: FM5, FM10, FM12.

extension MixtureTheorems {
  // MARK: - FM5

  static let ranks = Claim.Theorem(
    "FM5", "in one dimension ways do not cross: a point keeps its rank, Phi(x0) = F(x(1))",
    formula: #"\Phi(x(0)) = F(x(1))"#, .identity)

  static let learnedRanks = Claim.Theorem(
    "FM5b", "in one dimension the learned flow keeps ranks: noise goes to the point with the same share below it",
    formula: #"x_\theta(1) \approx F^{-1}(\Phi(x_0))"#,
    .outcome)

  func ranksClaims() throws -> [Claim] {
    guard dimensions == 1 else {
      let reason = "points have an order in one dimension only, and there are \(dimensions)"
      return [Self.ranks, Self.learnedRanks].map { .notApplicable($0, reason) }
    }
    let noise = (0...60).map { Double($0) / 10 - 3 }
    let normal = MarginalField(
      path, means: [mixture.mean], covariances: [Matrix(rows: mixture.covariance)], weights: [1])
    func ends(_ velocity: (Tensor, Tensor) -> Tensor) throws -> [Double] {
      try FieldFlow(of: velocity, dimensions: 1, steps: 100, divergences: .skipped, trained).forward(noise).points
    }
    func largest(_ ends: [Double]) -> Double {
      zip(noise, ends).reduce(0) { Swift.max($0, Swift.abs(normalShare($1.0) - mixture.share(below: $1.1))) }
    }
    let exact = noise.map { mixture.point(withShare: normalShare($0)) }
    func farthest(_ ends: [Double]) -> Double {
      zip(exact, ends).reduce(0) { Swift.max($0, Swift.abs($1.0 - $1.1)) }
    }
    let (closed, byNormal) = try (ends(closed.velocity), ends(normal.velocity))
    return [
      Claim(
        Self.ranks, "largest difference of the two at \(noise.count) points, 100 steps", measured: largest(closed),
        .equal, 0, tolerance: 1e-7, samples: noise.count,
        control: .init(
          "the field of the normal with the same moments", changed: "the field", measured: largest(byNormal),
          cannotFailIf: "the data are normal")),
      Claim(
        Self.learnedRanks, "largest distance from that point, for noise from -3 to 3",
        measured: farthest(try ends(model.field.velocity)), .atMost, 0.5 * farthest(byNormal), tolerance: 0,
        samples: noise.count,
        control: .init(
          "the field of the normal with the same moments", changed: "the field", measured: farthest(byNormal),
          cannotFailIf: "the data are normal")),
    ]
  }

  // MARK: - FM10

  static let budget = Claim.Theorem(
    "FM10", "E |Y|^2 is what the flow moves, plus what its ways are from straight, plus the floor",
    formula: #"\mathbb{E} \|Y\|^2 = \mathbb{E}[\|\Delta\|^2 + \|u - \Delta\|^2 + \|Y - u\|^2]"#, .statistical)

  /// E |Y|^2 = E |x(1) - x(0)|^2 + int E |u - (x(1) - x(0))|^2 dt + floor along the closed field's trajectories, over times that
  /// are uniform.
  func budgetClaim() throws -> Claim {
    let count = 512
    let fit = try FieldFit(model, mixture, times: .uniform, predicted: .velocity, trained)
    let second = fit.moments.reduce(0) { $0 + $1.weight * $1.square }
    let budget = try WayBudget(of: closed.velocity, dimensions: dimensions, noise: draws(count).noise, trained)
    let (sum, error) = Statistics.mean(zip(budget.moved, budget.bent).map { $0 + $1 })
    let z = (sum + fit.floor - second) / error
    return Claim(
      Self.budget, "the three parts by \(count) trajectories of the closed field, against E |Y|^2",
      measured: sum + fit.floor, .equal, second, tolerance: 4 * error, standardError: error, z: z,
      pValue: Statistics.normalTail(z), samples: count,
      details: [
        ("moved", Statistics.mean(budget.moved).mean), ("notStraight", Statistics.mean(budget.bent).mean),
        ("floor", fit.floor),
      ],
      control: .init("without the floor", changed: "the sum", measured: sum))
  }

  // MARK: - FM12

  static let order = Claim.Theorem(
    "FM12",
    "on the closed field the errors of Euler, Heun, and Runge and Kutta fall with the powers 1, 2 and 4 of a step",
    formula: #"\text{error} \propto h^k, \quad k = 1, 2, 4"#,
    .identity)

  func orderClaim() throws -> Claim {
    // Rounding is not far below the errors of the fourth order.
    let errors = try solverErrors([
      (.euler, 128), (.euler, 256), (.heun, 64), (.heun, 128), (.rungeKutta, 64), (.rungeKutta, 128),
    ])
    func slope(_ place: Int) -> Double { Elementary.log(errors[place] / errors[place + 1]) / Elementary.log(2) }
    let slopes = (euler: slope(0), heun: slope(2), fourth: slope(4))
    // How far each is from its order, in units of 0.1, 0.1 and 0.2.
    func largest(_ heun: Double) -> Double {
      let off: [Double] = [(slopes.euler - 1) / 0.1, (heun - 2) / 0.1, (slopes.fourth - 4) / 0.2]
      return off.map { Swift.abs($0) }.reduce(0, Swift.max)
    }
    return Claim(
      Self.order, "largest difference of a slope from its order, in units of 0.1, 0.1 and 0.2; 64 points",
      measured: largest(slopes.heun), .atMost, 1, tolerance: 0, samples: 64,
      details: [("euler", slopes.euler), ("heun", slopes.heun), ("rungeKutta", slopes.fourth)],
      control: .init("Euler's rule in the place of Heun's", changed: "the rule", measured: largest(slopes.euler)))
  }

  /// The distances of 64 points at t = 1 from where many steps bring them, for rules and their numbers of steps.
  func solverErrors(_ runs: [(SolverRule, Int)]) throws -> [Double] {
    let points = draws(64).noise
    func ends(_ rule: SolverRule, _ steps: Int) throws -> [Double] {
      let flow = try FieldFlow(
        of: closed.velocity, dimensions: dimensions, steps: steps, rule: rule, divergences: .skipped, chunk: 32, trained
      )
      return flow.forward(points).points
    }
    let reference = try ends(.rungeKutta, 512)
    return try runs.map { rule, steps in
      zip(try ends(rule, steps), reference).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
  }
}
