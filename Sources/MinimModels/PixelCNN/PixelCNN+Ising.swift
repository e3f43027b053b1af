import MinimData
import MinimDrawing
import MinimKernels
import MinimNN

// A PixelCNN on the Ising model, whose every probability is known:
//   KL(data, model) = NLL - H = blind-spot cost + fit cost.

extension PixelCNN {
  /// The draws of an evaluation: their mean log-ratio has a standard error of about a thousandth of a nat.
  private static let evaluationDraws = 20_000

  /// KL(data, model) with its parts, over fresh draws, or with `exact` over all images.
  func evaluate(on ising: Ising, _ trained: Trained, exact: Bool) throws -> Evaluation {
    let floor = ising.lowestNLL(fields)
    let estimate = try divergence(from: ising, trained)
    var metrics: [Evaluation.Metric] = [
      .init("klEstimate", estimate.mean, "KL(data, model) over \(Self.evaluationDraws) fresh draws, nats"),
      .init("klStandardError", estimate.error, "of it, nats"),
      .init("entropy", ising.entropy, "of the data's distribution, nats"),
    ]
    if let floor {
      metrics.append(.init("blindSpotCost", floor - ising.entropy, "what the receptive fields cannot see, nats"))
    }
    guard exact, AllImages(height: height, width: width, atMost: Self.mostImages) != nil else {
      if let floor {
        metrics.append(.init("fitCostEstimate", estimate.mean - (floor - ising.entropy), "what training left, nats"))
      }
      return Evaluation(metrics, claims: exact ? [try exactMassClaim(trained)] : [])
    }
    let truth = IsingCodes(ising)
    let sums = try sumOverImages(height: height, width: width, trained) { code, logProb in
      let logTruth = truth.logProb(code)
      return (Elementary.exp(logProb), Elementary.exp(logTruth) * (logTruth - logProb))
    }
    metrics += [
      .init("kl", sums.1, "KL(data, model) over all 2^\(height * width) images, nats"),
      .init("nll", ising.entropy + sums.1, "mean -log p(x) over the data's distribution, nats per image"),
    ]
    if let floor {
      metrics.append(.init("fitCost", sums.1 - (floor - ising.entropy), "what training left, nats"))
    }
    return Evaluation(
      metrics,
      claims: [try exactMassClaim(trained, mass: sums.0)]
        + (try floor.map { [try exactFloorClaim(ising, trained, kl: sums.1, floor: $0)] } ?? []))
  }

  /// For each pixel the earlier ones that it sees. No distribution could use what a leaking stack sees beyond them.
  private var fields: [[Int]] {
    configuration.stack.receptiveFields(height: height, width: width).enumerated().map { pixel, field in
      field.filter { $0 < pixel }
    }
  }

  /// KL(data, model) in nats as the mean of log p(x) - log q(x) over draws of the data. It is far less noisy than an
  /// NLL, since the logarithms rise and fall together.
  private func divergence(from ising: Ising, _ trained: Trained) throws -> (mean: Double, error: Double) {
    let count = Self.evaluationDraws
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(1)
    let data = Dataset(
      name: "draws", exampleShape: [height, width, 1], values: ising.draw(0..<count, key: key))
    let losses = try losses(of: data, trained.inDouble())
    return Statistics.mean(losses.enumerated().map { ising.logProb(data.example($0)) + $1 })
  }

  /// P3 over draws: statistical, so a failure does not prove a mistake.
  func floorClaim(_ ising: Ising, _ trained: Trained) throws -> Claim {
    let theorem = Self.floorTheorem(.statistical)
    guard let floor = ising.lowestNLL(fields) else {
      return .notApplicable(theorem, "the floor of such large images takes more than 2^25 states")
    }
    let estimate = try divergence(from: ising, trained)
    let leak = try leakingNet(trained, below: floor)
    let leaked = try leak.net.divergence(from: ising, leak.trained)
    let nll = ising.entropy + estimate.mean
    // Where the model has dropped what is rare, the draws may hardly vary, and their standard error says too little. For any
    // model q, P(mean of log q/p > t) <= exp(-n t), since E[q/p] = 1 (Markov's inequality).
    let deficit = max(0, floor - nll)
    let pValue = max(
      Statistics.normalTail(deficit / estimate.error), Elementary.exp(-deficit * Double(Self.evaluationDraws)))
    let tolerance = 3.48 * estimate.error
    // The net that leaks ends at about half of the floor.
    let isNoisy = tolerance > floor / 4
    return Claim(
      theorem, "NLL per image", unit: "nats", measured: nll, .atLeast, floor, tolerance: tolerance,
      standardError: estimate.error, z: (nll - floor) / estimate.error, pValue: pValue,
      samples: Self.evaluationDraws,
      details: [
        ("entropy", ising.entropy), ("blindSpotCost", floor - ising.entropy), ("fitCost", nll - floor),
      ],
      control: leak.control(
        measured: ising.entropy + leaked.mean,
        cannotFailIf: isNoisy ? "the NLL varies too much among the draws to be told from any other" : nil))
  }

  /// P3 over all images.
  private func exactFloorClaim(_ ising: Ising, _ trained: Trained, kl: Double, floor: Double) throws -> Claim {
    let leak = try leakingNet(trained, below: floor)
    let leaked = try leak.net.divergence(from: ising, leak.trained)
    return Claim(
      Claim.Theorem(
        "P3x", "KL(data, model) is at least the cost of the blind spot",
        formula: #"\operatorname{KL}(p \,\|\, p_\theta) \ge \sum_i H(x_i \mid x_{\text{field}_i}) - H(x)"#, .bound),
      "KL over all 2^\(height * width) images", unit: "nats", measured: kl, .atLeast, floor - ising.entropy,
      tolerance: 1e-5, control: leak.control(measured: leaked.mean))
  }

  /// P6: neighbors' correlations, what a physicist would check first; an outcome of training, not a theorem.
  func correlationClaim(_ ising: Ising, _ trained: Trained) throws -> Claim {
    func mean(_ images: [Float]) -> Double {
      let bonds = bondCorrelations(ising, images)
      return bonds.map(\.mean).reduce(0, +) / Double(bonds.count)
    }
    let expected = ising.bondSum / Double(ising.bonds.count)
    let tolerance = 0.02
    let key = RandomKey(seed: trained.seed).folding(.evaluation).folding(5)
    let theorem = Claim.Theorem(
      "P6", "neighbors in samples correlate as in the Ising model",
      formula: #"\sum_{i \sim j} \mathbb{E}_\theta[s_i s_j] = \sum_{i \sim j} \mathbb{E}_{\text{Ising}}[s_i s_j]"#,
      .outcome)
    guard !ising.bonds.isEmpty, abs(expected) > 2 * tolerance else {
      return .notApplicable(theorem, "the pixels are nearly independent")
    }
    let coins = mean((0..<Self.correlationDraws * height * width).map { key.uniform(at: UInt64($0)) < 0.5 ? 1 : 0 })
    return Claim(
      theorem, "mean correlation of neighbors in \(Self.correlationDraws) samples",
      measured: mean(try correlationSamples(trained)), .equal, expected, tolerance: tolerance,
      samples: Self.correlationDraws,
      control: .init("independent fair pixels", changed: "the sampler", measured: coins))
  }

  private static let correlationDraws = 10_000

  private func correlationSamples(_ trained: Trained) throws -> [Float] {
    try sample(Self.correlationDraws, height: height, width: width, purpose: .evaluation, from: trained)
  }

  /// The mean of s_i s_j over images for each bond, with its standard error.
  private func bondCorrelations(_ ising: Ising, _ images: [Float]) -> [(mean: Double, error: Double)] {
    let pixels = height * width
    let count = images.count / pixels
    return ising.bonds.map { a, b in
      let equal = (0..<count).count { images[$0 * pixels + a] == images[$0 * pixels + b] }
      let mean = 2 * Double(equal) / Double(count) - 1
      return (mean, ((1 - mean * mean) / Double(count)).squareRoot())
    }
  }

  /// One dot for each bond: exact against sampled.
  func correlationPicture(_ ising: Ising, _ trained: Trained) throws -> Picture {
    let samples = bondCorrelations(ising, try correlationSamples(trained))
    let dots = zip(ising.bondCorrelations, samples).map { (x: $0, y: $1.mean, error: 2 * $1.error) }
    return Picture(
      "correlations",
      Plot(
        "correlation of neighbors, a dot each bond, bars of two standard errors", xLabel: "exact correlation",
        yLabel: "correlation in \(Readable.grouped(Self.correlationDraws)) samples", isSquare: true,
        [.init(.diagonal, name: "equal"), .init(.dots(dots))]))
  }
}

/// log p(x) of the Ising model by the codes of images, whose bit i is pixel i: a handful of instructions each.
private struct IsingCodes {
  private let width: Int
  private let bonds: Int
  private let notFirstColumn: Int, notFirstRow: Int
  private let beta: Double, logPartition: Double

  init(_ ising: Ising) {
    let pixels = 0..<ising.height * ising.width
    width = ising.width
    bonds = ising.bonds.count
    notFirstColumn = pixels.reduce(0) { $1 % ising.width == 0 ? $0 : $0 | 1 << $1 }
    notFirstRow = pixels.reduce(0) { $1 < ising.width ? $0 : $0 | 1 << $1 }
    (beta, logPartition) = (ising.beta, ising.logPartition)
  }

  func logProb(_ code: Int) -> Double {
    let beside = (code ^ (code << 1)) & notFirstColumn
    let below = (code ^ (code << width)) & notFirstRow
    return beta * Double(bonds - 2 * (beside.nonzeroBitCount + below.nonzeroBitCount)) - logPartition
  }
}
