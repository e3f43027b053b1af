import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The ways from noise to data, and the rules that follow them: FM5, FM10, FM12.

extension MixtureTheorems {
  // MARK: - FM5

  static let ranks = Claim.Theorem(
    "FM5", "in one dimension ways do not cross: a point keeps its rank, Phi(x0) = F(x(1))", .identity)

  func ranksClaim() throws -> Claim {
    guard dimensions == 1 else {
      return .notApplicable(Self.ranks, "points have an order in one dimension only, and there are \(dimensions)")
    }
    let noise = (0...60).map { Double($0) / 10 - 3 }
    func largest(_ field: MarginalField) throws -> Double {
      let flow = try FieldFlow(of: field.velocity, dimensions: 1, steps: 100, divergences: .skipped, trained)
      return zip(noise, flow.forward(noise).points).reduce(0) {
        Swift.max($0, Swift.abs(normalShare($1.0) - mixture.share(below: $1.1)))
      }
    }
    let normal = MarginalField(
      path, means: [mixture.mean], covariances: [Matrix(rows: mixture.covariance)], weights: [1])
    return Claim(
      Self.ranks, "largest difference of the two at \(noise.count) points, 100 steps", measured: try largest(closed),
      .equal, 0, tolerance: 1e-7, samples: noise.count,
      control: .init(
        "the field of the normal with the same moments", changed: "the field", measured: try largest(normal),
        cannotFailIf: "the data are normal"))
  }

  // MARK: - FM10

  static let budget = Claim.Theorem(
    "FM10", "E |Y|^2 is what the flow moves, plus what its ways are from straight, plus the floor", .statistical)

  /// E |Y|^2 = E |x(1) - x(0)|^2 + int E |u - (x(1) - x(0))|^2 dt + floor along the closed field's trajectories, over times that
  /// are uniform.
  func budgetClaim() throws -> Claim {
    let count = 512, d = dimensions, rule = GaussLegendre(16)
    let fit = try FieldFit(model, mixture, times: .uniform, predicted: .velocity, trained)
    let second = fit.moments.reduce(0) { $0 + $1.weight * $1.square }
    let noise = Array(draws(count).noise)
    let flow = try FieldFlow(of: closed.velocity, dimensions: d, steps: 4, divergences: .skipped, trained)
    var states = [noise], time = 0.0
    for next in rule.nodes + [1] {
      states.append(flow.flow(states[states.count - 1], from: time, to: next).points)
      time = next
    }
    let (x, t) = (Tensor.input("x", shape: [16 * count, d]), Tensor.input("t", shape: [16 * count, 1]))
    let velocities = try trained.values(
      of: [closed.velocity(x, t)],
      inputs: [
        "x": states.dropFirst().dropLast().flatMap { $0 },
        "t": rule.nodes.flatMap { [Double](repeating: $0, count: count) },
      ])[0]
    let ends = states[states.count - 1]
    var (moved, bent): ([Double], [Double]) = ([], [])
    for point in 0..<count {
      var (length, defect) = (0.0, 0.0)
      for i in point * d..<(point + 1) * d {
        let way: Double = ends[i] - noise[i]
        length += way * way
        for node in 0..<16 {
          let off: Double = velocities[node * count * d + i] - way
          defect += rule.weights[node] * off * off
        }
      }
      moved.append(length)
      bent.append(defect)
    }
    let (sum, error) = Statistics.mean(zip(moved, bent).map { $0 + $1 }), z = (sum + fit.floor - second) / error
    return Claim(
      Self.budget, "the three parts by \(count) trajectories of the closed field, against E |Y|^2",
      measured: sum + fit.floor, .equal, second, tolerance: 4 * error, standardError: error, z: z,
      pValue: Statistics.normalTail(z), samples: count,
      details: [
        ("moved", Statistics.mean(moved).mean), ("notStraight", Statistics.mean(bent).mean), ("floor", fit.floor),
      ],
      control: .init("without the floor", changed: "the sum", measured: sum))
  }

  // MARK: - FM12

  static let order = Claim.Theorem(
    "FM12",
    "on the closed field the errors of Euler, Heun, and Runge and Kutta fall with the powers 1, 2 and 4 of a step",
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

/// Phi(z).
private func normalShare(_ z: Double) -> Double {
  let tail = Statistics.normalTail(z) / 2
  return z < 0 ? tail : 1 - tail
}

extension GaussianMixture {
  /// The mass below x in one dimension.
  fileprivate func share(below x: Double) -> Double {
    weights.indices.reduce(0) {
      $0 + weights[$1] * normalShare((x - means[$1][0]) / covariances[$1][0][0].squareRoot())
    }
  }
}
