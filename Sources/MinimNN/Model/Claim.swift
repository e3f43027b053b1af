/// A theorem of a model, checked on a run: the measured value, the oracle's value, and a control that must fail.
///
/// One rule, the relation with its tolerance, judges both the claim and its control.
public struct Claim: Sendable {
  /// The meaning of a failure. An identity or a bound that fails proves a bug, and so does a statistical claim whose
  /// deviation is too improbable for chance; an outcome that fails was not reached.
  public enum Kind: String, Sendable { case identity, bound, statistical, outcome }

  /// The required comparison of measured and expected, up to the tolerance.
  public enum Relation: String, Sendable {
    case equal = "="
    case atMost = "<="
    case atLeast = ">="

    /// Whether two values satisfy the relation. NaN never does.
    public func holds(_ measured: Double, _ expected: Double, tolerance: Double) -> Bool {
      switch self {
      case .equal: abs(measured - expected) <= tolerance
      case .atMost: measured <= expected + tolerance
      case .atLeast: measured >= expected - tolerance
      }
    }
  }

  /// The result of a check.
  public enum Verdict: String, Sendable, CaseIterable { case holds, fails, expectedFailure, notApplicable }

  /// A statement that must hold, under an id that no other theorem has.
  public struct Theorem: Sendable, Equatable {
    /// The name in files and configs, such as "P2".
    public let id: String
    /// The statement in words, the same in every run.
    public let statement: String
    /// The statement as a formula in TeX's notation, as far as `Formula` of the drawing knows it; nil if words say it better.
    public let formula: String?
    /// The meaning of a failure.
    public let kind: Kind

    /// Creates a theorem from its id, statement and kind, and its formula if it has one.
    public init(_ id: String, _ statement: String, formula: String? = nil, _ kind: Kind) {
      (self.id, self.statement, self.formula, self.kind) = (id, statement, formula, kind)
    }
  }

  /// The theorem that is checked.
  public let theorem: Theorem
  /// The measured quantity in words, such as "largest difference of an element"; empty if nothing was measured.
  public let quantity: String
  /// The unit of `measured` and `expected`, such as "nats"; nil for plain numbers.
  public let unit: String?
  /// The required comparison of measured and expected.
  public let relation: Relation
  /// The run's value.
  public let measured: Double
  /// The oracle's value.
  public let expected: Double
  /// The allowed difference.
  public let tolerance: Double
  /// The standard error of a statistical measurement, in the units of `measured`.
  public let standardError: Double?
  /// The deviation in standard errors.
  public let z: Double?
  /// A bound on the probability of such a deviation if the theorem holds; nil if none is known.
  public let pValue: Double?
  /// The number of samples or examples measured.
  public let samples: Int?
  /// Further values of the same measurement, in the order of their report.
  public let details: [(name: String, value: Double)]
  /// The measurement that must fail; nil if nothing was measured.
  public let control: ControlResult?
  /// The reason why this run cannot check the claim; nil if it can.
  let obstacle: String?
  /// Whether the config expects the claim to fail.
  public private(set) var isExpectedToFail = false

  /// Creates a claim and judges it at once: it holds if measured and expected compare as they must and those of the
  /// control do not.
  ///
  /// A control that passes in a run in which it cannot fail makes the claim not applicable.
  public init(
    _ theorem: Theorem, _ quantity: String, unit: String? = nil, measured: Double, _ relation: Relation,
    _ expected: Double, tolerance: Double, standardError: Double? = nil, z: Double? = nil, pValue: Double? = nil,
    samples: Int? = nil, details: [(name: String, value: Double)] = [], control: Control
  ) {
    let (changed, oracle) = (control.measured ?? measured, control.expected ?? expected)
    let passes = relation.holds(changed, oracle, tolerance: tolerance)
    let holds = relation.holds(measured, expected, tolerance: tolerance)
    self.init(
      theorem, quantity, unit, measured, relation, expected, tolerance, standardError, z, pValue, samples,
      details,
      control: ControlResult(
        statement: control.statement, changed: control.changed, measured: changed, expected: oracle,
        fails: !passes && !changed.isNaN && !oracle.isNaN),
      obstacle: holds && passes ? control.cannotFailIf.map { $0 + ", so the control cannot fail" } : nil)
  }

  init(
    _ theorem: Theorem, _ quantity: String, _ unit: String?, _ measured: Double, _ relation: Relation,
    _ expected: Double, _ tolerance: Double, _ standardError: Double?, _ z: Double?, _ pValue: Double?, _ samples: Int?,
    _ details: [(name: String, value: Double)], control: ControlResult?, obstacle: String?
  ) {
    (self.theorem, self.quantity, self.unit) = (theorem, quantity, unit)
    (self.measured, self.relation, self.expected, self.tolerance) = (measured, relation, expected, tolerance)
    (self.standardError, self.z, self.pValue) = (standardError, z, pValue)
    (self.samples, self.details) = (samples, details)
    (self.control, self.obstacle) = (control, obstacle)
  }

  /// A claim that this run cannot check, with the reason.
  public static func notApplicable(_ theorem: Theorem, _ reason: String) -> Claim {
    Claim(theorem, "", nil, .nan, .equal, .nan, 0, nil, nil, nil, nil, [], control: nil, obstacle: reason)
  }

  /// The claim in a run whose config expects it to fail.
  public func expectedToFail() -> Claim {
    var claim = self
    claim.isExpectedToFail = true
    return claim
  }
}

extension Claim {
  /// The theorem's name in files and configs.
  public var id: String { theorem.id }
  /// The meaning of a failure.
  public var kind: Kind { theorem.kind }

  /// Whether measured and expected compare as they must, whatever the control did.
  public var holds: Bool { relation.holds(measured, expected, tolerance: tolerance) }

  /// Whether the claim holds and its control shows that the check would have noticed otherwise.
  private var isShown: Bool { holds && control?.fails == true }

  /// The result of the check.
  public var verdict: Verdict {
    if obstacle != nil { return .notApplicable }
    if isExpectedToFail { return isShown ? .fails : .expectedFailure }
    return isShown ? .holds : .fails
  }

  /// An explanation of a verdict that needs one.
  public var reason: String? {
    if let obstacle { return obstacle }
    if isShown { return isExpectedToFail ? "the config expects this claim to fail, but it holds" : nil }
    guard holds, let control else { return nil }
    return control.measured.isNaN || control.expected.isNaN
      ? "the control is not a number, so the check proves nothing"
      : "the control did not fail, so the check proves nothing"
  }

  /// Whether the verdict proves a bug: an identity or a bound failed, or should have failed by the config and did not; or
  /// a statistical claim failed beyond doubt.
  public var provesBug: Bool {
    switch kind {
    case .identity, .bound: verdict == .fails
    case .statistical: verdict == .fails && !holds && isBeyondDoubt
    case .outcome: false
    }
  }

  /// Whether no number of runs would show such a deviation by chance.
  private var isBeyondDoubt: Bool { pValue.map { $0 < 1e-9 } ?? false }
}
