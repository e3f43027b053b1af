import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// Claims about the KL between a flow and a known density, each with a control that must fail. All in Double.

extension RealNVP {
  // MARK: - F2: one KL, two coordinates

  /// KL(P_X, P_F(U)) in x and KL(P_F^-1(X), P_U) in u are the same number: sample by sample, and each by a grid of its
  /// own.
  ///
  /// - Parameter kl: KL(data, model) by a grid in x; nil if there is none.
  func coordinateClaims(_ flow: TrainedFlow, _ kl: QuadratureEstimate?, _ trained: Trained) throws -> [Claim] {
    guard let density = trained.data.distribution?.density else { return [] }
    return try [sampleClaim(flow, density, trained), gridClaim(flow, density, kl)]
  }

  /// log P_X(x) - log P_F(U)(x) is log P_F^-1(X)(u) - log P_U(u) at u = F^-1(x).
  private func sampleClaim(_ flow: TrainedFlow, _ density: any Density, _ trained: Trained) throws -> Claim {
    let points = try (density as? any KnownDensity).map { freshPoints(1000, $0, trained) } ?? draws(1000, trained)
    let back = flow.inverse(points)
    let there = flow.forward(back.points)
    let base = flow.baseLogProbs(back.points)
    let inX = zip(density.logProbs(points), zip(base, back.logDets)).map { $0 - $1.0 - $1.1 }
    let inU = zip(density.logProbs(there.points), zip(base, there.logDets)).map { $0 + $1.1 - $1.0 }
    let places = inX.indices.filter { inX[$0].isFinite && inU[$0].isFinite }
    let moved = zip(points, there.points).reduce(0) { Swift.max($0, abs($1.0 - $1.1)) }
    let scale = places.reduce(1) { Swift.max($0, abs(inX[$1])) }
    // A slope of the log density, times the distance by which rounding moves a point, is not an error of the identity.
    let tolerance = 1e-10 * scale + 1e3 * moved
    return Claim(
      Claim.Theorem(
        "F2", "log(P_X / P_F(U)) at x is log(P_F^-1(X) / P_U) at u = F^-1(x)",
        formula: #"\log \frac{p_X}{p_{F(U)}}(x) = \log \frac{p_{F^{-1}(X)}}{p_U}(F^{-1}(x))"#, .identity),
      "largest difference of \(places.count) samples", unit: "nats",
      measured: places.map { abs(inX[$0] - inU[$0]) }.max() ?? .nan, .equal, 0, tolerance: tolerance,
      samples: places.count,
      control: .init(
        "P_U |det dF^-1/dx| in u, which makes every term there 0", changed: "P_X",
        measured: places.map { abs(inX[$0]) }.max() ?? .nan, cannotFailIf: "the model is the data"))
  }

  private func gridClaim(_ flow: TrainedFlow, _ density: some Density, _ kl: QuadratureEstimate?) -> Claim {
    let theorem = Claim.Theorem(
      "F2b", "KL(P_F^-1(X), P_U) in u is KL(P_X, P_F(U)) in x",
      formula: #"\operatorname{KL}(p_{F^{-1}(X)} \,\|\, p_U) = \operatorname{KL}(p_X \,\|\, p_{F(U)})"#, .identity)
    guard let inX = kl else { return .notApplicable(theorem, "there is no grid over \(dimensions) dimensions") }
    let inU = Self.resolved { flow.pulledBack(density, cells: $0) }
    let error = inX.error + inU.kl.error
    guard error <= 1e-3 else {
      return .notApplicable(
        theorem, "half as many cells change the sums by \(error.roundedToMillionths): the density is too sharp for them"
      )
    }
    return Claim(
      theorem, "KL by a grid in u, against one in x", unit: "nats", measured: inU.kl.value, .equal, inX.value,
      tolerance: 1e-6 + 4 * error,
      details: [("massInU", inU.mass.value), ("errorInX", inX.error), ("errorInU", inU.kl.error)],
      control: .init(
        "P_X(F(u)) |det dF^-1/dx| in u", changed: "the determinant", measured: inU.klWithInverse,
        cannotFailIf: Self.preservesVolumes))
  }

  /// The sums over a grid in u, on a finer one if they do not resolve the density. The density has mass 1 in u whatever
  /// the map: missing mass shows what half as many cells, which may happen to give nearly the same KL, do not.
  private static func resolved(_ sums: (_ cells: Int) -> PulledBackDensity) -> PulledBackDensity {
    let plain = sums(gridCells)
    let isResolved = plain.kl.error <= 1e-3 && abs(plain.mass.value - 1) <= 1e-4
    return isResolved ? plain : sums(2 * gridCells)
  }

  private static let gridCells = 600

  // MARK: - F3: the forward KL

  /// F3: KL(data, model) is not negative, and after training it is below what affine maps can reach.
  func forwardClaims(_ kl: QuadratureEstimate?, _ trained: Trained) -> [Claim] {
    guard let density = trained.data.distribution?.density, let kl else { return [] }
    let theorem = Claim.Theorem(
      "F3", "KL(data, model) is not negative", formula: #"\operatorname{KL}(p \,\|\, p_\theta) \ge 0"#, .bound)
    return [boundClaim(theorem, kl)] + (floorClaim(kl, density, trained).map { [$0] } ?? [])
  }

  private func boundClaim(_ theorem: Claim.Theorem, _ kl: QuadratureEstimate) -> Claim {
    guard kl.error <= 1e-2 else {
      return .notApplicable(
        theorem,
        "half as many cells change the sum by \(kl.error.roundedToMillionths): the density is too sharp for them")
    }
    return Claim(
      theorem, "KL by a grid", unit: "nats", measured: kl.value, .atLeast, 0, tolerance: 1e-9 + 3 * kl.error,
      details: [("halfTheCells", kl.error)],
      control: .init(
        "a density of mass 2", changed: "the second density", measured: kl.value - Elementary.log(2),
        cannotFailIf: "the KL is more than ln 2 nats"))
  }

  /// F3b: the KL is below the affine floor, an outcome of training.
  private func floorClaim(_ kl: QuadratureEstimate, _ density: any Density, _ trained: Trained) -> Claim? {
    guard configuration.objective == .forwardKL, configuration.couplings > 0,
      let floor = (density as? any KnownDensity)?.affineFloor(), floor.value > 1e-3
    else { return nil }
    // The initial map is affine, so its KL is above the floor.
    guard let start = try? initialKL(density, trained) else { return nil }
    return Claim(
      Claim.Theorem(
        "F3b", "KL(data, model) is below what affine maps can reach",
        formula:
          #"\operatorname{KL}(p \,\|\, p_\theta) \le \min_{\mu, \Sigma} \operatorname{KL}(p \,\|\, N(\mu, \Sigma))"#,
        .outcome), "KL by a grid",
      unit: "nats", measured: kl.value, .atMost, floor.value, tolerance: 0, details: [("halfTheCells", kl.error)],
      control: .init(
        "the affine map that training began with", changed: "the parameters", measured: start,
        cannotFailIf: "training began with the best affine map"))
  }

  private func initialKL(_ density: any Density, _ trained: Trained) throws -> Double {
    // A flow that has learned nothing is smooth: half the cells of the density are enough.
    try TrainedFlow(self, trained.with(initialParameters(trained.seed))).forwardKL(
      from: density, cells: density.cells.map { $0 / 2 })
  }

  /// The initial parameters, in Double.
  private func initialParameters(_ seed: UInt64) throws -> ParameterVector {
    let vector = try ParameterVector(parameters, precision: .float64)
    vector.initialize(seed: seed)
    return vector
  }

  // MARK: - F4: the reverse KL

  /// F4: KL(model, target) is not negative, and its gradient with the right sign makes it smaller.
  func reverseClaims(_ flow: TrainedFlow, _ trained: Trained) throws -> [Claim] {
    guard configuration.objective == .reverseKL, dimensions <= 2, let density = trained.data.distribution?.density
    else { return [] }
    let kl = flow.reverseKL(to: density)
    let theorem = Claim.Theorem(
      "F4", "KL(model, data) is not negative", formula: #"\operatorname{KL}(p_\theta \,\|\, p) \ge 0"#, .bound)
    return [boundClaim(theorem, kl), try descentClaim(kl, density, trained)]
  }

  private func descentClaim(_ kl: QuadratureEstimate, _ density: any Density, _ trained: Trained) throws -> Claim {
    let start = try initialParameters(trained.seed)
    let before = try TrainedFlow(self, trained.with(start)).reverseKL(to: density).value
    let wrong = try WrongSign(self, from: start, trained)
    return Claim(
      Claim.Theorem(
        "F4b", "training made KL(model, data) smaller",
        formula: #"\operatorname{KL}(p_\theta \,\|\, p) \le \operatorname{KL}(p_{\theta_0} \,\|\, p)"#, .outcome),
      "KL by a grid, against that at the start",
      unit: "nats", measured: kl.value, .atMost, before, tolerance: 0,
      details: [("halfTheCells", kl.error), ("stepsOfTheControl", Double(wrong.steps))],
      control: .init(
        "\(wrong.steps) steps of gradient descent on -KL, rate 0.1", changed: "the sign", measured: wrong.last))
  }
}

/// Steps of plain gradient descent on the objective with its sign reversed: there is no minimum.
private struct WrongSign {
  /// The number of steps until the KL was above a million or not finite; at most 100.
  let steps: Int
  /// The last finite KL, by draws; nats.
  let last: Double

  init(_ model: RealNVP, from start: ParameterVector, _ trained: Trained) throws {
    let rule = UpdateRule(optimizer: SGD(), schedule: Schedule(peak: 0.1, steps: 100), steps: 100)
    let trainer = try Trainer(start, rule, like: trained, draws: 256, shards: 4) { count in
      // Without annealing: the KL itself.
      let u = Tensor.normal(shape: [count, model.dimensions], purpose: .model)
      let ratios = model.target.map { model.logRatio(u, to: $0) } ?? model.baseLogProb(u)
      return Objective("-reverseKL", -ratios.mean())
    }
    var (steps, last) = (0, -Double.infinity)
    while steps < rule.steps, last < 1e6 {
      do {
        last = -(try trainer.step(steps + 1).loss)
      } catch is NonFiniteStep { break }
      steps += 1
    }
    (self.steps, self.last) = (steps, last)
  }
}
