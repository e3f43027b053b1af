import MinimData
import MinimConfiguration
import MinimNN

/// The configuration of a GAN.
public struct GANConfiguration: Sendable {
  /// The players' losses.
  public let loss: GANLoss
  /// The number of normals that the generator makes an example from.
  public let latent: Int
  /// The widths of the hidden layers; none: linear.
  public let generator: [Int], critic: [Int]
  /// The function between layers.
  public let activation: Activation
  /// The weight of R1, gamma; 0 for none.
  public let gradientPenalty: Double

  /// Reads the section "model".
  public init(_ section: ConfigurationSection) {
    loss = section.choice(
      "loss", default: .nonSaturating, "What the players minimize: nonSaturating, hinge or wasserstein.")
    latent = section.integer(
      "latent", default: 8, in: 1...1024, "Standard normals that the generator makes an example from.")
    func widths(_ key: String, _ help: String) -> [Int] {
      section.integers(key, default: [64, 64, 64], in: 1...65_536, count: 0...16, help)
    }
    generator = widths("generator", "Widths of the generator's hidden layers; [] makes it linear.")
    critic = widths("critic", "Widths of the critic's hidden layers; [] makes it linear.")
    activation = section.choice("activation", default: .relu, "The function between layers.")
    gradientPenalty = section.number(
      "gradientPenalty", default: 0, in: 0...1e4,
      "gamma of R1: the critic also minimizes gamma / 2 times the mean of its squared slope at the data.")
  }
}

extension GAN {
  /// Reads the section "model" of a config, for examples of any shape.
  public init(_ section: ConfigurationSection, _ data: DataSplit) {
    data.requireExamples("a gan", section)
    self.init(GANConfiguration(section), of: data)
  }
}
