import MinimConfiguration
import MinimFiles

/// A theorem of a model, checked on a run: what must hold, what was measured, and a control that must fail.
public struct Claim: Sendable {
  /// What a failure means. Only an identity or a bound that fails proves a bug; an outcome that fails was not reached.
  public enum Kind: String, Sendable { case identity, bound, statistical, outcome }
  /// How measured and expected must compare, up to the tolerance.
  public enum Relation: String, Sendable {
    case equal = "="
    case atMost = "<="
    case atLeast = ">="
  }
  /// What came of it.
  public enum Verdict: String, Sendable, CaseIterable { case holds, fails, expectedFailure, notApplicable }

  /// The same measurement with one thing changed, which must then fail.
  public struct Control: Sendable {
    /// What was measured.
    public let statement: String
    /// The one thing that is other than in the claim.
    public let changed: String
    /// What came out.
    public let measured: Double
    /// Whether it failed, as it must.
    public let fails: Bool

    /// A control and whether it failed, as it must.
    public init(statement: String, changed: String, measured: Double, fails: Bool) {
      self.statement = statement
      self.changed = changed
      self.measured = measured
      self.fails = fails
    }
  }

  /// "P2"
  public let id: String
  /// What must hold, in words.
  public let statement: String
  /// What a failure means.
  public let kind: Kind
  /// How measured and expected must compare.
  public let relation: Relation
  /// The oracle's value.
  public let expected: Double
  /// The run's value.
  public let measured: Double
  /// The difference that is allowed.
  public let tolerance: Double
  /// Of a statistical measurement, in the units of `measured`.
  public var standardError: Double?
  /// The deviation in standard errors.
  public var z: Double?
  /// How many samples were drawn.
  public var samples: Int?
  /// More figures of the same measurement, in the order of their report.
  public var details: [(name: String, value: Double)] = []
  /// What came of it.
  public internal(set) var verdict: Verdict
  /// Why, where the verdict needs a word.
  public var reason: String?
  /// The measurement that must fail.
  public let control: Control?
  /// Whether measured and expected compare as they must, whatever the control did.
  private let holds: Bool
  private var wasExpectedToFail = false

  /// A claim that is judged at once: it holds if the values compare as they must and the control failed.
  public init(
    _ id: String, _ statement: String, kind: Kind, measured: Double, _ relation: Relation, _ expected: Double,
    tolerance: Double, standardError: Double? = nil, z: Double? = nil, samples: Int? = nil,
    details: [(name: String, value: Double)] = [], control: Control?
  ) {
    self.id = id
    self.statement = statement
    self.kind = kind
    self.relation = relation
    self.expected = expected
    self.measured = measured
    self.tolerance = tolerance
    self.standardError = standardError
    self.z = z
    self.samples = samples
    self.details = details
    self.control = control
    holds =
      switch relation {
      case .equal: Swift.abs(measured - expected) <= tolerance
      case .atMost: measured <= expected + tolerance
      case .atLeast: measured >= expected - tolerance
      }
    // A control that does not fail shows that the check sees nothing: then the claim is not shown either.
    verdict = holds && control?.fails != false ? .holds : .fails
    if holds && control?.fails == false { reason = "the control did not fail, so the check proves nothing" }
  }

  /// A claim that this run cannot check, and why.
  public static func notApplicable(_ id: String, _ statement: String, kind: Kind, reason: String) -> Claim {
    var claim = Claim(
      id, statement, kind: kind, measured: .nan, .equal, .nan, tolerance: 0, control: nil)
    claim.verdict = .notApplicable
    claim.reason = reason
    return claim
  }

  /// The claim as a config that expects it to fail sees it.
  public func expectedToFail() -> Claim {
    var claim = self
    claim.wasExpectedToFail = true
    if verdict == .fails {
      claim.verdict = .expectedFailure
    } else if verdict == .holds {
      claim.verdict = .fails
      claim.reason = "the config expects this claim to fail, but it holds"
    }
    return claim
  }

  /// A failure that proves a bug: of the statement itself, not of a control that showed nothing; or a failure that the
  /// config expected and that did not come.
  public var provesBug: Bool {
    verdict == .fails && (kind == .identity || kind == .bound) && (!holds || wasExpectedToFail)
  }

  /// The claim as `claims.json` has it.
  public var json: JSON {
    func number(_ value: Double?) -> JSON { value.map { $0.isNaN ? .null : .number($0) } ?? .null }
    var control: JSON = .null
    if let it = self.control {
      control = [
        "statement": .string(it.statement), "changed": .string(it.changed), "measured": number(it.measured),
        "fails": .bool(it.fails),
      ]
    }
    var json: JSON = [
      "id": .string(id), "statement": .string(statement), "kind": .string(kind.rawValue),
      "relation": .string(relation.rawValue), "expected": number(expected), "measured": number(measured),
      "tolerance": number(tolerance), "standardError": number(standardError), "z": number(z),
      "samples": samples.map { .integer($0) } ?? .null,
      "verdict": .string(verdict.rawValue), "reason": reason.map { .string($0) } ?? .null, "control": control,
    ]
    // Last, and only where there are some: every other key is in every claim.
    if !details.isEmpty {
      json["details"] = .object(JSONObject(details.map { .init(key: $0.name, value: number($0.value)) }))
    }
    return json
  }
}
