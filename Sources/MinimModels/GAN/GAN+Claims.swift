import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// Claims about a trained generator; their controls are generators that the usual metric calls good.

extension GAN {
  /// G4: the modes of a mixture. G5: the distance from the data. G6: the slope of R1. G11: the losses.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let samples = try draws(Self.rows, trained)
    let start = try draws(Self.rows, trained.with(initialParameters(trained.seed, trained)))
    let real = realRows(trained, purpose: 0)
    let modes = mixture(trained).map { mixture in
      let modes = Modes(mixture, reference: real.whole, seed: trained.seed)
      return [
        leastShare(samples, modes), shares(samples, modes), spread(samples, modes), nearness(samples, start, modes),
      ]
    }
    return try (modes ?? []) + [
      trained.checking("G5") { try distance(samples, start, real.few, trained) },
      trained.checking("G6") { try slope(trained) }, trained.checking("G11") { try lossClaim(trained) },
    ]
  }

  /// The initial parameters for a seed.
  private func initialParameters(_ seed: UInt64, _ trained: Trained) throws -> ParameterVector {
    let vector = try ParameterVector(parameters, precision: trained.parameters.precision)
    vector.initialize(seed: seed)
    return vector
  }

  // MARK: - G4

  /// The inputs of claims about modes: the components, data, and two generators that reach every component.
  private struct Modes {
    let count: Int
    /// A generator of one point per component.
    let points: ModeCoverage
    /// A generator with 86 % of its draws in one component.
    let dominated: ModeCoverage
    let coverage: ([Double]) -> ModeCoverage

    init(_ mixture: GaussianMixture, reference real: [Double], seed: UInt64) {
      let count = mixture.components
      let coverage = { (rows: [Double]) in ModeCoverage(rows, of: mixture, reference: real) }
      let uneven = GaussianMixture(
        name: "uneven", means: mixture.means, covariances: mixture.covariances,
        weights: mixture.means.indices.map { $0 == 0 ? 0.86 : 0.14 / Double(count - 1) })
      let key = RandomKey(seed: seed).folding(.evaluation).folding(2)
      points = coverage((0..<GAN.rows).flatMap { mixture.means[$0 % count] })
      dominated = coverage((0..<UInt64(GAN.rows)).flatMap { uneven.draw(key.folding($0)) })
      (self.count, self.coverage) = (count, coverage)
    }
  }

  private func details(_ own: ModeCoverage, _ control: ModeCoverage) -> [(name: String, value: Double)] {
    [("componentsReached", Double(own.reached)), ("reachedByControl", Double(control.reached))]
  }

  private static let dominance = "a generator with 86 % of its draws in one component"

  private func leastShare(_ samples: [Double], _ modes: Modes) -> Claim {
    let own = modes.coverage(samples)
    return Claim(
      Claim.Theorem(
        "G4", "each component has at least a quarter of its share of the draws",
        formula: #"\min_k \frac{\hat{w}_k}{w_k} \ge \frac{1}{4}"#, .outcome),
      "least share of \(modes.count) components, over what it should be", measured: own.leastShare, .atLeast, 0.25,
      tolerance: 0, samples: Self.rows, details: details(own, modes.dominated),
      control: .init(Self.dominance, changed: "the generator", measured: modes.dominated.leastShare))
  }

  private func shares(_ samples: [Double], _ modes: Modes) -> Claim {
    let own = modes.coverage(samples)
    return Claim(
      Claim.Theorem(
        "G4b", "the shares of the components are those of the data",
        formula: #"\operatorname{KL}(\hat{w} \,\|\, w) \le 0.1"#, .outcome), "KL(shares, weights)",
      unit: "nats", measured: own.divergence, .atMost, 0.1, tolerance: 0, samples: Self.rows,
      details: details(own, modes.dominated),
      control: .init(Self.dominance, changed: "the generator", measured: modes.dominated.divergence))
  }

  private func spread(_ samples: [Double], _ modes: Modes) -> Claim {
    let own = modes.coverage(samples)
    return Claim(
      Claim.Theorem(
        "G4c", "the draws of each component spread at least a quarter as wide as the data",
        formula: #"\min_k \frac{\hat{r}_k}{r_k} \ge \frac{1}{4}"#, .outcome),
      "least ratio of median distances", measured: own.spreads.min() ?? .nan, .atLeast, 0.25, tolerance: 0,
      samples: Self.rows, details: details(own, modes.points),
      control: .init(
        "a generator of \(modes.count) points", changed: "the generator", measured: modes.points.spreads.min() ?? .nan))
  }

  private func nearness(_ samples: [Double], _ start: [Double], _ modes: Modes) -> Claim {
    let (own, first) = (modes.coverage(samples), modes.coverage(start))
    return Claim(
      Claim.Theorem(
        "G4d", "at least 0.9 of the draws lie within three deviations of a component",
        formula: #"\mathbb{P}(\|x - \mu_{k(x)}\| \le 3 \sigma_{k(x)}) \ge 0.9"#, .outcome),
      "share of the draws", measured: own.withinThreeDeviations, .atLeast, 0.9, tolerance: 0, samples: Self.rows,
      details: details(own, first),
      control: .init("the generator before training", changed: "the generator", measured: first.withinThreeDeviations))
  }

  // MARK: - G5

  private func distance(
    _ samples: [Double], _ start: [Double], _ real: [Double], _ trained: Trained
  ) throws -> Claim {
    let theorem = Claim.Theorem(
      "G5", "training brought the draws at least ten times nearer to the data",
      formula: #"D(p_\theta, p) \le \frac{1}{10} D(p_{\theta_0}, p)"#, .outcome)
    guard !real.isEmpty else { return .notApplicable(theorem, "there are no data") }
    func energy(_ rows: [Double]) -> Double { energyDistance(few(rows), real, dimensions: dimensions) }
    let other = try draws(Self.rows, trained.with(initialParameters(trained.seed &+ 1, trained)))
    return Claim(
      theorem, "energy distance from the data, against a tenth of that before training", measured: energy(samples),
      .atMost, energy(start) / 10, tolerance: 0, samples: few(samples).count / dimensions,
      control: .init("an untrained generator of the next seed", changed: "the parameters", measured: energy(other)))
  }

  // MARK: - G6

  /// G6: the slope that R1 penalizes, by gradients, against the product of the layers' matrices.
  private func slope(_ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "G6", "the critic's squared slope at data is that of the product of its layers' matrices",
      formula: #"\|\nabla_x f\|^2 = \|W_L S_{L - 1} \cdots S_1 W_1\|^2"#, .identity)
    let (precise, count) = (try trained.inDouble(), 16)
    let rows = scaling.normalized(Array(realRows(trained, purpose: 0).whole.prefix(count * dimensions)))
    guard rows.count == count * dimensions else {
      return .notApplicable(theorem, "there are fewer than \(count) examples")
    }
    let found = try MinimAutodiff.evaluate(
      [squaredSlope(.input("x", shape: [count, dimensions]))], parameters: precise.parameters.values,
      inputs: ["x": rows])[0]
    let slope = CriticSlope(critic, configuration.activation, parameters, precise.parameters)
    func largest(gates: Bool) -> Double {
      let exact = (0..<count).map {
        slope.squared(at: Array(rows[$0 * dimensions..<($0 + 1) * dimensions]), gates: gates)
      }
      let scale = max(1e-30, exact.max() ?? 0)
      return zip(found, exact).map { abs($0 - $1) / scale }.max() ?? .nan
    }
    return Claim(
      theorem, "largest relative difference from the slope by gradients", measured: largest(gates: true), .equal, 0,
      tolerance: 1e-9, samples: count,
      control: .init(
        "without the slopes of the activations", changed: "the product", measured: largest(gates: false),
        cannotFailIf: "the critic is linear at the data"))
  }
}
