import MinimData
import MinimKernels
import MinimNN
import MinimParallel

// The theorems of a PixelCNN on bars and stripes, a distribution of few images.

extension PixelCNN {
  /// P3: no model with these receptive fields has a lower likelihood cost than the floor, which counting alone gives.
  ///
  /// - Parameter nll: the net's, on `data`, which are the distribution.
  package func floorClaim(_ trained: Trained, on data: Dataset, nll: Double) throws -> Claim {
    let (entropy, floor) = (data.entropy ?? .nan, floor(data))
    let leak = try leakingNet(trained, below: floor)
    let leaked = try leak.net.nll(of: data, leak.trained)
    return Claim(
      "P3", "the NLL of the data's distribution is not below the floor of the receptive fields (nats)",
      kind: .bound, measured: nll, .atLeast, floor, tolerance: 1e-9,
      details: [("entropy", entropy), ("blindSpotCost", floor - entropy), ("fitCost", nll - floor)],
      control: .init(
        statement: "a net with masks \(configuration.stack.withOtherFirstMask), trained for \(leak.steps) steps",
        changed: "the first mask", measured: leaked, fails: leaked < floor - 1e-9))
  }

  /// The net of the control, trained until it is well below the floor, as a net that copies a pixel to its own output soon
  /// is.
  func leakingNet(_ trained: Trained, below floor: Double) throws -> (net: PixelCNN, trained: Trained, steps: Int) {
    let net = twin(configuration.stack.withOtherFirstMask)
    let vector = try ParameterVector(net.parameters, precision: trained.parameters.precision)
    vector.initialize(seed: trained.seed)
    let (data, shape) = (trained.data.training, trained.data.exampleShape)
    let count = data.count ?? 256
    let adam = Adam()
    let engine = try StepEngine(
      parameters: vector, optimizer: adam, batchSizes: [count],
      options: .init(shards: Shards.defaultCount(examples: count), clipNorm: nil, seed: trained.seed),
      pool: trained.pool, kernels: try KernelTable(level: trained.level, precision: vector.precision)
    ) { net.objective(Batch(count: $0, exampleShape: shape)) }
    let indices = Array(0..<count)
    for step in 1...1000 {
      let result = try engine.step(step, examples: count, rate: 0.003, decays: adam.decays(after: step)) {
        range, input in input.write(indices[range], of: data)
      }
      // The step's loss is that before its update: well below the floor, so that one more update keeps it there.
      if result.loss < floor / 2 { return (net, trained.with(vector), step) }
    }
    return (net, trained.with(vector), 1000)
  }

  /// P5: the share of valid patterns among samples is the model's exact mass on them, which Jensen's inequality bounds
  /// from below by exp(H - NLL).
  ///
  /// - Parameter nll: the net's, on the distribution of `patterns`.
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
    let bound = Elementary.exp(entropy - nll)
    let independent = Double(distinct.count) * Elementary.exp(-Double(height * width) * Elementary.log(2))
    let jensen = jensenClaim(mass: mass, bound: bound, independent: independent)
    let statement =
      "the share of valid patterns among \(count) samples is the model's exact mass on the \(distinct.count)"
    // Two statistical claims a run (P4, P5), one false alarm in a thousand runs.
    let tolerance = Statistics.shareTolerance(mass, count: count)
    // Too few to count, or as many as by chance: the samples could not tell the model from its control.
    guard mass * Double(count) > 100, abs(mass - independent) > 2 * tolerance else {
      return [
        .notApplicable(
          "P5", statement, kind: .statistical,
          reason: "the mass is \(Float(mass)), that of independent fair pixels \(Float(independent)): \(count) samples "
            + "cannot tell"), jensen,
      ]
    }
    return [
      Claim(
        "P5", statement, kind: .statistical, measured: share, .equal, mass, tolerance: tolerance,
        standardError: error,
        z: (share - mass) / error, samples: count,
        control: .init(
          statement: "images of independent fair pixels", changed: "the sampler", measured: coin,
          fails: abs(coin - mass) > tolerance)), jensen,
    ]
  }

  /// P5b: Jensen's inequality, log of a mean against mean of a log.
  private func jensenClaim(mass: Double, bound: Double, independent: Double) -> Claim {
    let statement = "the exact mass on the valid patterns is at least exp(H - NLL)"
    guard independent < bound else {
      return .notApplicable(
        "P5b", statement, kind: .bound,
        reason: "the model is no better yet than independent fair pixels: no control can fail")
    }
    return Claim(
      "P5b", statement, kind: .bound, measured: mass, .atLeast, bound, tolerance: 1e-9 * bound,
      control: .init(
        statement: "the mass that independent fair pixels have, against this model's bound", changed: "the model",
        measured: independent, fails: independent < bound))
  }

  private func validShare(_ images: [Float], _ patterns: BarsAndStripes) -> Double {
    let pixels = height * width
    let count = images.count / pixels
    let valid = (0..<count).filter { patterns.contains(images[$0 * pixels..<($0 + 1) * pixels]) }
    return Double(valid.count) / Double(count)
  }
}
