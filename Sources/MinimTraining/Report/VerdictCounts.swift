import MinimFiles
import MinimNN

/// The number of claims with each verdict.
package struct VerdictCounts: Sendable {
  /// The verdicts that occur, in their usual order.
  package let counts: [(verdict: VerdictWords, count: Int)]

  /// Counts the verdicts of claims.
  package init(_ claims: [Claim]) {
    let verdicts = claims.map { VerdictWords($0.verdict, $0.kind) }
    counts = VerdictWords.allCases.compactMap { verdict in
      let count = verdicts.count { $0 == verdict }
      return count > 0 ? (verdict, count) : nil
    }
  }

  /// Creates the counts from what `json` has written; anything else counts nothing.
  package init(_ json: JSON) {
    counts = VerdictWords.allCases.compactMap { verdict in json[verdict.rawValue]?.integer.map { (verdict, $0) } }
  }

  /// Whether no claim was checked.
  package var isEmpty: Bool { counts.isEmpty }

  /// `{"holds":9,"notApplicable":1}`
  package var json: JSON {
    .object(JSONObject(counts.map { .init(key: $0.verdict.rawValue, value: .integer($0.count)) }))
  }

  /// "9 hold, 1 not applicable"; empty for no claims.
  package var text: String { counts.map { $0.verdict.words(count: $0.count) }.joined(separator: ", ") }
}
