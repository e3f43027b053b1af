import MinimConfiguration
import MinimData

/// A model with the name that a config calls it by.
public struct NamedModel: Sendable {
  /// What `model.name` of a config says.
  public let name: String
  /// Reads the model's own keys and makes it, for the data that it shall learn. What is wrong is reported to the section.
  public let make: @Sendable (ConfigurationSection, DataSplit) -> any Model

  /// A model that a config can name: `NamedModel("bernoulli-mixture", BernoulliMixture.init)`.
  ///
  /// - Parameters:
  ///   - name: what a config calls it by.
  ///   - make: is called for wrong configs too, with defaults in place of what is wrong, so that all problems are
  ///     told at once.
  public init(_ name: String, _ make: @escaping @Sendable (ConfigurationSection, DataSplit) -> any Model) {
    self.name = name
    self.make = make
  }
}
