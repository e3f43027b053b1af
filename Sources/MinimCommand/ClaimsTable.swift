import MinimNN
import MinimTraining

/// The claims of a run as a table for the terminal: per claim a row, its details, and its control in the same columns.
enum ClaimsTable {
  static func lines(_ claims: [Claim], width: Int) -> [String] {
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
      if let control = claim.control {
        table.append([
          "", claim.controlText, "\(control.changed) changed: \(control.statement)", "", "", claim.controlComparison,
        ])
      }
    }
    return table.lines(width: width) + ["", Claim.summary(claims)]
  }

  static func number(_ value: Double) -> String { Readable.figure(value) }
}

/// The figures of an evaluation for the terminal, and its tables.
enum EvaluationText {
  static func figures(_ evaluation: Evaluation) -> [String] {
    let width = evaluation.figures.map(\.name.count).max() ?? 0
    return evaluation.figures.map { figure in
      figure.name + String(repeating: " ", count: width - figure.name.count) + "  "
        + ClaimsTable.number(figure.value) + "  " + figure.meaning
    } + evaluation.tables.flatMap { [""] + table($0) }
  }

  private static func table(_ table: Evaluation.Table) -> [String] {
    var text = TextTable([.init(table.name)] + table.columns.map { .init($0.name, isTrailing: true) })
    for row in table.rows { text.append([row.name] + row.values.map { Readable.significant($0, digits: 4) }) }
    let width = table.columns.map(\.name.count).max() ?? 0
    return text.lines(width: 120)
      + table.columns.map { $0.name + String(repeating: " ", count: width - $0.name.count) + "  " + $0.meaning }
  }
}
