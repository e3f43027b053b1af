import MinimFiles

/// The input of a configuration: files merged from left to right, then overrides, every value with its place.
public struct ConfigurationSource: Sendable {
  /// The merged values.
  let root: ConfigurationNode

  /// Reads and merges files of at most 1 MB, then lays overrides `key.path=value` over them.
  /// - Throws: all files that are missing or not JSON objects, and all overrides that are malformed.
  public init(files: [String], overrides: [String] = []) throws(ConfigurationErrors) {
    var problems: [ConfigurationProblem] = []
    var texts: [(name: String, bytes: [UInt8])?] = []
    for (index, path) in files.enumerated() {
      do {
        texts.append((path, try Self.read(path, limit: JSONParser.defaultLimit)))
      } catch {
        let origin = ConfigurationOrigin.file(name: path, index: index, position: nil)
        problems.append(ConfigurationProblem(error.kind, at: origin, error.message))
        texts.append(nil)
      }
    }
    try self.init(texts, overrides, problems)
  }

  /// Merges texts that are already in memory; a name stands for a file's name in messages.
  public init(texts: [(name: String, text: String)], overrides: [String] = []) throws(ConfigurationErrors) {
    try self.init(texts.map { (name: $0.name, bytes: Array($0.text.utf8)) }, overrides, [])
  }

  private init(
    _ texts: [(name: String, bytes: [UInt8])?], _ overrides: [String], _ earlier: [ConfigurationProblem]
  ) throws(ConfigurationErrors) {
    var problems = earlier
    var layers: [ConfigurationNode] = []
    for (index, text) in texts.enumerated() {
      guard let text else { continue }
      func origin(_ position: JSONPosition) -> ConfigurationOrigin {
        .file(name: text.name, index: index, position: position)
      }
      do {
        let node = try JSONParser.parse(text.bytes)
        layers.append(ConfigurationNode(node, origin: origin))
        if node.members == nil {
          let message = "a configuration is an object, {...}; got \(ConfigurationType.shown(node.json, as: nil))"
          problems.append(ConfigurationProblem(at: origin(node.position), message))
        }
      } catch {
        problems.append(ConfigurationProblem(at: origin(error.position), error.message))
      }
    }
    for (index, text) in overrides.enumerated() {
      let origin = ConfigurationOrigin.override(text: text, index: index)
      do {
        layers.append(try Self.override(text, at: origin))
      } catch {
        problems.append(ConfigurationProblem(.usage, at: origin, error.message))
      }
    }
    guard problems.isEmpty else { throw ConfigurationErrors(problems) }
    let first = layers.first { if case .file = $0.origin { true } else { false } }
    root = layers.reduce(ConfigurationNode([], at: first?.origin ?? .nowhere)) { $0.merged(with: $1) }
  }
}
