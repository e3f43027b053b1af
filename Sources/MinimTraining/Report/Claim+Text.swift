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
