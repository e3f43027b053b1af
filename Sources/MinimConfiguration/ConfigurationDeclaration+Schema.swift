import MinimFiles

// What an editor needs to know about a configuration.

extension [ConfigurationDeclaration] {
  /// A JSON Schema (draft 2020-12) of everything that was read.
  public var schema: JSON { schema { $0.defaultValue == nil } }

  /// The same with a condition for a key to be required. A key that is declared in several ways may have a value by any
  /// of them.
  func schema(requiring isRequired: (ConfigurationDeclaration) -> Bool) -> JSON {
    var schema: JSONObject = ["$schema": "https://json-schema.org/draft/2020-12/schema"]
    for member in section("", isRequired).members { schema.append(member.key, member.value) }
    return .object(schema)
  }

  private func section(_ path: String, _ isRequired: (ConfigurationDeclaration) -> Bool) -> JSONObject {
    var variants: [(key: String, declarations: [ConfigurationDeclaration])] = []
    for declaration in self where declaration.parent == path {
      if let index = variants.firstIndex(where: { $0.key == declaration.key }) {
        variants[index].declarations.append(declaration)
      } else {
        variants.append((declaration.key, [declaration]))
      }
    }
    var properties: JSONObject = path.isEmpty ? ["$schema": ["type": "string"]] : [:]
    for (key, declarations) in variants {
      let schemas = declarations.map { self.schema(of: $0, isRequired) }
      properties.append(key, .object(schemas.count == 1 ? schemas[0] : ["anyOf": .array(schemas.map { .object($0) })]))
    }
    let required = variants.filter { $0.declarations.contains(where: isRequired) }.map { JSON.string($0.key) }
    var schema: JSONObject = ["type": "object", "properties": .object(properties), "additionalProperties": false]
    if !required.isEmpty { schema["required"] = .array(required) }
    return schema
  }

  private func schema(
    of declaration: ConfigurationDeclaration, _ isRequired: (ConfigurationDeclaration) -> Bool
  ) -> JSONObject {
    var schema = declaration.type.schema
    if !declaration.help.isEmpty { schema["description"] = .string(declaration.help) }
    if declaration.isSection {
      // An absent optional section was not read, so its keys are not known.
      guard contains(where: { $0.parent == declaration.path }) else { return schema }
      for member in section(declaration.path, isRequired).members where member.key != "type" {
        schema.append(member.key, member.value)
      }
    } else if let value = declaration.defaultValue {
      schema["default"] = value
    }
    return schema
  }
}
