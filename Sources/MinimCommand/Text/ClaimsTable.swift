import MinimDrawing
import MinimNN
import MinimTraining

/// The claims of a run as a table for the terminal: a line of figures each, then the statement and the control in full.
enum ClaimsTable {
  static func lines(_ claims: [Claim], width: Int) -> [String] {
    var table = TextTable([.init("claim"), .init("verdict"), .init("measured and expected", wraps: true)])
    for claim in claims {
      table.append([claim.id, claim.verdictText, figures(claim)])
      table.append(["", "", claim.statement + (claim.reason.map { " (\($0))" } ?? "")])
      if let control = claim.control { table.append(["", "", text(control)]) }
    }
    return table.lines(width: width) + ["", summary(claims)]
  }

  private static func summary(_ claims: [Claim]) -> String {
    let counts = [("hold", Claim.Verdict.holds), ("fail", .fails), ("fail as expected", .expectedFailure)].map {
      words, verdict in (words, claims.filter { $0.verdict == verdict }.count)
    }
    let parts = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
    return "\(claims.count) claims: " + parts.joined(separator: ", ")
  }

  private static func figures(_ claim: Claim) -> String {
    if claim.verdict == .notApplicable { return "-" }
    var text = "\(number(claim.measured)) \(claim.relation.rawValue) \(number(claim.expected))"
    if claim.tolerance > 0 { text += " within \(number(claim.tolerance))" }
    if let z = claim.z { text += ", z = \(Readable.significant(z, digits: 3))" }
    let details = claim.details.map { "\($0.name) \(number($0.value))" }
    return details.isEmpty ? text : text + "; " + details.joined(separator: ", ")
  }

  private static func text(_ control: Claim.Control) -> String {
    "control, \(control.changed) changed: \(control.statement): \(number(control.measured)), "
      + (control.fails ? "fails as it must" : "DOES NOT FAIL")
  }

  static func number(_ value: Double) -> String { Readable.figure(value) }
}
