import MinimFiles

extension ConfigurationType {
  /// A value of the wrong type or range: which (`[1]`, `.P2` or empty for the whole), where, and why.
  struct Mismatch {
    let suffix: String
    let origin: ConfigurationOrigin
    let message: String
  }

  /// The value in its one canonical form (`1e3` is the integer 1000, `1` is the number 1.0), or why it has none.
  func canonical(_ node: ConfigurationNode) -> (value: JSON?, mismatches: [Mismatch]) {
    switch (self, node.content) {
    case (.list(let element, let count), .array(let nodes)) where count.contains(nodes.count):
      let results = nodes.enumerated().map { ("[\($0.offset)]", element.canonical($0.element)) }
      let mismatches = Self.nested(results)
      return mismatches.isEmpty ? (.array(results.compactMap(\.1.value)), []) : (nil, mismatches)
    case (.map(let element), .object(let members)):
      let results = members.map { (".\($0.key)", element.canonical($0.value)) }
      let mismatches = Self.nested(results)
      guard mismatches.isEmpty else { return (nil, mismatches) }
      let pairs = zip(members, results.compactMap(\.1.value))
      return (.object(JSONObject(pairs.map { JSONObject.Member(key: $0.key, value: $1) })), [])
    case (.section, .object), (.optionalSection, .object):
      return ([:], [])
    default:
      let json = node.json
      if let value = canonical(json) { return (value, []) }
      return (nil, [Mismatch(suffix: "", origin: node.origin, message: mismatch(json) + quotingAdvice(node))])
    }
  }

  private static func nested(_ results: [(String, (value: JSON?, mismatches: [Mismatch]))]) -> [Mismatch] {
    results.flatMap { suffix, result in
      result.mismatches.map { Mismatch(suffix: suffix + $0.suffix, origin: $0.origin, message: $0.message) }
    }
  }

  /// The canonical form of anything but an array or an object.
  private func canonical(_ json: JSON) -> JSON? {
    switch (self, json) {
    case (.integer(let range), .integer(let integer)):
      return range.contains(integer) ? json : nil
    case (.integer(let range), .number(let number)):
      guard let integer = Int(exactly: number), integer.magnitude <= JSONParser.largestInteger.magnitude else {
        return nil
      }
      return range.contains(integer) ? .integer(integer) : nil
    case (.number(let range, let excludesLowerBound), _):
      guard let number = json.number, range.contains(number) else { return nil }
      return excludesLowerBound && number == range.lowerBound ? nil : .number(number)
    case (.boolean, .bool), (.string, .string), (.optional, .null), (.optionalSection, .null):
      return json
    case (.nameOrNumber, .string):
      return json
    case (.nameOrNumber, .integer(let number)):
      return .string(String(number))
    case (.extents(let range), .integer(let side)):
      return range.contains(side) ? [json, json] : nil
    case (.extents(let range), .array(let sides)) where sides.count == 2:
      return sides.allSatisfy { $0.integer.map(range.contains) ?? false } ? json : nil
    case (.optional(.extents), .array(let sides)) where sides.isEmpty:
      return .null
    case (.optional(let type), _):
      return type.canonical(json)
    case (.choice(let names), .string(let name)):
      return names.contains(name) ? json : nil
    default:
      return nil
    }
  }

  private func mismatch(_ json: JSON) -> String {
    var message = "expected \(expected), got \(Self.shown(json, as: self))"
    if case .choice(let names) = unwrapped, case .string(let name) = json,
      let near = Spelling.nearest(to: name, among: names)
    {
      message += ". Did you mean \(JSON.string(near).compact)?"
    }
    return message
  }

  /// What to do if a bare word of an override, meant as a string, reads as something else: a folder named 2024.
  private func quotingAdvice(_ node: ConfigurationNode) -> String {
    guard case .string = unwrapped, case .override(let text, _) = node.origin,
      let equals = text.firstIndex(of: "=")
    else { return "" }
    switch node.json {
    case .integer, .number, .bool: break
    default: return ""
    }
    let word = text[text.index(after: equals)...]
    // An element of a list is not a word of its own.
    guard !word.hasPrefix("["), !word.hasPrefix("{") else { return "" }
    return ". To give it as a string: '\(text[..<equals])=\"\(word)\"'".visible
  }

  /// The type without null.
  private var unwrapped: ConfigurationType {
    if case .optional(let type) = self { type.unwrapped } else { self }
  }

  /// A value as a message shows it, with its type if that is not the expected one: `"64" (string)`.
  static func shown(_ json: JSON, as expected: ConfigurationType?) -> String {
    let text = json.inline.printable
    switch (json, expected?.unwrapped) {
    case (.null, _), (.integer, .integer), (.integer, .number), (.number, .number), (.string, .choice): return text
    case (.array, .extents): return text
    case (.array(let elements), .list): return "\(elements.count)"
    case (.bool, _): return "\(text) (boolean)"
    case (.integer, _), (.number, _): return "\(text) (number)"
    case (.string, _): return "\(text) (string)"
    case (.array, _): return "\(text) (array)"
    case (.object, _): return "\(text) (object)"
    }
  }

  /// The type as JSON Schema (draft 2020-12). Sections get their properties from the keys read in them.
  var schema: JSONObject {
    switch self {
    case .integer(let range):
      var schema: JSONObject = ["type": "integer"]
      if range.lowerBound > -JSONParser.largestInteger { schema["minimum"] = .integer(range.lowerBound) }
      if range.upperBound < JSONParser.largestInteger { schema["maximum"] = .integer(range.upperBound) }
      return schema
    case .number(let range, let excludesLowerBound):
      var schema: JSONObject = ["type": "number"]
      let minimum = excludesLowerBound ? "exclusiveMinimum" : "minimum"
      if range.lowerBound.isFinite { schema[minimum] = .number(range.lowerBound) }
      if range.upperBound.isFinite { schema["maximum"] = .number(range.upperBound) }
      return schema
    case .boolean: return ["type": "boolean"]
    case .string: return ["type": "string"]
    case .nameOrNumber: return ["type": ["string", "integer"]]
    case .extents(let range):
      let side = JSON.object(ConfigurationType.integer(range).schema)
      return ["oneOf": [side, ["type": "array", "items": side, "minItems": 2, "maxItems": 2]]]
    case .optional(let type):
      var schema = type.schema
      if let name = schema["type"] { schema["type"] = .array((name.array ?? [name]) + ["null"]) }
      if let forms = schema["oneOf"]?.array { schema["oneOf"] = .array(forms + [["type": "null"]]) }
      if let names = schema["enum"]?.array { schema["enum"] = .array(names + [.null]) }
      return schema
    case .choice(let names): return ["enum": .array(names.map { .string($0) })]
    case .list(let element, let count):
      var schema: JSONObject = ["type": "array", "items": .object(element.schema)]
      if count.lowerBound > 0 { schema["minItems"] = .integer(count.lowerBound) }
      if count.upperBound < .max { schema["maxItems"] = .integer(count.upperBound) }
      return schema
    case .map(let element): return ["type": "object", "additionalProperties": .object(element.schema)]
    case .section: return ["type": "object"]
    case .optionalSection: return ["type": ["object", "null"]]
    }
  }
}
