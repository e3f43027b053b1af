import MinimConfiguration

/// An optimizer with the name that a config calls it by.
public struct NamedOptimizer: Sendable {
  /// The value of `optimizer.name` in a config.
  public let name: String
  /// Reads the optimizer's own keys from the section `optimizer` and makes it. Problems are reported to the section.
  public let make: @Sendable (ConfigurationSection) -> any Optimizer

  /// Creates an optimizer that a config can name: `NamedOptimizer("sgd", SGD.init)`.
  public init(_ name: String, _ make: @escaping @Sendable (ConfigurationSection) -> any Optimizer) {
    self.name = name
    self.make = make
  }

  /// The optimizers of Minim: the only list of them. The first is the default.
  public static let all = [
    NamedOptimizer("adam", Adam.init), NamedOptimizer("adamw", Adam.withWeightDecay), NamedOptimizer("sgd", SGD.init),
    NamedOptimizer("optimistic", Optimistic.init), NamedOptimizer("muon", Muon.init),
  ]
}
