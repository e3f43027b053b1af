import ArgumentParser
import MinimDrawing
import MinimTraining

/// `minim compare RUN...`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare runs: configs, metrics, and where their losses first differ.")

  @Argument(
    help: ArgumentHelp(
      "Two or more runs; key=value stands for all runs with this value, such as model=gan.", valueName: "run"),
    completion: .run)
  var names: [String]

  @Option(help: "The folder of all runs.", completion: .directory)
  var runs = TrainingOptions.runsFolder

  @Option(help: ArgumentHelp("Show means for each value of a key, with 95 % intervals.", valueName: "key"))
  var groupBy: String?

  @Option(help: ArgumentHelp("Also write the comparison as a self-contained page.", valueName: "file"))
  var report: String?

  func run() throws {
    try reporting {
      let comparison = RunComparison(try directories())
      guard comparison.entries.count > 1 else {
        throw CommandError("compare: expected two or more runs, got \(comparison.entries.count)", exit: .usage)
      }
      let groups = try groupBy.map { try grouped(comparison, by: $0) }
      let lines = groups.map { Self.lines(comparison, $0, by: groupBy ?? "") } ?? Self.sideBySide(comparison)
      Terminal.write(lines.joined(separator: "\n") + "\n", to: 1)
      guard let report else { return }
      try ComparisonReport(comparison, groupedBy: groupBy).write(to: report)
      Terminal.write("Look at: \(report)\n", to: 1)
    }
  }

  private func directories() throws -> [RunDirectory] {
    let filters = try names.filter { $0.contains("=") }.map(RunFilter.init)
    let named = try names.filter { !$0.contains("=") }.map { try RunDirectory.locate($0, in: runs) }
    guard !filters.isEmpty else { return named }
    let found = try RunRecord.all(in: runs).filter { record in filters.allSatisfy { $0.matches(record) } }
    return named + found.map(\.directory).filter { !named.contains($0) }
  }

  private func grouped(_ comparison: RunComparison, by key: String) throws -> [RunComparison.Group] {
    let groups = comparison.groups(by: key)
    guard groups.contains(where: { $0.value != "-" }) else {
      throw CommandError("--group-by: no run has a key \"\(key)\"", exit: .usage)
    }
    return groups
  }

  private static func sideBySide(_ comparison: RunComparison) -> [String] {
    let runs = comparison.runs.rows.map { "\($0[0])  \($0[1]): \($0[2]) at step \($0[3])" }
    let config = comparison.configTable
    let same = config.rows.isEmpty ? ["", "The configs are the same."] : []
    return runs + text(config, width: 200) + same + text(comparison.metricTable, width: 200) + [""]
      + comparison.partings
  }

  private static func lines(_ comparison: RunComparison, _ groups: [RunComparison.Group], by key: String) -> [String] {
    let table = text(comparison.groupTable(groups, by: key), width: Terminal.current(1).width, leading: 2, wraps: true)
    return table.dropFirst() + text(comparison.pairedTable(groups), width: 200, leading: 2)
  }

  /// A table after an empty line; nothing if it has no rows.
  ///
  /// - Parameters:
  ///   - leading: columns of words, aligned left; columns of numbers are aligned right.
  ///   - wraps: whether the last column holds words that may wrap.
  private static func text(
    _ table: RunComparison.Table, width: Int, leading: Int = 1, wraps: Bool = false
  ) -> [String] {
    guard !table.rows.isEmpty else { return [] }
    let last = table.titles.count - 1
    var text = TextTable(
      table.titles.enumerated().map { index, title in
        .init(title, isTrailing: index >= leading && !(wraps && index == last), wraps: wraps && index == last)
      })
    for row in table.rows { text.append(row) }
    return [""] + text.lines(width: width)
  }
}
