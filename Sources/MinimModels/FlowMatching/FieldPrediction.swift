import MinimData

/// What the net of a field is trained to predict: all three say the same about a point, and differ in how much an error counts
/// at each time (Salimans and Ho 2022, "Progressive Distillation for Fast Sampling of Diffusion Models", section 4).
///
/// Each prediction is that of the normal part plus c(t) times the net, and c is 0 where the answer is known. With
/// w = alpha sigma' - alpha' sigma, an error e of the velocity is an error e alpha / w of the noise and -e sigma / w of the
/// data.
package enum FieldPrediction: String, CaseIterable, Sendable {
  /// dx_t/dt = alpha' x1 + sigma' x0.
  case velocity
  /// x0. At the end of the noise x_t is x0.
  case noise
  /// x1. At the end of the data x_t is x1.
  case data

  /// The factor of the net in the prediction, and in the velocity.
  package func factors<N: FormulaNumber>(_ path: ProbabilityPath, _ t: N) -> (prediction: N, velocity: N) {
    let factors = path.factors(t)
    let turn = factors.alpha * factors.sigmaRate - factors.alphaRate * factors.sigma
    return switch self {
    case .velocity: (t * 0 + 1, t * 0 + 1)
    case .noise: (factors.alpha, turn)
    case .data: (factors.sigma, -turn)
    }
  }

  /// The squared error of the prediction over that of the velocity, at a time.
  package func weight(_ path: ProbabilityPath, _ t: Double) -> Double {
    let factors = factors(path, t)
    return factors.prediction * factors.prediction / (factors.velocity * factors.velocity)
  }
}
