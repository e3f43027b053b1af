import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The claims of a field, each with a control that must fail. All in Double.

extension FlowMatching {
  /// FM1: continuity of the closed field. FM3: the error in two parts. FM6: the density by the divergence. FM7: the KL. FM11: the
  /// start. FM12: the orders of the rules. FM14: what a velocity says about data and noise.
  package func claims(_ trained: Trained) throws -> [Claim] {
    let precise = try trained.inDouble()
    let own = try [velocityClaim(precise), trained.checking("FM6") { try jacobianClaim(precise) }]
    guard let density = trained.data.distribution?.density as? any KnownDensity, dimensions <= 2, scaling == nil else {
      return own
    }
    let kl = try trained.checking("FM7") { try forwardKL(density, precise) }
    let start = try trained.checking("FM11") { try startKL(density, precise) }
    return try own + fieldClaims(density, precise) + trained.checking("FM6") { [try massClaim(density, precise)] }
      + klClaims(kl, start.model.value, density) + [startClaim(start, density)]
  }

  /// What is known only if the data are a mixture of normals: then every p_t is one too.
  private func fieldClaims(_ density: any KnownDensity, _ trained: Trained) throws -> [Claim] {
    guard let mixture = density as? GaussianMixture else {
      let reason = "\(density.name) is not a mixture of normals: its field has no closed form here"
      return [Self.continuity, Self.parts, Self.drawnParts, Self.order].map { .notApplicable($0, reason) }
    }
    let closed = MarginalField(configuration.path, mixture)
    return try trained.checking("FM1") { [try continuityClaim(closed, mixture, trained)] }
      + trained.checking("FM3") { try partClaims(closed, mixture, trained) }
      + trained.checking("FM12") { [try orderClaim(closed, mixture, trained)] }
  }

  /// Draws of the data and of noise, and times, for claims: the same for every seed.
  private func claimDraws(_ count: Int, _ density: any KnownDensity) -> (
    data: [Double], noise: [Double], times: [Double]
  ) {
    let key = RandomKey(seed: 0).folding(.evaluation)
    let (rows, noise, times) = (key.folding(0), key.folding(1), key.folding(2))
    return (
      (0..<UInt64(count)).flatMap { density.draw(rows.folding($0)) },
      (0..<UInt64(count * dimensions)).map { noise.normal(at: $0) }, (0..<UInt64(count)).map { times.uniform(at: $0) }
    )
  }

  /// The point on the way of draws at times, and the velocity there given both ends: [n, d] each.
  private func way(_ data: Tensor, _ noise: Tensor, _ t: Tensor) -> (point: Tensor, velocity: Tensor) {
    let factors = configuration.path.factors(t)
    return (factors.alpha * data + factors.sigma * noise, factors.alphaRate * data + factors.sigmaRate * noise)
  }

  // MARK: - FM1

  private static let continuity = Claim.Theorem(
    "FM1", "the closed field moves p_t: d/dt log p_t + div u + u . grad log p_t is 0", .identity)

  /// The residual of the continuity equation at draws, with derivatives by the engine; the control is the field given both
  /// ends, which moves something else.
  private func continuityClaim(_ closed: MarginalField, _ mixture: GaussianMixture, _ trained: Trained) throws -> Claim
  {
    let (count, d) = (1000, dimensions)
    let draws = claimDraws(count, mixture)
    let data = Tensor.input("data", shape: [count, d]), noise = Tensor.input("noise", shape: [count, d])
    let (x, t) = (Tensor.input("x", shape: [count, d]), Tensor.input("t", shape: [count, 1]))
    let logProb = closed.posterior(x, t).logProb
    let derivatives = gradient(of: logProb.sum(), withRespectTo: [x, t])
    func residual(_ u: Tensor, _ divergence: Tensor) -> Tensor {
      derivatives[1].reshape([count]) + divergence + (u * derivatives[0]).sum(axes: [1])
    }
    let u = closed.velocity(x, t)
    let factors = configuration.path.factors(t)
    // Given x1 the field is alpha' x1 + sigma' (x - alpha x1) / sigma, whose divergence is d sigma' / sigma.
    let given = factors.alphaRate * data + factors.sigmaRate * noise
    let rate = (factors.sigmaRate / factors.sigma).reshape([count]) * Double(d)
    let terms = MinimAutodiff.abs(derivatives[1].reshape([count])) + MinimAutodiff.abs(divergence(of: u, x)) + 1
    // The ends are left out: there a factor is 0.
    let times = draws.times.map { 0.01 + 0.98 * $0 }
    let (point, _) = way(data, noise, t)
    let points = try trained.values(of: [point], inputs: ["data": draws.data, "noise": draws.noise, "t": times])[0]
    let values = try trained.values(
      of: [residual(u, divergence(of: u, x)) / terms, residual(given, rate) / terms],
      inputs: ["x": points, "t": times, "data": draws.data, "noise": draws.noise])
    let largest = values.map { $0.reduce(0) { Swift.max($0, Swift.abs($1)) } }
    return Claim(
      Self.continuity, "largest residual at \(count) draws, over the sum of the terms", measured: largest[0], .equal, 0,
      tolerance: 1e-10, samples: count,
      control: .init("the field given both ends of a draw", changed: "the field", measured: largest[1]))
  }

  // MARK: - FM3

  private static let parts = Claim.Theorem(
    "FM3", "E |Y|^2 less E |E[Y given x_t]|^2 is the mean of tr Cov(Y given x_t): the floor of the squared error",
    .identity)
  private static let drawnParts = Claim.Theorem(
    "FM3b", "the squared error of drawn ways is that of the field, the fit, plus the floor", .statistical)

  private func partClaims(_ closed: MarginalField, _ mixture: GaussianMixture, _ trained: Trained) throws -> [Claim] {
    let fit = try FieldFit(self, mixture, trained)
    let count = 50_000, d = dimensions, chunk = 1000
    let draws = claimDraws(count, mixture)
    let data = Tensor.input("data", shape: [chunk, d]), noise = Tensor.input("noise", shape: [chunk, d])
    let other = Tensor.input("other", shape: [chunk, d]), t = Tensor.input("t", shape: [chunk, 1])
    let factors = configuration.path.factors(t), (x, _) = way(data, noise, t)
    let (mean, value) = (closed.velocity(x, t), field.velocity(x, t))
    func excess(_ noise: Tensor) -> Tensor {
      let target = factors.alphaRate * data + factors.sigmaRate * noise
      return square(value - target).sum(axes: [1]) - square(value - mean).sum(axes: [1])
    }
    let evaluator = try BatchEvaluator(
      [[concatenate([excess(noise), excess(other)].map { $0.reshape([chunk, 1]) }, axis: 1)]], chunk: chunk, trained)
    let shifted = Array(draws.noise.dropFirst(2 * d) + draws.noise.prefix(2 * d))
    let times = draws.times.map { quantile($0) }
    let rows = evaluator.gather(count, width: 2) { range, worker, results in
      for (name, values, width) in [
        ("data", draws.data, d), ("noise", draws.noise, d), ("other", shifted, d), ("t", times, 1),
      ] {
        let input = worker.input(named: name)
        for index in 0..<range.count * width { input?[index] = values[range.lowerBound * width + index] }
      }
      let values = worker.run()
      for index in results.indices { results[index] = values[index] }
    }
    let (measured, error) = Statistics.mean(stride(from: 0, to: rows.count, by: 2).map { rows[$0] })
    let wrong = Statistics.mean(stride(from: 1, to: rows.count, by: 2).map { rows[$0] }).mean
    let z = (measured - fit.floor) / error
    return [
      floorClaim(fit),
      Claim(
        Self.drawnParts, "mean of |v - Y|^2 - |v - E[Y given x_t]|^2 over \(count) draws, against the floor",
        measured: measured, .equal, fit.floor, tolerance: 4 * error, standardError: error, z: z,
        pValue: Statistics.normalTail(z), samples: count, details: [("fit", fit.fit)],
        control: .init("the noise of another draw in Y", changed: "Y", measured: wrong)),
    ]
  }

  private func floorClaim(_ fit: FieldFit) -> Claim {
    let mass = fit.moments.map { Swift.abs($0.mass - 1) }.reduce(0, Swift.max)
    return Claim(
      Self.parts, "the floor by second moments, against the one by the divergence of E[x1 given x_t]",
      measured: fit.floor,
      .equal, fit.covariance, tolerance: 1e-6 + 10 * mass, details: [("fit", fit.fit), ("missingMass", mass)],
      control: .init(
        "without E |E[Y given x_t]|^2", changed: "the floor", measured: fit.square,
        cannotFailIf: "the data are one point"))
  }

  /// The time of training at a uniform number.
  private func quantile(_ u: Double) -> Double {
    switch configuration.times {
    case .uniform: u
    case .quadratic: 1 - u * u
    case .logitNormal: Elementary.sigmoid(Statistics.normalQuantile(Swift.min(Swift.max(u, 1e-12), 1 - 1e-12)))
    }
  }

  // MARK: - FM12

  private static let order = Claim.Theorem(
    "FM12", "on the closed field the error of Heun's rule falls with the square of the number of steps", .identity)

  private func orderClaim(_ closed: MarginalField, _ mixture: GaussianMixture, _ trained: Trained) throws -> Claim {
    let points = Array(claimDraws(64, mixture).noise)
    func ends(_ rule: SolverRule, _ steps: Int) throws -> [Double] {
      try FieldFlow(of: closed.velocity, dimensions: dimensions, steps: steps, rule: rule, logDets: false, trained)
        .forward(points).points
    }
    let reference = try ends(.rungeKutta, 1024)
    func slope(_ rule: SolverRule) throws -> Double {
      let errors = try [64, 128].map { steps in
        let differences = zip(try ends(rule, steps), reference).map { ($0 - $1) * ($0 - $1) }
        return differences.reduce(0, +).squareRoot()
      }
      return Elementary.log(errors[0] / errors[1]) / Elementary.log(2)
    }
    let (euler, heun, rungeKutta) = try (slope(.euler), slope(.heun), slope(.rungeKutta))
    return Claim(
      Self.order, "slope of log error over log steps, 64 and 128 steps, 64 points", measured: heun, .equal, 2,
      tolerance: 0.1,
      samples: 64, details: [("euler", euler), ("rungeKutta", rungeKutta)],
      control: .init("Euler's rule", changed: "the rule", measured: euler))
  }
}
