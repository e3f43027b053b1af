// What is written down about a configuration that was read.

extension ConfigurationReader {
  /// The configuration with every default, in the order of reading. Read again, it gives itself.
  public var resolved: JSON { .object(values(in: "", where: { _ in true })) }

  /// As `resolved`, but only the keys that can change a result: what a configuration's hash is taken of.
  public var resultKeys: JSON { .object(values(in: "", where: \.affectsResult)) }

  /// Where each value came from: `{"optimizer.learningRate": "file pixelcnn.json:12:5", "seed": "override"}`.
  public var sources: JSON {
    let leaves = entries.filter { !$0.declaration.isSection || $0.value == .null }
    return .object(
      JSONObject(
        leaves.map { entry in
          JSONObject.Member(key: entry.declaration.path, value: .string(entry.origin?.source ?? "default"))
        }))
  }

  /// A JSON Schema (draft 2020-12) of everything that was read.
  public var schema: JSON {
    var schema: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema"]
    for member in section("").members { schema.append(member.key, member.value) }
    return .object(schema)
  }

  private func values(in section: String, where isIncluded: (ConfigurationDeclaration) -> Bool) -> JSONObject {
    var object = JSONObject()
    for entry in entries where entry.declaration.parent == section && isIncluded(entry.declaration) {
      let isOpen = entry.declaration.isSection && entry.value != .null
      let value = isOpen ? .object(values(in: entry.declaration.path, where: isIncluded)) : entry.value
      object.append(entry.declaration.key, value)
    }
    return object
  }

  private func section(_ path: String) -> JSONObject {
    let declarations = self.declarations.filter { $0.parent == path }
    var properties: JSONObject = path.isEmpty ? ["$schema": ["type": "string"]] : [:]
    for declaration in declarations { properties.append(declaration.key, .object(schema(of: declaration))) }
    let required = declarations.filter { $0.defaultValue == nil }.map { JSON.string($0.key) }
    var schema: JSONObject = ["type": "object", "properties": .object(properties), "additionalProperties": false]
    if !required.isEmpty { schema["required"] = .array(required) }
    return schema
  }

  private func schema(of declaration: ConfigurationDeclaration) -> JSONObject {
    var schema = declaration.type.schema
    if !declaration.help.isEmpty { schema["description"] = .string(declaration.help) }
    if declaration.isSection {
      // An absent optional section was not read, so that its keys are not known.
      guard entries.contains(where: { $0.declaration.parent == declaration.path }) else { return schema }
      for member in section(declaration.path).members where member.key != "type" {
        schema.append(member.key, member.value)
      }
    } else if let value = declaration.defaultValue {
      schema["default"] = value
    }
    return schema
  }
}
