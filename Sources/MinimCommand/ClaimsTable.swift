import MinimNN
import MinimTraining

/// The claims of a run as a table for the terminal.
enum ClaimsTable {
  static func lines(_ claims: [Claim], width: Int) -> [String] {
    var table = TextTable([
      .init("claim"), .init("statement", wraps: true), .init("measured", isTrailing: true), .init(""),
      .init("expected", isTrailing: true), .init("verdict"), .init("control", isTrailing: true), .init(""),
    ])
    for claim in claims {
      table.append([
        claim.id, claim.statement + (claim.reason.map { " (\($0))" } ?? ""), number(claim.measured),
        claim.relation.rawValue, number(claim.expected), verdict(claim), claim.control.map { number($0.measured) } ?? "",
        claim.control.map { $0.fails ? "fails, as it must" : "DOES NOT FAIL" } ?? "",
      ])
    }
    return table.lines(width: width)
  }

  private static func verdict(_ claim: Claim) -> String {
    switch claim.verdict {
    case .holds: "holds"
    case .fails: claim.kind == .outcome ? "not reached" : "FAILS"
    case .expectedFailure: "fails, as expected"
    case .notApplicable: "not applicable"
    }
  }

  /// Up to eight significant digits, without an exponent where it can be avoided.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "-" }
    if value == value.rounded(), abs(value) < 1e9 { return "\(Int(value))" }
    return Readable.significant(value, digits: 7)
  }
}

/// The figures of an evaluation for the terminal.
enum EvaluationText {
  static func figures(_ evaluation: Evaluation) -> [String] {
    let width = evaluation.figures.map(\.name.count).max() ?? 0
    return evaluation.figures.map { figure in
      figure.name + String(repeating: " ", count: width - figure.name.count) + "  "
        + ClaimsTable.number(figure.value) + "  " + figure.meaning
    }
  }
}
