import MinimData
import MinimKernels
import MinimNN
import MinimParallel

// The theorems of a PixelCNN on a distribution that is known, each with a control that must fail.

extension PixelCNN {
  /// P1: each pixel sees what the masks say, no more and no less.
  package func receptiveFieldClaim() throws -> Claim {
    let stack = configuration.stack
    let expected = stack.receptiveFields(height: height, width: width)
    let found = try ReceptiveFieldProbe(stack, height: height, width: width).mismatches(expected)
    let leak = try ReceptiveFieldProbe(stack.withOtherFirstMask, height: height, width: width).mismatches(expected)
    let blind = stack.blindPixels(height: height, width: width)
    let centre = height / 2 * width + width / 2
    return Claim(
      "P1", "pixels whose receptive field, by gradients and by perturbation, is not the one of the masks \(stack)",
      kind: .identity, measured: Double(found), .equal, 0, tolerance: 0,
      details: [("blindPixelsOfCentre", Double(blind[centre].count))],
      control: .init(
        statement: "the same measurement with masks \(stack.withOtherFirstMask)", changed: "the first mask",
        measured: Double(leak), fails: leak != 0))
  }

  /// P2: the probabilities of all images of a small canvas sum to 1.
  package func massClaim(_ trained: Trained) throws -> Claim {
    let double = trained.with(try trained.parameters.converted(to: .float64))
    let masses = try [3, 4].map { try totalMass(height: $0, width: $0, double) }
    let (other, vector) = try withMasks(configuration.stack.withOtherFirstMask, double.parameters)
    let leaked = try other.totalMass(height: 3, width: 3, double.with(vector))
    let worst = abs(masses[0] - 1) > abs(masses[1] - 1) ? masses[0] : masses[1]
    return Claim(
      "P2", "the probabilities of all 512 images of 3x3 and all 65,536 of 4x4 sum to 1 with the run's weights",
      kind: .identity, measured: worst, .equal, 1, tolerance: 1e-9,
      details: [("mass3x3", masses[0]), ("mass4x4", masses[1])],
      control: .init(
        statement: "the sum over 3x3 with masks \(configuration.stack.withOtherFirstMask)", changed: "the first mask",
        measured: leaked, fails: abs(leaked - 1) > 1e-9))
  }

  /// P3: no model with these receptive fields has a lower likelihood cost than the floor, which counting alone gives.
  package func floorClaim(_ trained: Trained, nll: Double) throws -> Claim {
    let data = trained.data
    let floor = floor(data)
    let entropy = data.entropy ?? .nan
    let leak = try nllOfLeakingNet(trained, below: floor)
    return Claim(
      "P3", "the NLL of the data's distribution is not below the floor of the receptive fields (nats)",
      kind: .bound, measured: nll, .atLeast, floor, tolerance: 1e-9,
      details: [("entropy", entropy), ("blindSpotCost", floor - entropy), ("fitCost", nll - floor)],
      control: .init(
        statement: "a net with masks \(configuration.stack.withOtherFirstMask), trained for \(leak.steps) steps",
        changed: "the first mask", measured: leak.nll, fails: leak.nll < floor - 1e-9))
  }

  /// Trains the net of the control until it is below the floor, as a net that copies a pixel to its own output soon is.
  private func nllOfLeakingNet(_ trained: Trained, below floor: Double) throws -> (nll: Double, steps: Int) {
    let net = twin(configuration.stack.withOtherFirstMask)
    let vector = try ParameterVector(net.parameters, precision: trained.parameters.precision)
    vector.initialize(seed: trained.seed)
    let data = trained.data
    let adam = Adam()
    let engine = try StepEngine(
      parameters: vector, optimizer: adam, batchSizes: [data.count],
      options: .init(shards: Shards.defaultCount(examples: data.count), clipNorm: nil, seed: trained.seed),
      pool: trained.pool, kernels: try KernelTable(level: trained.level, precision: vector.precision)
    ) { net.objective(Batch(count: $0, exampleShape: data.exampleShape)) }
    for step in 1...1000 {
      let result = try engine.step(step, examples: data.count, rate: 0.003, decays: adam.decays(after: step)) {
        range, input in
        input.write(data.values[range.lowerBound * data.exampleCount..<range.upperBound * data.exampleCount], at: 0)
      }
      // The step's loss is that before its update: well below the floor, so that one more update keeps it there.
      if result.loss < floor / 2 { return (try net.nll(trained.with(vector)), step) }
    }
    return (try net.nll(trained.with(vector)), 1000)
  }

  /// P4: the sampler draws from the model's own distribution.
  package func samplerClaim(_ trained: Trained) throws -> Claim {
    let side = 3
    let images = Self.allImages(pixels: side * side)
    let double = trained.with(try trained.parameters.converted(to: .float64))
    let probabilities = try logProbabilities(images, height: side, width: side, double).map(Elementary.exp)
    let count = 20_000
    func pValue(_ draws: Draws) throws -> Double {
      let drawn = try sample(count, height: side, width: side, purpose: .evaluation, draws: draws, from: trained)
      var counts = [Int](repeating: 0, count: images.count / (side * side))
      for index in 0..<count {
        let bits = (0..<side * side).map { drawn[index * side * side + $0] > 0.5 ? 1 << $0 : 0 }
        counts[bits.reduce(0, +)] += 1
      }
      let test = Statistics.chiSquare(counts, expected: probabilities.map { $0 * Double(count) })
      return Statistics.chiSquareTail(test.statistic, degrees: test.degrees)
    }
    let control = try pValue(.onePerImage)
    return Claim(
      "P4", "the p-value of \(count) samples of 3x3 against the exact 512 probabilities (chi-square, pooled cells)",
      kind: .statistical, measured: try pValue(.independent), .atLeast, 1e-4, tolerance: 0, samples: count,
      control: .init(
        statement: "the same sampler with one uniform for a whole image", changed: "the draws", measured: control,
        fails: control < 1e-4))
  }

  /// P5: the share of valid patterns among samples is the model's exact mass on them, which Jensen's inequality bounds
  /// from below by exp(H - NLL).
  package func validityClaims(_ trained: Trained, patterns: BarsAndStripes, nll: Double) throws -> [Claim] {
    let distinct = BarsAndStripes(height: height, width: width, distribution: .distinct).dataset()
    let double = trained.with(try trained.parameters.converted(to: .float64))
    let mass = try logProbabilities(distinct.values, height: height, width: width, double).map(Elementary.exp)
      .reduce(0, +)
    let count = 10_000
    let drawn = try sample(count, height: height, width: width, purpose: .evaluation, from: trained)
    let share = validShare(drawn, patterns)
    let error = (mass * (1 - mass) / Double(count)).squareRoot()
    let key = RandomKey(seed: trained.seed).folding(RandomPurpose.evaluation.rawValue).folding(5)
    let coin = validShare((0..<drawn.count).map { key.uniform(at: UInt64($0)) < 0.5 ? 1 : 0 }, patterns)
    let bound = Elementary.exp((trained.data.entropy ?? .nan) - nll)
    let independent = Double(distinct.count) * Elementary.exp(-Double(height * width) * Elementary.log(2))
    let jensen = jensenClaim(mass: mass, bound: bound, independent: independent)
    let statement =
      "the share of valid patterns among \(count) samples is the model's exact mass on the \(distinct.count)"
    // Two statistical claims a run (P4, P5), one false alarm in a thousand runs: |z| <= 3.48.
    let limit = 3.48
    // Too few to count, or as many as by chance: the samples could not tell the model from its control.
    guard mass * Double(count) > 100, abs(mass - independent) > 2 * limit * error else {
      return [
        .notApplicable(
          "P5", statement, kind: .statistical,
          reason: "the mass is \(Float(mass)), that of independent fair pixels \(Float(independent)): \(count) samples "
            + "cannot tell"), jensen,
      ]
    }
    return [
      Claim(
        "P5", statement, kind: .statistical, measured: share, .equal, mass, tolerance: limit * error,
        standardError: error,
        z: (share - mass) / error, samples: count,
        control: .init(
          statement: "images of independent fair pixels", changed: "the sampler", measured: coin,
          fails: abs(coin - mass) > limit * error)), jensen,
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

  /// The mean -log p(x) over the data, in nats, evaluated in Double.
  package func nll(_ trained: Trained) throws -> Double {
    let double = trained.with(try trained.parameters.converted(to: .float64))
    let logs = try logProbabilities(trained.data.values, height: height, width: width, double)
    return -logs.reduce(0, +) / Double(logs.count)
  }
}
