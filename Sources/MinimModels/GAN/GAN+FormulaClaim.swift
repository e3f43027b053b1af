import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// G11: the losses of both players in plain numbers.

extension GAN {
  /// G11: both losses are the formulas of the critic's values at data and draws, and of its slope at the data.
  func lossClaim(_ trained: Trained) throws -> Claim {
    let theorem = Claim.Theorem(
      "G11", "both losses are those of the formulas, with the slope at the data",
      formula: #"L_D = \mathbb{E}[\ell_D + \frac{\gamma}{2} \|\nabla f(x)\|^2], \quad L_G = \mathbb{E}\,\ell_G"#,
      .identity)
    let (precise, count) = (try trained.inDouble(), 16)
    let rows = Array(realRows(trained, purpose: 0).whole.prefix(count * dimensions))
    guard rows.count == count * dimensions else {
      return .notApplicable(theorem, "there are fewer than \(count) examples")
    }
    let batch = Batch(count: count, of: trained.data)
    let z = Tensor.normal(shape: [count, configuration.latent], purpose: .model)
    let x = scaling.normalized(batch.examples.reshape([count, dimensions])), draws = generate(z)
    let players = objective(batch).players.map(\.value)
    let found = try MinimAutodiff.evaluate(
      players + [value(x), value(draws), x, draws], parameters: precise.parameters.values,
      inputs: [Batch.inputName: rows], random: (trained.seed, 1, 0))
    let slope = CriticSlope(critic, configuration.activation, parameters, precise.parameters)
    func meanSlope(_ points: [Double]) -> Double {
      let squares = (0..<count).map {
        slope.squared(at: Array(points[$0 * dimensions..<($0 + 1) * dimensions]), gates: true)
      }
      return Statistics.mean(squares).mean
    }
    func difference(_ penalty: Double, _ weight: Double = 1) -> Double {
      let losses = zip(found[2], found[3]).map { configuration.loss.values(real: $0, fake: $1) }
      let critic = Statistics.mean(losses.map(\.critic)).mean + configuration.gradientPenalty / 2 * penalty
      let generator = Statistics.mean(losses.map(\.generator)).mean
      return max(abs(found[0][0] - critic), abs(found[1][0] - weight * generator)) / max(1, abs(critic), abs(generator))
    }
    let atData = meanSlope(found[4])
    return Claim(
      theorem, "largest relative difference, in plain numbers", measured: difference(atData), .equal, 0,
      tolerance: 1e-9,
      samples: count,
      control: configuration.gradientPenalty > 0
        ? .init(
          "the slope at the draws", changed: "the penalty", measured: difference(meanSlope(found[5])),
          cannotFailIf: "the critic has the same slope at data and draws")
        : .init("twice the generator's loss", changed: "the formula", measured: difference(atData, 2)))
  }
}

extension GANLoss {
  /// The losses of the critic and of the generator for one value each, by the formulas of their papers.
  fileprivate func values(real: Double, fake: Double) -> (critic: Double, generator: Double) {
    switch self {
    case .nonSaturating:
      // -log D(x) - log(1 - D(G(z))), and -log D(G(z)), where D is the sigmoid of the critic's value.
      func minusLogSigmoid(_ x: Double) -> Double { max(0, -x) + Elementary.log1p(Elementary.exp(-abs(x))) }
      return (minusLogSigmoid(real) + minusLogSigmoid(-fake), minusLogSigmoid(fake))
    case .hinge: return (max(0, 1 - real) + max(0, 1 + fake), -fake)
    case .wasserstein: return (fake - real, -fake)
    }
  }
}
