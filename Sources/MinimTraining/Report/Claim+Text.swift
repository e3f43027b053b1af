import MinimDrawing
import MinimFiles
import MinimNN

/// A verdict with its kind, in the words of tables, summaries and pages.
package enum VerdictWords: String, Sendable, CaseIterable {
  case holds, fails, notReached, expectedFailure, notApplicable

  /// An outcome that failed was not reached; an identity or a bound that fails proves a bug.
  package init(_ verdict: Claim.Verdict, _ kind: Claim.Kind) {
    self =
      switch verdict {
      case .holds: .holds
      case .fails: kind == .outcome ? .notReached : .fails
      case .expectedFailure: .expectedFailure
      case .notApplicable: .notApplicable
      }
  }

  /// The words for one claim.
  package var singular: String {
    switch self {
    case .holds: "holds"
    case .fails: "FAILS"
    case .notReached: "not reached"
    case .expectedFailure: "fails as expected"
    case .notApplicable: "not applicable"
    }
  }

  private var plural: String {
    switch self {
    case .holds: "hold"
    case .fails: "FAIL"
    case .expectedFailure: "fail as expected"
    case .notReached, .notApplicable: singular
    }
  }

  /// The words for a number of claims.
  func words(count: Int) -> String { "\(count) \(count == 1 ? singular : plural)" }
}

extension Claim {
  /// The verdict in words.
  package var verdictText: String { VerdictWords(verdict, kind).singular }

  /// The number of claims with each verdict, such as "10 claims: 9 hold, 1 not applicable".
  package static func summary(_ claims: [Claim]) -> String {
    let counts = VerdictCounts(claims).text
    return Readable.count(claims.count, "claim") + (counts.isEmpty ? "" : ": \(counts)")
  }

  /// The comparison of measured and expected, such as "0.9838 = 0.98431 within 0.004, z = -0.41".
  package var comparison: String {
    if verdict == .notApplicable, control == nil { return "-" }
    let text = Self.comparison(measured, relation, expected)
    let tolerance = tolerance == 0 ? "" : " within \(Readable.number(tolerance))"
    return text + tolerance + (z.map { ", z = \(Readable.significant($0, digits: 3))" } ?? "")
  }

  /// The control's comparison; empty if there is no control.
  package var controlComparison: String {
    control.map { Self.comparison($0.measured, relation, $0.expected) } ?? ""
  }

  /// The control's verdict; empty if there is no control.
  package var controlText: String {
    control.map { $0.fails ? "control fails" : verdict == .notApplicable ? "control holds" : "CONTROL HOLDS" } ?? ""
  }

  /// Both values in seven digits, or in all if seven do not show that they differ.
  private static func comparison(_ measured: Double, _ relation: Relation, _ expected: Double) -> String {
    var texts = [measured, expected].map { Readable.number($0) }
    if texts[0] == texts[1], measured != expected { texts = [measured, expected].map(\.text) }
    return "\(texts[0]) \(relation.sign) \(texts[1])"
  }
}

extension Claim.Relation {
  /// The relation as people write it.
  fileprivate var sign: String {
    switch self {
    case .equal: "="
    case .atMost: "≤"
    case .atLeast: "≥"
    }
  }
}
