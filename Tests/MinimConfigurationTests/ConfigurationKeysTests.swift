import MinimConfiguration
import MinimFiles
import TestSupport
import Testing

/// All keys that configs can have, of a program whose keys depend on each other.
@Suite struct ConfigurationKeysTests {
  /// Reads a model of three kinds: `size` differs between them, `rule` is of the second alone and brings a key of its
  /// own, and so does `extra` of the first.
  private static func read(_ root: ConfigurationSection) {
    let model = root.section("model", "The model.")
    switch model.choice("name", of: ["a", "b", "c"], default: "a", "Its name.") {
    case "a":
      _ = model.integer("size", default: 1, in: 1...9, "Its size.")
      if model.boolean("extra", default: false, "More.") { _ = model.string("path", default: nil, "A file.") }
    case "b":
      _ = model.integer("size", default: 2, in: 1...9, "Its size.")
      if model.choice("rule", of: ["x", "y"], default: "x", "Its rule.") == "y" {
        _ = model.numbers("pair", default: [1, 2], count: 2...2, "Two numbers.")
      }
    default: _ = model.integer("size", default: 2, in: 1...9, "Its size.")
    }
    _ = root.string("title", default: nil, "Its title.")
    if let part = root.optionalSection("part", "A part.") { _ = part.boolean("on", default: true, "Whether it is on.") }
  }

  private static func keys() -> ConfigurationKeys {
    ConfigurationKeys { overrides in
      guard let source = try? ConfigurationSource(texts: [], overrides: overrides) else { return [] }
      let reader = ConfigurationReader(source)
      read(reader.root)
      return reader.declarations
    }
  }

  /// The conditions of a key's declarations, in words.
  private static func conditions(_ path: String) -> [String] {
    keys().keys.filter { $0.declaration.path == path }.map { key in
      let all = key.conditions.map { condition in
        condition.map { "\($0.key) \($0.values.joined(separator: ","))" }.joined(separator: " and ")
      }
      return "\(key.declaration.defaultValue?.compact ?? "required"): \(all.joined(separator: " or "))"
    }
  }

  @Test("every key with every way that it is declared, and when") func conditions() {
    #expect(Self.conditions("model") == ["{}: "] && Self.conditions("model.name") == [#""a": "#])
    #expect(Self.conditions("model.size") == ["1: model.name a", "2: model.name b,c"])
    #expect(Self.conditions("model.extra") == ["false: model.name a"])
    #expect(Self.conditions("model.path") == ["required: model.name a and model.extra true"])
    #expect(Self.conditions("model.rule") == [#""x": model.name b"#])
    #expect(Self.conditions("model.pair") == ["[1.0,2.0]: model.name b and model.rule y"])
    #expect(Self.conditions("part.on") == ["true: part {}"])
    #expect(Self.conditions("title") == ["required: "] && Self.conditions("model.nothing").isEmpty)
  }

  @Test("the schema has them all, and requires what every config needs") func schema() throws {
    let schema = Self.keys().schema
    #expect(schema["required"] == ["title"])
    let model = try #require(schema["properties"]?["model"])
    #expect(model["required"] == nil && model["additionalProperties"] == false)
    #expect(
      model["properties"]?.object?.members.map(\.key) == ["name", "size", "extra", "rule", "pair", "path"],
      "\(model.pretty)")
    let sizes = model["properties"]?["size"]?["anyOf"]?.array ?? []
    #expect(sizes.map { $0["default"] } == [1, 2])
    // Its length may follow from another key.
    #expect(model["properties"]?["pair"]?["minItems"] == nil && model["properties"]?["pair"]?["type"] == "array")
  }
}
