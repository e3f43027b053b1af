import MinimFiles

// Overrides as they are written on a command line: `optimizer.learningRate=0.01`, `model.masks=["A3","B3"]`.

extension ConfigurationSource {
  struct MalformedOverride: Error {
    let message: String
  }

  /// An override as a tree of its own, ready to be merged: a value that parses as JSON is that, a bare word is a
  /// string.
  static func override(_ text: String, at origin: ConfigurationOrigin) throws(MalformedOverride) -> ConfigurationNode {
    guard let equals = text.firstIndex(of: "=") else {
      throw MalformedOverride(message: "expected key.path=value, found no \"=\"")
    }
    let path = text[..<equals].split(separator: ".", omittingEmptySubsequences: false)
    guard path.allSatisfy({ !$0.isEmpty }) else {
      throw MalformedOverride(message: "expected key.path=value, found an empty key")
    }
    guard path.count <= JSONParser.maximumDepth else {
      throw MalformedOverride(message: "nested deeper than \(JSONParser.maximumDepth)")
    }
    var node = ConfigurationNode(try value(String(text[text.index(after: equals)...])), origin: { _ in origin })
    for key in path.reversed() {
      node = ConfigurationNode([.init(key: String(key), origin: origin, value: node)], at: origin)
    }
    return node
  }

  private static func value(_ text: String) throws(MalformedOverride) -> JSONNode {
    do {
      return try JSONParser.parse(text)
    } catch {
      // A slip in what was meant as JSON must not become a string: 1e999, [1, 2 or "a.
      if let first = text.utf8.first, "[{\"".utf8.contains(first) || isNumeral(text) || text.utf8.count > 1 << 20 {
        throw MalformedOverride(
          message: "the value is not JSON, at character \(error.position.column): \(error.message)")
      }
      return JSONNode(position: JSONPosition(line: 1, column: 1), content: .scalar(.string(text)))
    }
  }

  /// Whether a text that is not a JSON number still reads as a number: 1e999, 007, .5; but not a date, nan, inf.
  private static func isNumeral(_ text: String) -> Bool {
    text.utf8.contains(where: \.isDigit) && !text.utf8.dropFirst().starts(with: "x".utf8) && Double(text) != nil
  }
}
