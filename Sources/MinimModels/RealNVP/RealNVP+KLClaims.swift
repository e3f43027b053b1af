import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// What the KL between a flow and a known density must be, each with a control that must fail. All in Double.

extension RealNVP {
  // MARK: - F2: one KL, two coordinates

  /// KL(P_X, P_F(U)) in x and KL(P_F^-1(X), P_U) in u are one number: sample by sample, and by grids of their own.
  ///
  /// - Parameter kl: KL(data, model) by a grid in x; nil where there is none.
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
    // A slope of the log density, times what rounding has moved a point by, is no error of the identity.
    let tolerance = 1e-10 * scale + 1e3 * moved
    let measured = places.map { abs(inX[$0] - inU[$0]) }.max() ?? .nan
    let control = places.map { abs(inX[$0]) }.max() ?? .nan
    let statement =
      "log(P_X / P_F(U)) at x is log(P_F^-1(X) / P_U) at u = F^-1(x): the largest difference of \(places.count) samples (nats)"
    guard control > tolerance else {
      return .notApplicable(
        "F2", statement, kind: .identity, reason: "the model is the data, so that no control can fail")
    }
    return Claim(
      "F2", statement, kind: .identity, measured: measured, .equal, 0, tolerance: tolerance, samples: places.count,
      control: .init(
        statement: "the same with P_U |det dF^-1/dx| for P_X, which makes every term 0", changed: "P_X",
        measured: control, fails: control > tolerance))
  }

  private func gridClaim(_ flow: TrainedFlow, _ density: some Density, _ kl: QuadratureEstimate?) -> Claim {
    let statement = "KL(P_F^-1(X), P_U) by a grid in u is KL(P_X, P_F(U)) by one in x (nats)"
    guard let inX = kl else {
      return .notApplicable("F2b", statement, kind: .identity, reason: "there is no grid over \(dimensions) dimensions")
    }
    let inU = flow.pulledBack(density, cells: Self.gridCells)
    let error = inX.error + inU.kl.error
    guard error <= 1e-3 else {
      return .notApplicable(
        "F2b", statement, kind: .identity,
        reason: "half as many cells change the sums by \(Self.short(error)): the density is too sharp for them")
    }
    let tolerance = 1e-6 + 4 * error
    let mass = inU.massWithInverse
    let control = abs(mass.value - 1)
    guard control > tolerance + mass.error else {
      return .notApplicable(
        "F2b", statement, kind: .identity, reason: "the map preserves volumes, so that no control can fail")
    }
    return Claim(
      "F2b", statement, kind: .identity, measured: inU.kl.value, .equal, inX.value, tolerance: tolerance,
      details: [("massInU", inU.mass.value), ("errorInX", inX.error), ("errorInU", inU.kl.error)],
      control: .init(
        statement: "the mass of P_X(F(u)) |det dF^-1/dx|, which is no density", changed: "the determinant",
        measured: mass.value, fails: control > tolerance + mass.error))
  }

  private static let gridCells = 600

  // MARK: - F3: the forward KL

  /// KL(data, model) is not negative, and after training below what affine maps can reach.
  func forwardClaims(_ kl: QuadratureEstimate?, _ trained: Trained) -> [Claim] {
    guard let density = trained.data.distribution?.density, let kl else { return [] }
    return [boundClaim("F3", "KL(data, model)", kl)] + (floorClaim(kl, density, trained).map { [$0] } ?? [])
  }

  /// Not below 0, where a control can be.
  private func boundClaim(_ id: String, _ name: String, _ kl: QuadratureEstimate) -> Claim {
    let statement = "\(name) by a grid is not negative (nats)"
    let tolerance = 1e-9 + 3 * kl.error
    guard kl.error <= 1e-2 else {
      return .notApplicable(
        id, statement, kind: .bound,
        reason: "half as many cells change the sum by \(Self.short(kl.error)): the density is too sharp for them")
    }
    let twice = kl.value - Elementary.log(2)
    guard twice < -tolerance else {
      return .notApplicable(
        id, statement, kind: .bound, reason: "with more than ln 2 nats, a density of mass 2 would not show")
    }
    return Claim(
      id, statement, kind: .bound, measured: kl.value, .atLeast, 0, tolerance: tolerance,
      details: [("halfTheCells", kl.error)],
      control: .init(
        statement: "the same with a density of mass 2", changed: "the model's density", measured: twice,
        fails: twice < -tolerance))
  }

  /// Below the affine floor: an outcome of training.
  private func floorClaim(_ kl: QuadratureEstimate, _ density: any Density, _ trained: Trained) -> Claim? {
    guard configuration.objective == .forwardKL, configuration.couplings > 0,
      let floor = (density as? any KnownDensity)?.affineFloor(), floor.value > 1e-3
    else { return nil }
    // Where training began the map is affine, so that its KL is above the floor.
    guard let start = try? initialKL(density, trained) else { return nil }
    return Claim(
      "F3b", "KL(data, model) is below what affine maps can reach (nats)", kind: .outcome, measured: kl.value, .atMost,
      floor.value, tolerance: 0, details: [("halfTheCells", kl.error)],
      control: .init(
        statement: "the affine map that training began with", changed: "the parameters", measured: start,
        fails: start > floor.value - 1e-9))
  }

  private func initialKL(_ density: any Density, _ trained: Trained) throws -> Double {
    // A flow that has learned nothing is smooth: half the cells of the density are enough.
    try TrainedFlow(self, trained.with(initialParameters(trained.seed))).forwardKL(
      from: density, cells: density.cells.map { $0 / 2 })
  }

  /// Those that training begins with, in Double.
  private func initialParameters(_ seed: UInt64) throws -> ParameterVector {
    let vector = try ParameterVector(parameters, precision: .float64)
    vector.initialize(seed: seed)
    return vector
  }

  // MARK: - F4: the reverse KL

  /// KL(model, target) is not negative, and the right sign of its gradient makes it smaller.
  func reverseClaims(_ flow: TrainedFlow, _ trained: Trained) throws -> [Claim] {
    guard configuration.objective == .reverseKL, dimensions <= 2, let density = trained.data.distribution?.density
    else { return [] }
    let kl = flow.reverseKL(to: density)
    let start = try initialParameters(trained.seed)
    let before = try TrainedFlow(self, trained.with(start)).reverseKL(to: density).value
    let wrong = try WrongSign(self, from: start, trained)
    return [
      boundClaim("F4", "KL(model, data)", kl),
      Claim(
        "F4b", "training made KL(model, data) smaller (nats)", kind: .outcome, measured: kl.value, .atMost, before,
        tolerance: 0, details: [("halfTheCells", kl.error), ("stepsOfTheControl", Double(wrong.steps))],
        control: .init(
          statement: "\(wrong.steps) steps of gradient descent, rate 0.1, with -KL for the KL", changed: "the sign",
          measured: wrong.last, fails: wrong.last > before)),
    ]
  }
}

/// Steps of plain gradient descent on the objective with its sign reversed: there is no minimum.
private struct WrongSign {
  /// Steps until the KL was above a million, or not finite any more; at most 100.
  let steps: Int
  /// The last finite KL, by draws; nats.
  let last: Double

  init(_ model: RealNVP, from start: ParameterVector, _ trained: Trained) throws {
    let engine = try StepEngine(
      parameters: start, optimizer: SGD(), batchSizes: [256],
      options: .init(shards: 4, clipNorm: nil, seed: trained.seed), pool: trained.pool,
      kernels: try KernelTable(level: trained.level, precision: .float64)
    ) { count in
      // Without annealing: the KL itself.
      let u = Tensor.normal(shape: [count, model.dimensions], purpose: .model)
      let ratios = model.target.map { model.logRatio(u, to: $0) } ?? model.baseLogProb(u)
      return Objective("sheet", -ratios.mean())
    }
    var (steps, last) = (0, -Double.infinity)
    while steps < 100, last < 1e6 {
      do {
        let result = try engine.step(steps + 1, examples: 256, rate: 0.1, decays: .one) { _, _ in }
        last = -result.loss
      } catch is NonFiniteStep { break }
      steps += 1
    }
    (self.steps, self.last) = (steps, last)
  }
}
