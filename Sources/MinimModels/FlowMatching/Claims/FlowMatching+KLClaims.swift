import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// Claims about the density of a field's flow, each with a control that must fail. All in Double.

extension FlowMatching {
  // MARK: - FM14

  /// Data and noise of the normal part, from its velocity alone: alpha D + sigma N is x, and alpha' D + sigma' N the velocity.
  func velocityClaim(_ trained: Trained) throws -> Claim {
    let (count, d) = (64, dimensions), path = configuration.path
    let key = RandomKey(seed: 0).folding(.evaluation).folding(4)
    let points = (0..<UInt64(count * d)).map { key.normal(at: $0) }
    let times = (0..<count).map { (Double($0) + 0.5) / Double(count) }
    let (x, t) = (Tensor.input("x", shape: [count, d]), Tensor.input("t", shape: [count, 1]))
    let (posterior, factors) = (field.normal.posterior(x, t), path.factors(t))
    let velocity = field.normal.velocity(x, t)
    func difference(_ alpha: Tensor, _ sigma: Tensor) -> Tensor {
      // The solution of the two equations, by their determinant.
      let determinant = alpha * factors.sigmaRate - factors.alphaRate * sigma
      let data = (factors.sigmaRate * x - sigma * velocity) / determinant
      let noise = (alpha * velocity - factors.alphaRate * x) / determinant
      return MinimAutodiff.abs(data - posterior.data) + MinimAutodiff.abs(noise - posterior.noise)
    }
    let values = try trained.values(
      of: [
        difference(factors.alpha, factors.sigma), difference(factors.sigma, factors.alpha),
        MinimAutodiff.abs(posterior.data) + MinimAutodiff.abs(posterior.noise),
      ], inputs: ["x": points, "t": times])
    let scale = values[2].reduce(1, Swift.max)
    return Claim(
      Claim.Theorem(
        "FM14", "a velocity and its point say what of it is data and what is noise",
        formula: #"x = \alpha D + \sigma N, \quad v = \dot{\alpha} D + \dot{\sigma} N"#, .identity),
      "largest difference from both posterior means of the normal part, at \(count) points",
      measured:
        values[0].reduce(0, Swift.max), .equal, 0, tolerance: 1e-11 * scale, samples: count,
      control: .init("alpha and sigma exchanged", changed: "the factors", measured: values[1].reduce(0, Swift.max)))
  }

  // MARK: - FM6

  /// log |det dx0/dx| by the integral of the divergence, against whole Jacobians by differences of the flow.
  func jacobianClaim(_ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "FM6b", "the integral of the divergence is log |det| of the flow's whole Jacobian",
      formula: #"\int_0^1 \nabla \cdot v(x_t, t)\,dt = \log |\det \partial x_1 / \partial x_0|"#, .identity)
    let (d, count, step) = (dimensions, 8, 1e-4)
    guard d <= Self.jacobianDimensions else {
      return .notApplicable(
        theorem, "whole Jacobians are for \(Self.jacobianDimensions) values at most, and there are \(d)")
    }
    let flow = try FieldFlow(self, trained), halfTheSteps = try FieldFlow(self, steps: configuration.steps / 2, trained)
    let key = RandomKey(seed: 0).folding(.evaluation).folding(5)
    let points = flow.forward((0..<UInt64(count * d)).map { key.normal(at: $0) }).points
    // A fourth-order difference along each value: the error is of order step^4.
    let moves = [-2.0, -1, 1, 2].map { $0 * step }
    var moved: [Double] = []
    for point in 0..<count {
      for axis in 0..<d {
        for move in moves {
          var row = Array(points[point * d..<(point + 1) * d])
          row[axis] += move
          moved += row
        }
      }
    }
    let images = flow.inverse(moved).points
    let exact = try (0..<count).map { point in
      let matrix = Matrix(d, d) { row, axis in
        let first: Int = (point * d + axis) * 4
        let f: [Double] = moves.indices.map { images[(first + $0) * d + row] }
        let near: Double = 8 * (f[2] - f[1])
        return (f[0] - f[3] + near) / (12 * step)
      }
      return try matrix.logAbsDeterminant()
    }
    let found = flow.inverse(points).logDets, coarse = halfTheSteps.inverse(points).logDets
    let change = zip(found, coarse).map { Swift.abs($0 - $1) }.reduce(0, Swift.max)
    func largest(_ sign: Double) -> Double {
      var most = 0.0
      for (a, b) in zip(found, exact) { most = Swift.max(most, Swift.abs(sign * a - b)) }
      return most
    }
    return Claim(
      theorem, "largest difference at \(count) points, Jacobians by differences", unit: "nats", measured: largest(1),
      .equal, 0,
      tolerance: 1e-6 + 2 * change, samples: count, details: [("halfTheSteps", change)],
      control: .init(
        "the opposite sign", changed: "the divergence", measured: largest(-1),
        cannotFailIf: "the flow preserves volumes"))
  }

  private static let jacobianDimensions = 16

  /// The model's mass on a grid, by the integral of the divergence.
  func massClaim(_ density: any KnownDensity, _ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "FM6", "the density by the integral of the divergence has mass 1",
      formula: #"\int p_0(x_0) e^{-\int_0^1 \nabla \cdot v\,dt}\,dx_1 = 1"#, .identity)
    let flow = try FieldFlow(self, trained), halfTheSteps = try FieldFlow(self, steps: configuration.steps / 2, trained)
    let key = RandomKey(seed: 0).folding(.evaluation).folding(3)
    let noise = (0..<UInt64(4096 * dimensions)).map { 1.25 * key.normal(at: $0) }
    let box = try FieldFlow(self, divergences: .skipped, trained).forward(noise).box
    let (mass, without) = flow.mass(in: box, cells: Self.massCells)
    let coarse = [flow, halfTheSteps].map { $0.mass(in: box, cells: Self.massCells / 2).mass.value }
    let change = Swift.abs(coarse[0] - coarse[1])
    guard mass.error <= 1e-2, change <= 1e-2 else {
      return .notApplicable(
        theorem,
        "half as many cells change the mass by \(mass.error.roundedToMillionths), half as many steps by "
          + "\(change.roundedToMillionths): there are too few of them")
    }
    return Claim(
      theorem, "mass by a grid over a box that holds 4,096 wide samples", measured: mass.value, .equal, 1,
      tolerance: 1e-3 + 2 * mass.error + 2 * change,
      details: [("halfTheCells", mass.error), ("halfTheSteps", change)],
      control: .init("without the divergence", changed: "the density", measured: without))
  }

  private static let massCells = 48

  // MARK: - FM7

  /// FM7: KL(data, model) is not negative; FM7b: after training it is below what affine maps can reach.
  func klClaims(_ kl: QuadratureEstimate, _ start: Double, _ density: any KnownDensity) -> [Claim] {
    let bound = Claim.Theorem(
      "FM7", "KL(data, model) of the flow of a field is not negative",
      formula: #"\operatorname{KL}(p \,\|\, p_\theta) \ge 0"#, .bound)
    let outcome = Claim.Theorem(
      "FM7b", "the flow of the field is closer to the data than any affine map",
      formula:
        #"\operatorname{KL}(p \,\|\, p_\theta) \le \min_{\mu, \Sigma} \operatorname{KL}(p \,\|\, N(\mu, \Sigma))"#,
      .outcome)
    var claims = [
      kl.error <= 1e-2
        ? Claim(
          bound, "KL by a grid", unit: "nats", measured: kl.value, .atLeast, 0, tolerance: 1e-9 + 3 * kl.error,
          details: [("halfTheCellsOrSteps", kl.error)],
          control: .init(
            "a density of mass 2", changed: "the second density", measured: kl.value - Elementary.log(2),
            cannotFailIf: "the KL is more than ln 2 nats"))
        : .notApplicable(
          bound,
          "half as many cells or steps change the sum by \(kl.error.roundedToMillionths): the density is too sharp")
    ]
    if let floor = density.affineFloor(), floor.value > 1e-3 {
      claims.append(
        Claim(
          outcome, "KL by a grid", unit: "nats", measured: kl.value, .atMost, floor.value,
          // The start is at the floor, up to rounding.
          tolerance: -1e-3, details: [("halfTheCellsOrSteps", kl.error)],
          control: .init("the normal that training began with", changed: "the parameters", measured: start)))
    }
    return claims
  }

  // MARK: - FM11

  /// KL(data, model) with the initial parameters, that of a normal, with its change by half as many steps; and the KL of the
  /// noise itself.
  func startKL(_ density: any KnownDensity, _ trained: Trained) throws -> (model: QuadratureEstimate, noise: Double) {
    let vector = try ParameterVector(parameters, precision: .float64)
    vector.initialize(seed: trained.seed)
    let start = trained.with(vector), cells = Self.cells(of: density), fewer = cells.map { $0 / 4 * 3 }
    func kl(_ flow: FieldFlow, _ cells: [Int]) -> Double { flow.forwardKL(from: density, cells: cells, above: 1e-15) }
    let flow = try FieldFlow(self, start), halfTheSteps = try FieldFlow(self, steps: configuration.steps / 2, start)
    let (many, few) = (kl(flow, cells), kl(flow, fewer))
    let fine = Self.hasEdges(density) ? Self.extrapolated(many, few) : many
    let coarse = fine + kl(halfTheSteps, fewer) - few
    let still = try FieldFlow(of: { x, _ in x * 0 }, dimensions: dimensions, steps: 1, rule: .euler, start)
    return (QuadratureEstimate(fine, error: Swift.abs(fine - coarse)), kl(still, cells))
  }

  /// Before its first step the flow is the normal with the data's moments, whose KL is the affine floor.
  func startClaim(_ start: (model: QuadratureEstimate, noise: Double), _ density: any KnownDensity) -> Claim {
    let theorem = Claim.Theorem(
      "FM11", "before the first step the model is the normal with the data's moments, the best of all affine maps",
      formula:
        #"\operatorname{KL}(p \,\|\, p_{\theta_0}) = \min_{\mu, \Sigma} \operatorname{KL}(p \,\|\, N(\mu, \Sigma))"#,
      .identity)
    guard let floor = density.affineFloor() else {
      return .notApplicable(theorem, "the entropy of \(density.name) is not known")
    }
    guard start.model.error <= 1e-2 else {
      return .notApplicable(
        theorem,
        "half as many steps change the KL by \(start.model.error.roundedToMillionths): there are too few of them")
    }
    return Claim(
      theorem, "KL(data, model) at the start, against the affine floor", unit: "nats", measured: start.model.value,
      .equal,
      floor.value, tolerance: 1e-6 + 2 * floor.error + 2 * start.model.error,
      details: [("halfTheSteps", start.model.error)],
      control: .init(
        "the noise as it is", changed: "the field", measured: start.noise,
        cannotFailIf: "the data have the moments of the noise"))
  }
}
