import MinimConfiguration
import MinimFiles

extension Claim {
  /// The version of the format of `claims.json`.
  public static let formatVersion = 1

  /// The content of `claims.json`.
  public static func file(_ claims: [Claim]) -> JSON {
    ["version": .integer(formatVersion), "claims": .array(claims.map(\.json))]
  }

  /// The claims of a `claims.json`; empty if the file has another version. What is not a claim is left out.
  public static func all(inFile json: JSON) -> [Claim] {
    guard json["version"]?.integer == formatVersion else { return [] }
    return (json["claims"]?.array ?? []).compactMap(Claim.init)
  }

  /// The claim for `claims.json`. NaN is null, as is whatever the claim does not have.
  public var json: JSON {
    var json: JSON = [
      "id": .string(id), "theorem": .string(theorem.statement), "quantity": .string(quantity), "unit": .text(unit),
      "kind": .string(kind.rawValue), "relation": .string(relation.rawValue), "expected": .value(expected),
      "measured": .value(measured), "tolerance": .value(tolerance), "standardError": .value(standardError),
      "z": .value(z), "samples": samples.map { .integer($0) } ?? .null, "verdict": .string(verdict.rawValue),
      "expectedToFail": .bool(isExpectedToFail), "reason": .text(reason), "control": control?.json ?? .null,
    ]
    // Last, and only if there are any: every other key is in every claim.
    if let formula = theorem.formula { json["formula"] = .string(formula) }
    if let pValue { json["pValue"] = .value(pValue) }
    if !details.isEmpty {
      json["details"] = .object(JSONObject(details.map { .init(key: $0.name, value: .value($0.value)) }))
    }
    return json
  }

  /// Reads the claim from `json`; nil if this is not one.
  public init?(_ json: JSON) {
    guard let id = json["id"]?.string, let statement = json["theorem"]?.string,
      let kind = json["kind"]?.string.flatMap(Kind.init),
      let relation = json["relation"]?.string.flatMap(Relation.init),
      let verdict = json["verdict"]?.string.flatMap(Verdict.init)
    else { return nil }
    self.init(
      Theorem(id, statement, formula: json["formula"]?.string, kind), json["quantity"]?.string ?? "",
      json["unit"]?.string, json["measured"]?.double ?? .nan, relation, json["expected"]?.double ?? .nan,
      json["tolerance"]?.double ?? .nan,
      json["standardError"]?.double, json["z"]?.double, json["pValue"]?.double, json["samples"]?.integer,
      (json["details"]?.object?.members ?? []).map { ($0.key, $0.value.double ?? .nan) },
      control: json["control"].flatMap(ControlResult.init),
      obstacle: verdict == .notApplicable ? json["reason"]?.string ?? "" : nil)
    if json["expectedToFail"]?.bool == true { self = expectedToFail() }
  }
}

extension Claim: Equatable {
  /// Whether two claims are the same to the last bit; NaN is equal to NaN.
  public static func == (a: Claim, b: Claim) -> Bool { a.json == b.json }
}

extension Claim.ControlResult {
  fileprivate var json: JSON {
    [
      "statement": .string(statement), "changed": .string(changed), "measured": .value(measured),
      "expected": .value(expected), "fails": .bool(fails),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let statement = json["statement"]?.string, let changed = json["changed"]?.string,
      let fails = json["fails"]?.bool
    else { return nil }
    self.init(
      statement: statement, changed: changed, measured: json["measured"]?.double ?? .nan,
      expected: json["expected"]?.double ?? .nan, fails: fails)
  }
}

extension JSON {
  fileprivate static func text(_ value: String?) -> JSON { value.map { .string($0) } ?? .null }

  fileprivate static func value(_ value: Double?) -> JSON {
    value.map { $0.isNaN ? .null : .number($0) } ?? .null
  }

  /// A number, or one that JSON writes as a string: "Infinity", "-Infinity".
  fileprivate var double: Double? { number ?? string.flatMap { Double($0) } }
}
