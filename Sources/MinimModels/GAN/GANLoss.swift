import MinimAutodiff

/// The losses of critic and generator, as functions of the critic's values at data and at draws.
public enum GANLoss: String, CaseIterable, Sendable {
  /// The critic separates data from draws by logistic regression, and the generator makes its draws likely to be data
  /// (Goodfellow et al. 2014, "Generative Adversarial Nets", section 3).
  case nonSaturating
  /// The critic seeks margins of 1, the generator a large value (Lim and Ye 2017, "Geometric GAN").
  case hinge
  /// The difference of the means: zero-sum, and a distance if something bounds the critic's slope (Arjovsky, Chintala
  /// and Bottou 2017, "Wasserstein GAN").
  case wasserstein

  /// The critic's loss of each pair.
  ///
  /// - Parameters:
  ///   - real: the critic's values at data, [count].
  ///   - fake: the critic's values at draws of the generator, [count].
  func ofCritic(real: Tensor, fake: Tensor) -> Tensor {
    switch self {
    case .nonSaturating: softplus(-real) + softplus(fake)
    case .hinge: relu(1 - real) + relu(1 + fake)
    case .wasserstein: fake - real
    }
  }

  /// The generator's loss of each draw.
  func ofGenerator(fake: Tensor) -> Tensor {
    switch self {
    case .nonSaturating: softplus(-fake)
    case .hinge, .wasserstein: -fake
    }
  }
}
