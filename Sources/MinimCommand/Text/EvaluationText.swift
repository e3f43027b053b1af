import MinimDrawing
import MinimFiles
import MinimNN

/// The metrics of an evaluation, and its tables, for the terminal.
enum EvaluationText {
  static func metrics(_ evaluation: Evaluation) -> [String] {
    let width = evaluation.metrics.map(\.name.count).max() ?? 0
    return evaluation.metrics.map { metric in
      (metric.name + String(repeating: " ", count: width - metric.name.count) + "  "
        + Readable.number(metric.value) + "  " + metric.meaning).visible
    } + evaluation.tables.flatMap { [""] + table($0) }
  }

  private static func table(_ table: Evaluation.Table) -> [String] {
    var text = TextTable([.init(table.name)] + table.columns.map { .init($0.name, isTrailing: true) })
    for row in table.rows { text.append([row.name] + row.values.map { Readable.significant($0, digits: 4) }) }
    let width = table.columns.map(\.name.count).max() ?? 0
    return text.lines(width: 120)
      + table.columns.map {
        ($0.name + String(repeating: " ", count: width - $0.name.count) + "  " + $0.meaning).visible
      }
  }
}
