import MinimFiles

// What an editor needs to know about a configuration.

extension [ConfigurationDeclaration] {
  /// A JSON Schema (draft 2020-12) of everything that was read.
  public var schema: JSON {
    var schema: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema"]
    for member in section("").members { schema.append(member.key, member.value) }
    return .object(schema)
  }

  private func section(_ path: String) -> JSONObject {
    let declarations = filter { $0.parent == path }
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
      // An absent optional section was not read, so its keys are not known.
      guard contains(where: { $0.parent == declaration.path }) else { return schema }
      for member in section(declaration.path).members where member.key != "type" {
        schema.append(member.key, member.value)
      }
    } else if let value = declaration.defaultValue {
      schema["default"] = value
    }
    return schema
  }
}
