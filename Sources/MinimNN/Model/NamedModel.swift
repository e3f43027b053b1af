import MinimConfiguration
import MinimData

/// A model with the name that a config calls it by.
public struct NamedModel: Sendable {
  /// The value of `model.name` in a config.
  public let name: String
  /// Reads the model's own keys and makes the model for its data. Problems are reported to the section.
  public let make: @Sendable (ConfigurationSection, DataSplit) -> any Model

  /// Creates a model that a config can name: `NamedModel("bernoulli-mixture", BernoulliMixture.init)`.
  ///
  /// - Parameters:
  ///   - name: the name in a config.
  ///   - make: makes the model. It is called for wrong configs too, with defaults in place of wrong values, so that all
  ///     problems are reported at once.
  public init(_ name: String, _ make: @escaping @Sendable (ConfigurationSection, DataSplit) -> any Model) {
    self.name = name
    self.make = make
  }
}
