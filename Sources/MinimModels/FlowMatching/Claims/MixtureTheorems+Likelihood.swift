import MinimNN

// Likelihoods by denoising: DM4, DM5. The denoiser is the closed one.

extension MixtureTheorems {
  // MARK: - DM4

  static let information = Claim.Theorem(
    "DM4", "-log p(x) = d/2 log(2 pi e) - 1/2 int [d / (1 + SNR) - mmse(x, SNR)] d SNR",
    formula: #"h + \log p(x) = \frac{1}{2} \int_0^\infty [\frac{d}{1 + \gamma} - \operatorname{mmse}_\gamma] d\gamma"#,
    .identity)

  func informationClaim() throws -> Claim {
    let count = 3, logSNRs = (0...100).map { -20 + 0.5 * Double($0) }, all = draws(count).data
    let points = (0..<count).map { Array(all[$0 * dimensions..<($0 + 1) * dimensions]) }
    let denoising = DenoisingErrors(mixture), errors = try denoising.errors(points, logSNRs, side: 24, trained)
    func largest(_ baseline: Double) -> Double {
      zip(denoising.negativeLogProbs(errors, logSNRs, baseline: baseline), points).reduce(0) {
        Swift.max($0, Swift.abs($1.0 + mixture.logProb($1.1)))
      }
    }
    return Claim(
      Self.information, "largest difference from the density at \(count) points, 101 values of log SNR", unit: "nats",
      measured: largest(1), .equal, 0, tolerance: 1e-3, samples: count,
      control: .init("d / (2 + SNR)", changed: "the baseline", measured: largest(2)))
  }

  // MARK: - DM5

  static let chain = Claim.Theorem(
    "DM5", "with the best denoiser more steps never cost more, and no number of them costs less than the entropy",
    formula: #"L_1 \ge L_2 \ge L_4 \ge \ldots \ge L_{32} \ge H(p)"#,
    .bound)

  func chainClaims() throws -> [Claim] {
    guard let entropy = mixture.entropy() else { return [] }
    let chain = try DiffusionChain(path, mixture, steps: 32, trained)
    let counts = [1, 2, 4, 8, 16, 32]
    let (costs, wrong) = (counts.map { chain.cost($0) }, counts.map { chain.cost($0, ofCleanerEnds: true) })
    func least(_ costs: [Double]) -> Double {
      zip(costs, costs.dropFirst()).map { $0 - $1 }.reduce(costs[costs.count - 1] - entropy.value, Swift.min)
    }
    return [
      Claim(
        Self.chain, "least gain of twice as many steps, up to 32, and what is left above the entropy", unit: "nats",
        measured: least(costs), .atLeast, 0, tolerance: 1e-6,
        details: [("oneStep", costs[0]), ("manySteps", costs[costs.count - 1]), ("entropy", entropy.value)],
        control: .init("the errors of the cleaner ends", changed: "the sum", measured: least(wrong)))
    ]
  }
}
