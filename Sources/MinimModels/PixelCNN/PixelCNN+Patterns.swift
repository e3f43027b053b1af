import MinimData
import MinimKernels
import MinimNN
import MinimParallel

// The claims of a PixelCNN on bars and stripes, a distribution of few images.

extension PixelCNN {
  /// P3: no model with these receptive fields has a lower NLL than the floor, which follows from counting alone.
  ///
  /// - Parameter nll: the net's NLL on `data`, which are the distribution.
  package func floorClaim(_ trained: Trained, on data: Dataset, nll: Double) throws -> Claim {
    let (entropy, floor) = (data.entropy ?? .nan, floor(data))
    let leak = try leakingNet(trained, below: floor)
    let leaked = try leak.net.nll(of: data, leak.trained)
    return Claim(
      Self.floorTheorem(.bound), "NLL per image", unit: "nats", measured: nll, .atLeast, floor, tolerance: 1e-9,
      details: [("entropy", entropy), ("blindSpotCost", floor - entropy), ("fitCost", nll - floor)],
      control: leak.control(measured: leaked))
  }

  /// The net of the control, trained until it is well below the floor; a net that copies a pixel to its own output soon
  /// is.
  func leakingNet(_ trained: Trained, below floor: Double) throws -> LeakingNet {
    let net = twin(otherMasks)
    let vector = try ParameterVector(net.parameters, precision: trained.parameters.precision)
    vector.initialize(seed: trained.seed)
    let shape = trained.data.exampleShape
    let rule = UpdateRule(
      optimizer: Adam(), schedule: Schedule(peak: 0.003, steps: LeakingNet.mostSteps), steps: LeakingNet.mostSteps)
    let trainer = try Trainer(vector, rule, like: trained) { net.objective(Batch(count: $0, exampleShape: shape)) }
    // The step's loss is from before its update: well below the floor, so that one more update keeps it there.
    let steps = try trainer.run { $0.loss < floor / 2 }
    return LeakingNet(net, trained.with(vector), steps)
  }

  /// P5: the share of valid patterns among samples is the model's exact mass on them, which Jensen's inequality bounds
  /// from below by exp(H - NLL).
  ///
  /// - Parameter nll: the net's NLL on the distribution of `patterns`.
  package func validityClaims(_ trained: Trained, patterns: BarsAndStripes, nll: Double) throws -> [Claim] {
    let entropy = patterns.dataset().entropy ?? .nan
    let distinct = BarsAndStripes(height: height, width: width, distribution: .distinct).dataset()
    let double = try trained.inDouble()
    let mass = try logProbabilities(distinct.values, height: height, width: width, double).map(Elementary.exp)
      .reduce(0, +)
    let count = 10_000
    let drawn = try sample(count, height: height, width: width, purpose: .evaluation, from: trained)
    let share = validShare(drawn, patterns)
    let error = (mass * (1 - mass) / Double(count)).squareRoot()
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(5)
    let coin = validShare((0..<drawn.count).map { key.uniform(at: UInt64($0)) < 0.5 ? 1 : 0 }, patterns)
    let independent = Double(distinct.count) * Elementary.exp(-Double(height * width) * Elementary.log(2))
    let jensen = jensenClaim(mass: mass, bound: Elementary.exp(entropy - nll), independent: independent)
    // Two statistical claims per run (P4, P5): one false alarm in a thousand runs.
    let tolerance = Statistics.shareTolerance(mass, count: count)
    guard mass * Double(count) > 100 else {
      return [
        .notApplicable(Self.validityTheorem, "the mass is \(Float(mass)): too few of \(count) samples to count"),
        jensen,
      ]
    }
    return [
      Claim(
        Self.validityTheorem, "share of valid patterns among \(count) samples", measured: share, .equal, mass,
        tolerance: tolerance, standardError: error, z: (share - mass) / error,
        pValue: Statistics.shareTail(Int((share * Double(count)).rounded()), of: count, probability: mass),
        samples: count,
        control: .init(
          "independent fair pixels", changed: "the sampler", measured: coin,
          cannotFailIf: abs(mass - independent) <= 2 * tolerance ? "independent fair pixels have the same mass" : nil)),
      jensen,
    ]
  }

  static let validityTheorem = Claim.Theorem(
    "P5", "the share of valid samples is the model's exact mass on the valid patterns",
    formula: #"\mathbb{P}(\text{sample} \in V) = \sum_{x \in V} p_\theta(x)"#, .statistical)

  /// P5b: Jensen's inequality, the logarithm of a mean against the mean of a logarithm.
  private func jensenClaim(mass: Double, bound: Double, independent: Double) -> Claim {
    Claim(
      Claim.Theorem(
        "P5b", "the mass on the valid patterns is at least exp(H - NLL)",
        formula: #"\sum_{x \in V} p_\theta(x) \ge e^{H - \operatorname{NLL}}"#, .bound),
      "exact mass on the valid patterns", measured: mass, .atLeast, bound, tolerance: 1e-9 * bound,
      control: .init(
        "independent fair pixels", changed: "the model", measured: independent,
        cannotFailIf: "the model is not yet better than independent fair pixels"))
  }

  private func validShare(_ images: [Float], _ patterns: BarsAndStripes) -> Double {
    let pixels = height * width
    let count = images.count / pixels
    let valid = (0..<count).filter { patterns.contains(images[$0 * pixels..<($0 + 1) * pixels]) }
    return Double(valid.count) / Double(count)
  }
}

/// A net that sees the pixel that it predicts, after a short training: the control of the floor.
struct LeakingNet {
  let net: PixelCNN
  let trained: Trained
  let steps: Int

  /// The most steps of its training.
  static let mostSteps = 1000

  init(_ net: PixelCNN, _ trained: Trained, _ steps: Int) {
    (self.net, self.trained, self.steps) = (net, trained, steps)
  }

  /// - Parameter noise: the reason why this run's measurement could not tell any control from the model; nil if there is none.
  func control(measured: Double, cannotFailIf noise: String? = nil) -> Claim.Control {
    // The twin of a stack that leaks is an honest net, which no training takes below the floor.
    let isSlow =
      steps == Self.mostSteps && !net.configuration.stack.isAutoregressive(height: net.height, width: net.width)
    return .init(
      "a net with masks \(net.configuration.stack), trained for \(steps) steps", changed: "the first mask",
      measured: measured,
      cannotFailIf: noise ?? (isSlow ? "\(steps) steps do not take the net that leaks below the floor" : nil))
  }
}
