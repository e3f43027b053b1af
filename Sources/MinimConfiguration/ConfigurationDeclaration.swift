import MinimFiles

/// A key as the code that reads it declares it. `minim explain`, the schema and the validation all come from here.
public struct ConfigurationDeclaration: Sendable, Equatable {
  /// The dotted path: `optimizer.learningRate`.
  public let path: String
  /// The type and range of the value.
  public let type: ConfigurationType
  /// The value if none is given; nil means that the key is required.
  public let defaultValue: JSON?
  /// One sentence for people.
  public let help: String
  /// Whether a different value can change what a run computes.
  public let affectsResult: Bool

  /// The path of the section it is in; empty for the root.
  let parent: String
  /// The last component of the path.
  let key: String

  init(
    parent: String, key: String, type: ConfigurationType, defaultValue: JSON?, help: String, affectsResult: Bool
  ) {
    self.parent = parent
    self.key = key
    self.path = Self.join(parent, key)
    self.type = type
    self.defaultValue = defaultValue
    self.help = help
    self.affectsResult = affectsResult
  }

  static func join(_ parent: String, _ key: String) -> String {
    parent.isEmpty ? key : "\(parent).\(key)"
  }
}
