import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// What a trained generator should do, beside generators that the usual metric takes for good.

extension GAN {
  /// G4: the modes of a mixture. G5: the distance from the data. G6: the slope of R1.
  public func claims(_ trained: Trained) throws -> [Claim] {
    let samples = try draws(Self.rows, trained)
    let start = try draws(Self.rows, trained.with(initialParameters(trained)))
    let real = realRows(trained, purpose: 0)
    let modes = mixture(trained).map { modeClaims($0, samples, start, real.whole, trained) } ?? []
    return try modes + [distance(samples, start, real.few), slope(trained)]
  }

  /// Those that training begins with.
  private func initialParameters(_ trained: Trained) throws -> ParameterVector {
    let vector = try ParameterVector(parameters, precision: trained.parameters.precision)
    vector.initialize(seed: trained.seed)
    return vector
  }

  // MARK: - G4

  private func modeClaims(
    _ mixture: GaussianMixture, _ samples: [Double], _ start: [Double], _ real: [Double], _ trained: Trained
  ) -> [Claim] {
    func coverage(_ rows: [Double]) -> ModeCoverage { ModeCoverage(rows, of: mixture, reference: real) }
    let (own, first) = (coverage(samples), coverage(start))
    let count = mixture.components
    // Two generators that reach every component.
    let points = coverage((0..<Self.rows).flatMap { mixture.means[$0 % count] })
    let uneven = GaussianMixture(
      name: "uneven", means: mixture.means, covariances: mixture.covariances,
      weights: mixture.means.indices.map { $0 == 0 ? 0.86 : 0.14 / Double(count - 1) })
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(2)
    let dominated = coverage((0..<UInt64(Self.rows)).flatMap { uneven.draw(key.folding($0)) })
    let mass = "a generator with 86 % of its draws in one component"
    func claim(
      _ id: String, _ statement: String, _ figure: (ModeCoverage) -> Double, _ relation: Claim.Relation,
      _ bound: Double, _ controlled: (String, ModeCoverage)
    ) -> Claim {
      let control = figure(controlled.1)
      return Claim(
        id, statement, kind: .outcome, measured: figure(own), relation, bound, tolerance: 0, samples: Self.rows,
        details: [("componentsReached", Double(own.reached)), ("reachedByControl", Double(controlled.1.reached))],
        control: .init(
          statement: "the same of \(controlled.0)", changed: "the generator", measured: control,
          fails: relation == .atLeast ? !(control >= bound) : !(control <= bound)))
    }
    return [
      claim(
        "G4",
        "each of \(count) components has a quarter of its share of the draws: the least share over what it should be",
        \.leastShare, .atLeast, 0.25, (mass, dominated)),
      claim(
        "G4b", "the shares of the components are those of the data: KL(shares, weights) (nats)", \.divergence, .atMost,
        0.1, (mass, dominated)),
      claim(
        "G4c", "draws of a component lie a quarter as wide as the data or wider: the least ratio of median distances",
        { $0.spreads.min() ?? .nan }, .atLeast, 0.25, ("a generator of \(count) points", points)),
      claim(
        "G4d", "the draws lie within three deviations of a component: their share", \.withinThreeDeviations, .atLeast,
        0.9, ("the generator before training", first)),
    ]
  }

  // MARK: - G5

  private func distance(_ samples: [Double], _ start: [Double], _ real: [Double]) -> Claim {
    let statement = "training brought the draws nearer to the data: the energy distance is a tenth or less"
    guard !real.isEmpty else {
      return .notApplicable("G5", statement, kind: .outcome, reason: "there are no data")
    }
    let before = energyDistance(few(start), real, dimensions: dimensions)
    return Claim(
      "G5", statement, kind: .outcome, measured: energyDistance(few(samples), real, dimensions: dimensions), .atMost,
      before / 10, tolerance: 0, samples: few(samples).count / dimensions,
      control: .init(
        statement: "that of the generator before training", changed: "the parameters", measured: before,
        fails: before > before / 10))
  }

  // MARK: - G6

  /// The slope that R1 is of, by gradients, against the product of the layers' matrices.
  private func slope(_ trained: Trained) throws -> Claim {
    let statement =
      "the critic's squared slope at data, by gradients, is that of the product of its layers' matrices: the largest "
      + "relative difference"
    let (precise, count) = (try trained.inDouble(), 16)
    let rows = Array(realRows(trained, purpose: 0).whole.prefix(count * dimensions))
    guard rows.count == count * dimensions else {
      return .notApplicable("G6", statement, kind: .identity, reason: "there are fewer than \(count) examples")
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
    let control = largest(gates: false)
    guard !(control <= 1e-9) else {
      return .notApplicable("G6", statement, kind: .identity, reason: "the critic is linear at the data")
    }
    return Claim(
      "G6", statement, kind: .identity, measured: largest(gates: true), .equal, 0, tolerance: 1e-9, samples: count,
      control: .init(
        statement: "the product without the slopes of the functions between layers", changed: "the product",
        measured: control, fails: !(control <= 1e-9)))
  }
}
