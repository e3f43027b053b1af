import MinimFiles

/// The type and range of a key's value. Validation, documentation and schema are all derived from it.
public indirect enum ConfigurationType: Sendable, Equatable {
  /// A whole number; `1e3` is one too.
  case integer(ClosedRange<Int>)
  /// A number, above the lower bound if that is excluded.
  case number(ClosedRange<Double>, excludesLowerBound: Bool)
  /// `true` or `false`
  case boolean
  /// Any string.
  case string
  /// A string, or a whole number in its place: the name or the number of a column.
  case nameOrNumber
  /// Rows and columns, each in the range; one number stands for both.
  case extents(ClosedRange<Int>)
  /// A value of a type without elements of its own, or null for none.
  case optional(ConfigurationType)
  /// One of these strings.
  case choice([String])
  /// An array whose number of elements is in the range.
  case list(ConfigurationType, count: ClosedRange<Int>)
  /// An object of any keys whose values have one type.
  case map(ConfigurationType)
  /// An object with keys of its own.
  case section
  /// An object with keys of its own, or null for none.
  case optionalSection

  /// The type's name: `integer`.
  public var name: String {
    switch self {
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .string: "string"
    case .nameOrNumber: "name or number"
    case .extents: "rows and columns"
    case .optional(let type): "\(type.name) or null"
    case .choice: "choice"
    case .list(.nameOrNumber, _): "array of names or numbers"
    case .list(let element, _): "array of \(element.name)s"
    case .map(let element): "object of \(element.name)s"
    case .section: "object"
    case .optionalSection: "object or null"
    }
  }

  /// The allowed values: `1...1024`, `> 0`, `"adam", "sgd"`; empty if the type's name says all.
  public var range: String {
    switch self {
    case .integer(let range):
      let large = JSONParser.largestInteger
      return Self.range(
        range.lowerBound > -large ? String(range.lowerBound) : nil,
        range.upperBound < large ? String(range.upperBound) : nil)
    case .number(let range, let excludesLowerBound):
      return Self.range(
        range.lowerBound.isFinite ? Self.shown(range.lowerBound) : nil,
        range.upperBound.isFinite ? Self.shown(range.upperBound) : nil, excludesLowerBound: excludesLowerBound)
    case .choice(let names):
      return names.map { JSON.string($0).compact }.joined(separator: ", ")
    case .list(let element, let count):
      let counted = Self.range(
        count.lowerBound > 0 ? String(count.lowerBound) : nil, count.upperBound < .max ? String(count.upperBound) : nil)
      let numbers = counted.isEmpty ? "" : "\(counted) \(counted == "1" ? "element" : "elements")"
      return [numbers, element.range].filter { !$0.isEmpty }.joined(separator: ", each ")
    case .map(let element): return element.range
    case .optional(let type): return type.range
    case .extents(let range): return ConfigurationType.integer(range).range
    case .boolean, .string, .nameOrNumber, .section, .optionalSection: return ""
    }
  }

  /// The expected value, as a sentence continues: `an integer 1...65536`.
  public var expected: String {
    let space = range.isEmpty ? "" : " "
    switch self {
    case .integer: return "an integer\(space)\(range)"
    case .number: return "a number\(space)\(range)"
    case .boolean: return "true or false"
    case .string: return "a string"
    case .nameOrNumber: return "a name or a number"
    case .extents(let allowed):
      let example = min(8, allowed.upperBound)
      return "rows and columns, such as [\(example), \(example)], or one number for both, each \(range)"
    case .optional(let type): return "\(type.expected) or null"
    case .choice: return "one of \(range)"
    case .list(_, let count):
      let counted = Self.range(
        count.lowerBound > 0 ? String(count.lowerBound) : nil, count.upperBound < .max ? String(count.upperBound) : nil)
      return "an \(name.replacing("array of", with: counted.isEmpty ? "array of" : "array of \(counted)"))"
    case .map, .section: return "an object"
    case .optionalSection: return "an object or null"
    }
  }

  /// A value that stands in if none of the right kind was given and there is no default.
  var neutral: JSON {
    switch self {
    case .integer(let range): .integer(range.lowerBound)
    case .number(let range, _): .number(range.lowerBound.isFinite ? range.lowerBound : 0)
    case .boolean: false
    case .string, .nameOrNumber: ""
    case .extents(let range): [.integer(range.lowerBound), .integer(range.lowerBound)]
    case .choice(let names): .string(names.first ?? "")
    case .list: []
    case .map, .section: [:]
    case .optional, .optionalSection: .null
    }
  }

  private static func range(_ lower: String?, _ upper: String?, excludesLowerBound: Bool = false) -> String {
    switch (lower, upper) {
    case (let lower?, let upper?) where excludesLowerBound: "> \(lower) and <= \(upper)"
    case (let lower?, let upper?): lower == upper ? lower : "\(lower)...\(upper)"
    case (let lower?, nil): excludesLowerBound ? "> \(lower)" : ">= \(lower)"
    case (nil, let upper?): "<= \(upper)"
    case (nil, nil): ""
    }
  }

  /// A bound in its usual form: 1, not 1.0.
  private static func shown(_ bound: Double) -> String {
    Int(exactly: bound).flatMap { abs(bound) < 1e7 ? String($0) : nil } ?? bound.description
  }
}
