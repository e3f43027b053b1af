import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// What each objective finds, beside what the best of its family is.

extension ForwardReverse {
  /// D1: affine maps under forward KL. D2: under reverse KL. D3: which modes are covered.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let it = try measurements(trained)
    guard it.count == parts.count, let target = trained.data.distribution?.differentiable else { return [] }
    let floor = (trained.data.distribution?.density as? any KnownDensity)?.affineFloor()
    let forward = floor.map { forwardClaims(it, floor: $0) } ?? []
    return try forward + [reverseClaim(it, AffineOptimum.all(of: target, trained))] + shareClaims(it)
  }

  /// D1: no affine map is below the floor, which is the entropy of the normal with the data's moments less that of the data;
  /// and training reaches it.
  private func forwardClaims(_ it: [Measurement], floor: QuadratureEstimate) -> [Claim] {
    let (affine, flow) = (it[0].forward, it[2].forward)
    let tolerance = 1e-9 + 3 * (affine.error + floor.error)
    let statement = "KL(data, model) of an affine map is not below what its family can reach (nats)"
    let bound =
      flow.value < floor.value - tolerance
      ? Claim(
        "D1", statement, kind: .bound, measured: affine.value, .atLeast, floor.value, tolerance: tolerance,
        control: .init(
          statement: "the RealNVP, which is no affine map", changed: "the family", measured: flow.value,
          fails: flow.value < floor.value - tolerance))
      : Claim.notApplicable(
        "D1", statement, kind: .bound, reason: "the RealNVP is not below it either, so that no control can fail")
    let outcome = Claim(
      "D1b", "the affine map under forward KL reaches it (nats)", kind: .outcome, measured: affine.value, .equal,
      floor.value, tolerance: 2e-3,
      control: .init(
        statement: "the affine map under reverse KL", changed: "the objective", measured: it[1].forward.value,
        fails: abs(it[1].forward.value - floor.value) > 2e-3))
    return [bound, outcome]
  }

  /// D2: the affine map under reverse KL ends in one of the optima that a search without draws finds.
  private func reverseClaim(_ it: [Measurement], _ optima: [Double]) -> Claim {
    let measured = it[1].reverse.value, control = it[0].reverse.value
    func nearest(_ value: Double) -> Double { optima.min { abs($0 - value) < abs($1 - value) } ?? .nan }
    return Claim(
      "D2", "KL(model, data) of the affine map under reverse KL is that of an optimum found without draws (nats)",
      kind: .outcome, measured: measured, .equal, nearest(measured), tolerance: 5e-3,
      details: optima.enumerated().map { ("optimum\($0.offset + 1)", $0.element) },
      control: .init(
        statement: "the affine map under forward KL", changed: "the objective", measured: control,
        fails: !(abs(control - nearest(control)) <= 5e-3)))
  }

  /// D3: the RealNVP under forward KL has samples in every mode, and the affine map under reverse KL has none in some.
  private func shareClaims(_ it: [Measurement]) -> [Claim] {
    guard let covering = it[2].shares.min(), let seeking = it[1].shares.min(), it[2].shares.count > 1 else { return [] }
    let even = 1 / Double(it[2].shares.count)
    return [
      Claim(
        "D3", "forward KL covers: the least share of a mode among the RealNVP's samples", kind: .outcome,
        measured: covering, .atLeast, even / 4, tolerance: 0,
        control: .init(
          statement: "the affine map under reverse KL", changed: "objective and family", measured: seeking,
          fails: seeking < even / 4))
    ]
  }
}

/// Affine maps of a normal that a reverse KL cannot be improved from: found by gradients of an expectation that is a sum over a
/// grid, so without draws.
package enum AffineOptimum {
  /// The KL of those from each component of a mixture, the smallest first, and from the moments of the whole; nats. What differs by
  /// less than 1e-4 is one.
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
    let adam = Adam()
    let engine = try StepEngine(
      parameters: vector, optimizer: adam, batchSizes: [1], options: .init(shards: 1, clipNorm: nil, seed: 0),
      pool: trained.pool, kernels: try KernelTable(level: trained.level, precision: .float64)
    ) { _ in Objective("reverseKL", loss) }
    let schedule = Schedule(shape: .cosine, peak: 0.05, steps: steps)
    return try (1...steps).reduce(.infinity) { least, step in
      let result = try engine.step(
        step, examples: 1, rate: schedule.rate(step: step), decays: adam.decays(after: step)
      ) { _, _ in }
      return min(least, result.loss)
    }
  }

  private static let steps = 500
}
