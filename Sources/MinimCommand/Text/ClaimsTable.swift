import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// The claims of a run as a table for the terminal: theorem, quantity, unit and measurement in columns if the terminal
/// is wide, otherwise in rows.
enum ClaimsTable {
  /// The least width at which wrapped columns side by side read well.
  private static let wide = 120

  static func lines(_ claims: [Claim], width: Int) -> [String] {
    (width < wide ? rows(claims) : columns(claims)).lines(width: width) + ["", Claim.summary(claims).visible]
  }

  /// One row per claim, then its details, and its control in the same columns.
  private static func columns(_ claims: [Claim]) -> TextTable {
    var table = TextTable([
      .init("claim"), .init("verdict"), .init("theorem", wraps: true), .init("quantity", wraps: true), .init("unit"),
      .init("measured and expected", wraps: true),
    ])
    for claim in claims {
      table.append([
        claim.id, claim.verdictText, claim.theorem.statement, claim.quantity, claim.unit ?? "", claim.comparison,
      ])
      for detail in claim.details { table.append(["", "", "", detail.name, "", number(detail.value)]) }
      if let reason = claim.reason { table.append(["", "", "(\(reason))"]) }
      guard let control = claim.control else { continue }
      table.append(["", claim.controlText, change(control), "", "", claim.controlComparison])
    }
    return table
  }

  /// One row, with its name, for each part of a claim.
  private static func rows(_ claims: [Claim]) -> TextTable {
    var table = TextTable([.init("claim"), .init("verdict"), .init("part"), .init("what it says", wraps: true)])
    for claim in claims {
      table.append([claim.id, claim.verdictText, "theorem", claim.theorem.statement])
      if let reason = claim.reason { table.append(["", "", "reason", reason]) }
      guard let control = claim.control else { continue }
      table.append(["", "", "quantity", claim.quantity])
      table.append(["", "", "measured", claim.comparison + (claim.unit.map { " \($0)" } ?? "")])
      if !claim.details.isEmpty {
        table.append([
          "", "", "details", claim.details.map { "\($0.name) \(number($0.value))" }.joined(separator: ", "),
        ])
      }
      table.append(["", claim.controlText, "control", "\(change(control)): \(claim.controlComparison)"])
    }
    return table
  }

  private static func change(_ control: Claim.ControlResult) -> String {
    "\(control.changed) changed: \(control.statement)"
  }

  static func number(_ value: Double) -> String { Readable.number(value) }
}
