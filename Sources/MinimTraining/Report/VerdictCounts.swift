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

  /// Creates the counts from what `json` has written; anything else counts nothing, nor does a number that cannot be right.
  package init(_ json: JSON) {
    counts = VerdictWords.allCases.compactMap { verdict in
      guard let count = json[verdict.rawValue]?.integer, (0...Self.most).contains(count) else { return nil }
      return (verdict, count)
    }
  }

  /// Adds the counts of several runs.
  package init(sumOf runs: [VerdictCounts]) {
    let all = runs.flatMap(\.counts)
    counts = VerdictWords.allCases.compactMap { verdict in
      let sum = all.reduce(0) { $1.verdict == verdict ? $0 + $1.count : $0 }
      return sum > 0 ? (verdict, sum) : nil
    }
  }

  /// The most claims of a run with one verdict: their sum over all runs of a sweep must not overflow.
  private static let most = 1_000_000

  /// Whether no claim was checked.
  package var isEmpty: Bool { counts.isEmpty }

  /// `{"holds":9,"notApplicable":1}`
  package var json: JSON {
    .object(JSONObject(counts.map { .init(key: $0.verdict.rawValue, value: .integer($0.count)) }))
  }

  /// "9 hold, 1 not applicable"; empty for no claims.
  package var text: String { counts.map { $0.verdict.words(count: $0.count) }.joined(separator: ", ") }
}
