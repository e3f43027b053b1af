import MinimNN

extension Claim {
  /// The verdict in words: an outcome that failed was not reached, where an identity or a bound that fails proves a bug.
  package var verdictText: String {
    switch verdict {
    case .holds: "holds"
    case .fails: kind == .outcome ? "not reached" : "FAILS"
    case .expectedFailure: "fails, as expected"
    case .notApplicable: "not applicable"
    }
  }
}

extension Claim.Verdict {
  /// The verb for a number of claims: "6 hold", "1 fails".
  package func word(count: Int) -> String {
    switch self {
    case .holds: count == 1 ? "holds" : "hold"
    case .fails: count == 1 ? "fails" : "fail"
    case .expectedFailure: count == 1 ? "fails as expected" : "fail as expected"
    case .notApplicable: "not applicable"
    }
  }
}
