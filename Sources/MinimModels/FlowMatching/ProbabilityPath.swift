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
    }
  }
}
