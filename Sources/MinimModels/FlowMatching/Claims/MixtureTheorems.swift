import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The theorems of data that are a mixture of normals in one or two dimensions: the field that moves noise to them, its score and
/// its errors are known in closed form. In Double.
struct MixtureTheorems {
  let model: FlowMatching
  let mixture: GaussianMixture
  let closed: MarginalField
  let trained: Trained

  init(_ model: FlowMatching, _ mixture: GaussianMixture, _ trained: Trained) {
    (self.model, self.mixture, self.trained) = (model, mixture, trained)
    closed = MarginalField(model.configuration.path, mixture)
  }

  var path: ProbabilityPath { model.configuration.path }
  var dimensions: Int { mixture.dimensions }

  /// All theorems, for data that they say nothing about.
  static func all(isDiffusion: Bool) -> [Claim.Theorem] {
    [
      continuity, velocityScore, knownEnds, FieldFit.parts, FieldFit.drawnParts, gradients, variance, ranks, budget,
      order,
    ]
      + (isDiffusion ? [tweedie, scoreMatching, schedules, information, chain, prior] : [])
  }

  func claims() throws -> [Claim] {
    let fit = try trained.checking("FM3") { try model.fit(mixture, trained) }
    let own: [(String, () throws -> [Claim])] = [
      ("FM1", { [try continuityClaim()] }), ("FM2", { try scoreClaims() + [endsClaim()] }),
      ("FM3", { [fit.partsClaim()] + (try drawnClaims(fit)) }),
      ("FM4", { [try gradientClaim(), try varianceClaim()] }),
      ("FM5", { try ranksClaims() }), ("FM10", { [try budgetClaim()] }), ("FM12", { [try orderClaim()] }),
    ]
    let diffusion: [(String, () throws -> [Claim])] = [
      ("DM2", { [try scoreMatchingClaim()] }), ("DM3", { [try scheduleClaim()] }),
      ("DM4", { [try informationClaim()] }), ("DM5", { try chainClaims() }), ("DM10", { [try priorClaim()] }),
    ]
    return try (own + (model.configuration.isDiffusion ? diffusion : [])).flatMap { name, claims in
      try trained.checking(name, claims)
    }
  }

  func draws(_ count: Int) -> FieldDraws { FieldDraws(of: mixture, count) }

  /// The points of draws on their ways, [count, d].
  func points(_ draws: FieldDraws, at times: [Double]) -> [Double] { draws.points(path, at: times) }

  // MARK: - FM1

  static let continuity = Claim.Theorem(
    "FM1", "the closed field moves p_t: d/dt log p_t + div u + u . grad log p_t is 0",
    formula: #"\partial_t \log p_t + \nabla \cdot u + u \cdot \nabla \log p_t = 0"#, .identity)

  /// The residual of the continuity equation at draws, with derivatives by the engine; the control is the field given both
  /// ends, which moves something else.
  private func continuityClaim() throws -> Claim {
    let (count, d) = (1000, dimensions), draws = draws(count)
    let data = Tensor.input("data", shape: [count, d]), noise = Tensor.input("noise", shape: [count, d])
    let (x, t) = (Tensor.input("x", shape: [count, d]), Tensor.input("t", shape: [count, 1]))
    let logProb = closed.posterior(x, t).logProb
    let derivatives = gradient(of: logProb.sum(), withRespectTo: [x, t])
    func residual(_ u: Tensor, _ divergence: Tensor) -> Tensor {
      derivatives[1].reshape([count]) + divergence + (u * derivatives[0]).sum(axes: [1])
    }
    let u = closed.velocity(x, t), factors = path.factors(t)
    // Given x1 the field is alpha' x1 + sigma' (x - alpha x1) / sigma, whose divergence is d sigma' / sigma.
    let given = factors.alphaRate * data + factors.sigmaRate * noise
    let rate = (factors.sigmaRate / factors.sigma).reshape([count]) * Double(d)
    let terms = MinimAutodiff.abs(derivatives[1].reshape([count])) + MinimAutodiff.abs(divergence(of: u, x)) + 1
    // The ends are left out: there a factor is 0.
    let times = draws.times.map { 0.01 + 0.98 * $0 }
    let values = try trained.values(
      of: [residual(u, divergence(of: u, x)) / terms, residual(given, rate) / terms],
      inputs: ["x": points(draws, at: times), "t": times, "data": draws.data, "noise": draws.noise])
    let largest = values.map { $0.reduce(0) { Swift.max($0, Swift.abs($1)) } }
    return Claim(
      Self.continuity, "largest residual at \(count) draws, over the sum of the terms", measured: largest[0], .equal, 0,
      tolerance: 1e-10, samples: count,
      control: .init("the field given both ends of a draw", changed: "the field", measured: largest[1]))
  }

  // MARK: - FM2, DM1

  static let velocityScore = Claim.Theorem(
    "FM2", "the velocity knows the score: grad log p_t is (alpha' x - alpha u) / (sigma (alpha sigma' - alpha' sigma))",
    formula:
      #"\nabla \log p_t(x) = \frac{\dot{\alpha} x - \alpha u}{\sigma (\alpha \dot{\sigma} - \dot{\alpha} \sigma)}"#,
    .identity)
  static let tweedie = Claim.Theorem(
    "DM1", "E[x1 given x_t] = (x_t + sigma^2 grad log p_t) / alpha (Tweedie)",
    formula: #"\mathbb{E}[x_1 \mid x_t] = \frac{x_t + \sigma^2 \nabla \log p_t(x_t)}{\alpha}"#, .identity)

  private func scoreClaims() throws -> [Claim] {
    let (count, d) = (1000, dimensions), draws = draws(count)
    let (x, t) = (Tensor.input("x", shape: [count, d]), Tensor.input("t", shape: [count, 1]))
    let posterior = closed.posterior(x, t), factors = path.factors(t)
    let score = gradient(of: posterior.logProb.sum(), withRespectTo: [x])[0]
    let turn = factors.alpha * factors.sigmaRate - factors.alphaRate * factors.sigma
    // Differences of sigma times the score, which is of the size of the noise.
    func byVelocity(_ u: Tensor) -> Tensor {
      MinimAutodiff.abs((factors.alphaRate * x - factors.alpha * u) / turn - factors.sigma * score)
    }
    func byScore(_ square: Tensor) -> Tensor {
      MinimAutodiff.abs(factors.alpha * posterior.data - x - square * score)
    }
    let times = draws.times.map { 0.01 + 0.98 * $0 }
    let values = try trained.values(
      of: [
        byVelocity(closed.velocity(x, t)), byVelocity(closed.velocity(x, 1 - t)),
        byScore(square(factors.sigma)), byScore(factors.sigma),
      ], inputs: ["x": points(draws, at: times), "t": times])
    let largest = values.map { $0.reduce(0, Swift.max) }
    let velocity = Claim(
      Self.velocityScore, "largest difference from the gradient, times sigma, at \(count) draws", measured: largest[0],
      .equal, 0, tolerance: 1e-9, samples: count,
      control: .init("the velocity at 1 - t", changed: "the time", measured: largest[1]))
    guard model.configuration.isDiffusion else { return [velocity] }
    return [
      velocity,
      Claim(
        Self.tweedie, "largest difference, times alpha, at \(count) draws", measured: largest[2], .equal, 0,
        tolerance: 1e-9, samples: count,
        control: .init("sigma in the place of its square", changed: "the factor", measured: largest[3])),
    ]
  }

  static let knownEnds = Claim.Theorem(
    "FM2b", "the learned field is what both ends say: there noise and data do not depend on each other",
    formula: #"\mathbb{E} \|v - u\|^2 \le 0.2^2\,\mathbb{E} \|Y\|^2, \quad t \in \{0, 1\}"#, .outcome)

  /// Where one factor is 0, the other end of a way is independent of the point.
  private func endsClaim() throws -> Claim {
    guard model.configuration.coupling == .independent else {
      return .notApplicable(Self.knownEnds, "the ends are paired")
    }
    let (count, d) = (2000, dimensions), draws = draws(count)
    let batch = DrawnBatch(2 * count, d, path)
    let u = closed.velocity(batch.x, batch.t)
    let values = try trained.values(
      of: [
        square(model.field.velocity(batch.x, batch.t) - u).mean(), square(batch.target - u).mean(),
        square(batch.target).mean(),
      ],
      inputs: [
        "data": draws.data + draws.data, "noise": draws.noise + draws.noise,
        "t": draws.times.map { _ in 0 } + draws.times.map { _ in 1 },
      ]
    ).map { $0[0] }
    return Claim(
      Self.knownEnds, "root mean square of the difference over that of Y, \(count) draws at each end",
      measured: (values[0] / values[2]).squareRoot(), .atMost, 0.2, tolerance: 0, samples: 2 * count,
      control: .init(
        "the velocity given both ends of a draw", changed: "the field", measured: (values[1] / values[2]).squareRoot()))
  }
}
