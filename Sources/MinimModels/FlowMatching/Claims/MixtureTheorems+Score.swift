import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

// The learned score, and the ends of a diffusion: DM2, DM3, DM10. All by sums over grids.

extension MixtureTheorems {
  // MARK: - DM2

  static let scoreMatching = Claim.Theorem(
    "DM2",
    "matching the score of the noise and matching that of p_t differ by d / sigma^2 - I(p_t), whatever the score is",
    formula: #"\mathbb{E}[\|s + \frac{x_0}{\sigma}\|^2 - \|s - s_t\|^2] = \frac{d}{\sigma^2} - I(p_t)"#,
    .identity)

  /// E |s + x0 / sigma|^2 = E |s|^2 + 2 E div s + d / sigma^2 (Hyvaerinen 2005, "Estimation of Non-Normalized Statistical Models
  /// by Score Matching", theorem 1), against E |s - grad log p_t|^2 + d / sigma^2 - E |grad log p_t|^2 (Vincent 2011, "A
  /// Connection Between Score Matching and Denoising Autoencoders").
  func scoreMatchingClaim() throws -> Claim {
    let times = [0.25, 0.5, 0.75]
    let noisy = try NoisyMixture(path, mixture, trained) { point in
      let factors = path.factors(point.time)
      let turn = factors.alpha * factors.sigmaRate - factors.alphaRate * factors.sigma
      let learned = model.field.velocity(point.z, point.time)
      let score = (factors.alphaRate * point.z - factors.alpha * learned) / (turn * factors.sigma)
      let exact = gradient(of: point.posterior.logProb.sum(), withRespectTo: [point.z])[0]
      return [
        square(score).sum(axes: [1]), divergence(of: score, point.z), square(score - exact).sum(axes: [1]),
        square(exact).sum(axes: [1]),
      ]
    }
    func largest(_ divergences: Double, cells: Double = 6) -> Double {
      times.map { time in
        let means = noisy.means(at: time, cells: cells).values, sigma = path.factors(time).sigma
        let difference: Double = means[0] + divergences * means[1] - means[2] + means[3]
        return Swift.abs(difference) * sigma * sigma / Double(dimensions)
      }.reduce(0, Swift.max)
    }
    let (measured, coarse) = (largest(2), largest(2, cells: 4))
    return Claim(
      Self.scoreMatching, "largest difference of both sides at \(times.count) times, over d / sigma^2",
      measured: measured, .equal, 0, tolerance: 1e-6 + 2 * Swift.abs(measured - coarse),
      details: [("fewerCells", coarse)],
      control: .init("the divergence once instead of twice", changed: "the score's own error", measured: largest(1)))
  }

  // MARK: - DM3

  static let schedules = Claim.Theorem(
    "DM3", "the likelihood-weighted loss depends on the schedule only through the two ends of its log SNR",
    formula:
      #"\int \mathbb{E} \|x - \hat{x}\|^2\,d\gamma = \int \mathbb{E} \|\epsilon - \hat{\epsilon}\|^2\,d \log \gamma"#,
    .identity)

  /// Half the integral of the error of the data over d SNR along times, against that of the error of the noise over d log SNR
  /// along log SNR (Kingma, Salimans, Poole and Ho 2021, "Variational Diffusion Models", section 5.1).
  func scheduleClaim() throws -> Claim {
    let measure = try FieldMeasure(of: model.field.velocity, path, mixture, trained)
    let (low, high) = (-4.0, 4.0), rule = GaussLegendre(32)
    let (first, last) = (path.time(ofLogSNR: low), path.time(ofLogSNR: high))
    let byTime = zip(rule.nodes, rule.weights).map { node, weight -> (error: Double, weight: Double, rate: Double) in
      let t = first + (last - first) * node, factors = path.factors(t), moment = measure.moment(at: t)
      let snr = factors.alpha * factors.alpha / (factors.sigma * factors.sigma)
      let rate: Double = 2 * snr * (factors.alphaRate / factors.alpha - factors.sigmaRate / factors.sigma)
      let error: Double = FieldPrediction.data.weight(path, t) * moment.fit + moment.spread
      return (error, weight * (last - first), rate)
    }
    let bySNR = zip(rule.nodes, rule.weights).map { node, weight -> (error: Double, weight: Double) in
      let t = path.time(ofLogSNR: low + (high - low) * node), factors = path.factors(t), moment = measure.moment(at: t)
      let ratio: Double = factors.alpha / factors.sigma
      let error: Double = FieldPrediction.noise.weight(path, t) * moment.fit + ratio * ratio * moment.spread
      return (error, weight * (high - low))
    }
    let measured = byTime.reduce(0) { $0 + 0.5 * $1.weight * $1.rate * $1.error }
    let expected = bySNR.reduce(0) { $0 + 0.5 * $1.weight * $1.error }
    let plain = byTime.reduce(0) { $0 + 0.5 * $1.weight * $1.error }
    return Claim(
      Self.schedules, "half the integral from log SNR -4 to 4: of the data's error by times, of the noise's by log SNR",
      unit: "nats", measured: measured, .equal, expected, tolerance: 1e-4 * Swift.abs(expected),
      control: .init("each time with the same weight", changed: "the weights", measured: plain))
  }

  // MARK: - DM10

  static let prior = Claim.Theorem(
    "DM10", "at the end of the noise p_t is as good as standard normal",
    formula: #"\operatorname{KL}(p_0 \,\|\, N(0, I)) \le 10^{-4}"#, .bound)

  func priorClaim() throws -> Claim {
    let noisy = try NoisyMixture(path, mixture, trained) { point in
      let base = square(point.z).sum(axes: [1]) * -0.5 - Double(dimensions) * halfLogTwoPi
      return [point.posterior.logProb - base]
    }
    return Claim(
      Self.prior, "KL(p_0, N(0, I)) by a grid", unit: "nats", measured: noisy.means(at: 0).values[0], .atMost, 0,
      tolerance: 1e-4,
      control: .init(
        "where signal and noise are equal", changed: "the time",
        measured: noisy.means(at: path.time(ofLogSNR: 0)).values[0],
        cannotFailIf: "the data have the moments of the noise"))
  }
}
