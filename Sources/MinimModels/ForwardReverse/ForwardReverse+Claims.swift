import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The result of each objective, compared with the best of its family.

extension ForwardReverse {
  /// D1: affine maps under forward KL. D2: under reverse KL. D3: which modes are covered.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let it = try measurements(trained)
    guard it.count == parts.count, let target = trained.data.distribution?.differentiable else { return [] }
    let floor = (trained.data.distribution?.density as? any KnownDensity)?.affineFloor()
    let forward = floor.map { [boundClaim(it, floor: $0), forwardClaim(it, floor: $0)] } ?? []
    let optima = try trained.checking("D2") { try AffineOptimum.all(of: target, trained) }
    return forward + [reverseClaim(it, optima)] + shareClaims(it)
  }

  /// D1: no affine map is below the floor: the entropy of the normal with the data's moments, minus that of the data.
  private func boundClaim(_ it: [Measurement], floor: QuadratureEstimate) -> Claim {
    let (affine, flow) = (it[0].forward, it[2].forward)
    return Claim(
      Claim.Theorem(
        "D1", "KL(data, model) of an affine map is at least the least of its family",
        formula:
          #"\operatorname{KL}(p \,\|\, p_\theta) \ge \min_{\mu, \Sigma} \operatorname{KL}(p \,\|\, N(\mu, \Sigma))"#,
        .bound),
      "KL of the affine map", unit: "nats", measured: affine.value, .atLeast, floor.value,
      tolerance: 1e-9 + 3 * (affine.error + floor.error),
      control: .init(
        "the RealNVP, which is not an affine map", changed: "the family", measured: flow.value,
        cannotFailIf: "the RealNVP is not below it either"))
  }

  /// D1b: training reaches the floor.
  private func forwardClaim(_ it: [Measurement], floor: QuadratureEstimate) -> Claim {
    Claim(
      Claim.Theorem(
        "D1b", "the affine map under forward KL reaches the least KL(data, model) of its family",
        formula:
          #"\operatorname{KL}(p \,\|\, p_\theta) = \min_{\mu, \Sigma} \operatorname{KL}(p \,\|\, N(\mu, \Sigma))"#,
        .outcome),
      "KL of the affine map under forward KL", unit: "nats", measured: it[0].forward.value, .equal, floor.value,
      tolerance: 2e-3,
      control: .init(
        "the affine map under reverse KL", changed: "the objective", measured: it[1].forward.value,
        cannotFailIf: "both objectives have the same optimum"))
  }

  /// D2: the affine map under reverse KL ends in one of the optima that a search without draws finds.
  private func reverseClaim(_ it: [Measurement], _ optima: [Double]) -> Claim {
    let measured = it[1].reverse.value, control = it[0].reverse.value
    func nearest(_ value: Double) -> Double { optima.min { abs($0 - value) < abs($1 - value) } ?? .nan }
    return Claim(
      Claim.Theorem("D2", "the affine map under reverse KL ends in an optimum of KL(model, data)", .outcome),
      "KL of the affine map under reverse KL, against the nearest optimum found without draws", unit: "nats",
      measured: measured, .equal, nearest(measured), tolerance: 5e-3,
      details: optima.enumerated().map { ("optimum\($0.offset + 1)", $0.element) },
      control: .init(
        "the affine map under forward KL", changed: "the objective", measured: control, expected: nearest(control),
        cannotFailIf: "both objectives have the same optimum"))
  }

  /// D3: the RealNVP under forward KL has samples in every mode, and the affine map under reverse KL has none in some.
  private func shareClaims(_ it: [Measurement]) -> [Claim] {
    guard let covering = it[2].shares.min(), let seeking = it[1].shares.min(), it[2].shares.count > 1 else { return [] }
    return [
      Claim(
        Claim.Theorem(
          "D3", "forward KL covers every mode", formula: #"\min_k \mathbb{P}(x \in \text{mode}_k) \ge \frac{1}{4 K}"#,
          .outcome),
        "least share of a mode among the RealNVP's samples, against a quarter of an even one", measured: covering,
        .atLeast, 1 / Double(it[2].shares.count) / 4, tolerance: 0,
        control: .init("the affine map under reverse KL", changed: "objective and family", measured: seeking))
    ]
  }
}

/// Affine maps of a normal that are local minima of a reverse KL, found by gradients of an expectation that is a sum
/// over a grid, so without draws.
package enum AffineOptimum {
  /// The KL of the minima found from each component of a mixture and from the moments of the whole, the smallest first;
  /// nats. Values that differ by less than 1e-4 count as one.
  package static func all(of target: any DifferentiableDensity, _ trained: Trained) throws -> [Double] {
    guard target.dimensions <= 2, let known = target as? any KnownDensity else { return [] }
    let mixture = target as? GaussianMixture
    let components = mixture.map { zip($0.means, $0.covariances).prefix(8).map { ($0.0, $0.1) } } ?? []
    let found = try (components + [(known.mean, known.covariance)]).map { mean, covariance in
      try from(mean, covariance, target, trained)
    }
    return found.sorted().reduce(into: []) { distinct, value in
      if value - (distinct.last ?? -.infinity) > 1e-4 { distinct.append(value) }
    }
  }

  /// Adam without draws, from a normal with the given mean and variances.
  private static func from(
    _ mean: [Double], _ covariance: [[Double]], _ target: any DifferentiableDensity, _ trained: Trained
  ) throws -> Double {
    let d = target.dimensions
    let model = RealNVP(.affine, exampleShape: [d], target: target)
    // Logarithms of sums have corners that a Gauss-Hermite rule does not see; an even grid converges fast.
    let grid = DensityGrid(
      GaussianMixture(name: "base", means: [[Double](repeating: 0, count: d)], sigmas: [1]),
      bounds: (0..<d).map { _ in -6...6 }, cells: (0..<d).map { _ in 60 })
    let ratios = model.logRatio(.constant(grid.points, shape: [grid.count, d]), to: target)
    let loss = (ratios * Tensor.constant(grid.weights, shape: [grid.count])).sum()
    let vector = try ParameterVector(model.parameters, precision: .float64)
    for entry in model.parameters.entries {
      if entry.path == "affine.bias" { vector[entry] = mean }
      if entry.path == "affine.logDiagonal" { vector[entry] = (0..<d).map { Elementary.log(covariance[$0][$0]) / 2 } }
    }
    let rule = UpdateRule(
      optimizer: Adam(), schedule: Schedule(shape: .cosine, peak: 0.05, steps: steps), steps: steps)
    let trainer = try Trainer(vector, rule, like: trained, draws: 1, shards: 1) { _ in Objective("reverseKL", loss) }
    return try (1...steps).reduce(.infinity) { least, step in min(least, try trainer.step(step).loss) }
  }

  private static let steps = 500
}
