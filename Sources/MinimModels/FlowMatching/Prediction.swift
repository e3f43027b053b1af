import MinimAutodiff

/// What a net says about a point x_t = alpha x1 + sigma x0; the rest follows from it (Salimans and Ho 2022, "Progressive
/// Distillation for Fast Sampling of Diffusion Models", section 4).
public enum Prediction: String, CaseIterable, Sendable {
  /// E[alpha' x1 + sigma' x0 given x_t], the velocity of the flow.
  case velocity
  /// E[x0 given x_t].
  case noise
  /// E[x1 given x_t].
  case data

  /// The quantity for given data and noise, [n, d] each.
  package func target(data: Tensor, noise: Tensor, _ factors: ProbabilityPath.Factors<Tensor>) -> Tensor {
    switch self {
    case .velocity: factors.alphaRate * data + factors.sigmaRate * noise
    case .noise: noise
    case .data: data
    }
  }

  /// The velocity that a predicted value means at a point: [n, d] to [n, d]. A noise divides by alpha, which is 0 at the
  /// noise's end of most paths, and a datum by sigma, which is 0 at the data's.
  package func velocity(_ value: Tensor, at x: Tensor, _ factors: ProbabilityPath.Factors<Tensor>) -> Tensor {
    switch self {
    case .velocity: value
    case .noise:
      factors.alphaRate * ((x - factors.sigma * value) / factors.alpha) + factors.sigmaRate * value
    case .data:
      factors.alphaRate * value + factors.sigmaRate * ((x - factors.alpha * value) / factors.sigma)
    }
  }
}
