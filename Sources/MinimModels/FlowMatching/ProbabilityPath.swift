import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN

/// The way from noise to data: x_t = alpha(t) x1 + sigma(t) x0 with x0 ~ N(0, I), from noise at t = 0 to an example x1 at
/// t = 1 (Lipman, Chen, Ben-Hamu, Nickel and Le 2023, "Flow Matching for Generative Modeling", section 4; Albergo and
/// Vanden-Eijnden 2023, "Building Normalizing Flows with Stochastic Interpolants").
package enum ProbabilityPath: String, CaseIterable, Sendable {
  /// alpha = t, sigma = 1 - t: straight lines at constant speed (Liu, Gong and Liu 2023, "Flow Straight and Fast").
  case linear
  /// alpha = sin(pi t / 2), sigma = cos(pi t / 2): variance preserving, at constant angular speed.
  case angle
  /// The diffusion whose noise grows at the rate beta, linear in its own time s from 0.1 to 20 (Ho, Jain and Abbeel 2020,
  /// "Denoising Diffusion Probabilistic Models"; Song et al. 2021, "Score-Based Generative Modeling through Stochastic
  /// Differential Equations", appendix C): alpha = exp(-(20 - 0.1) s^2 / 4 - 0.1 s / 2), sigma^2 = 1 - alpha^2. Here
  /// s = (1 - t)^2, which keeps the velocity finite at the data. At t = 0 alpha is 0.0066, not 0.
  case betaLinear

  /// The factors of data and noise at a time, and their derivatives by it.
  package struct Factors<Number> {
    package let alpha: Number, sigma: Number, alphaRate: Number, sigmaRate: Number
  }

  /// The factors at times t, numbers or expressions of any shape.
  package func factors<N: FormulaNumber>(_ t: N) -> Factors<N> {
    switch self {
    case .linear: Factors(alpha: t, sigma: -t + 1, alphaRate: t * 0 + 1, sigmaRate: t * 0 - 1)
    case .angle:
      Factors(
        alpha: N.sin(t * (Double.pi / 2)), sigma: N.cos(t * (Double.pi / 2)),
        alphaRate: N.cos(t * (Double.pi / 2)) * (Double.pi / 2),
        sigmaRate: -(N.sin(t * (Double.pi / 2)) * (Double.pi / 2)))
    case .betaLinear: betaLinear(t)
    }
  }

  /// The time at which log(alpha^2 / sigma^2) has a value, by bisection: it grows with the time.
  package func time(ofLogSNR value: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2, factors = factors(middle)
      let isLess = 2 * Elementary.log(factors.alpha / factors.sigma) < value
      (low, high) = isLess ? (middle, high) : (low, middle)
    }
    return (low + high) / 2
  }

  /// The least and the greatest rate of noise.
  private static let beta = (0.1, 20.0)

  /// With r = 1 - t and y = -2 log alpha, sigma^2 = 1 - e^-y = 2 h / (1 + h) for h = tanh(y / 2), and sigma is r times what
  /// stays finite at r = 0.
  private func betaLinear<N: FormulaNumber>(_ t: N) -> Factors<N> {
    let r = -t + 1, square = r * r
    let (least, growth) = (Self.beta.0, Self.beta.1 - Self.beta.0)
    let rate = square * growth + least  // beta
    let ratio = square * (growth / 2) + least  // y / r^2
    let y = square * ratio
    let h = N.tanh(y * 0.5)
    // The tiny number is what 0 / 0 needs at the data's end; h / y is 1/2 there.
    let quotient = N.tanh(y * 0.5 + 1e-30) / (y + 2e-30)
    let slope = N.root(ratio * quotient * 2 / (h + 1))  // sigma / r
    let alpha = N.exp(y * -0.5)
    return Factors(
      alpha: alpha, sigma: r * slope, alphaRate: alpha * rate * r, sigmaRate: -(alpha * alpha * rate / slope))
  }
}
