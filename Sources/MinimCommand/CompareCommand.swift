import ArgumentParser
import MinimNN
import MinimTraining

/// `minim compare RUN...`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Runs side by side: config, figures, and where their losses part.")

  @Argument(
    help: ArgumentHelp(
      "Two runs or more; key=value takes all runs with this value, such as model=gan.", valueName: "run"))
  var names: [String]

  @Option(help: "The folder of all runs.")
  var runs = "runs"

  @Option(help: ArgumentHelp("Means over the runs of each value of a key, with 95 % intervals.", valueName: "key"))
  var groupBy: String?

  func run() throws {
    try reporting {
      let comparison = RunComparison(try directories())
      guard comparison.entries.count > 1 else {
        throw CommandError("compare: expected two runs or more, got \(comparison.entries.count)", exitCode: 64)
      }
      let lines = try groupBy.map { try grouped(comparison, by: $0) } ?? sideBySide(comparison)
      Terminal.write(lines.joined(separator: "\n") + "\n", to: 1)
    }
  }

  private func directories() throws -> [RunDirectory] {
    let filters = try names.filter { $0.contains("=") }.map(RunFilter.init)
    let named = try names.filter { !$0.contains("=") }.map { try RunDirectory.locate($0, in: runs) }
    guard !filters.isEmpty else { return named }
    let found = try RunRecord.all(in: runs).filter { record in filters.allSatisfy { $0.matches(record) } }
    return named + found.map(\.directory).filter { !named.contains($0) }
  }

  // MARK: - Side by side

  private func sideBySide(_ comparison: RunComparison) -> [String] {
    let entries = comparison.entries
    let letters = entries.indices.map { "\($0 + 1)" }
    var lines = zip(letters, entries).map {
      "\($0)  \($1.record.name): \($1.record.state.rawValue) at step \($1.record.step)"
    }
    func table(_ title: String, _ rows: [[String]]) -> [String] {
      guard !rows.isEmpty else { return [] }
      var table = TextTable([.init(title)] + letters.map { .init($0, isTrailing: true) })
      for row in rows { table.append(row) }
      return [""] + table.lines(width: 200)
    }
    let differences = comparison.differences
    lines += table("config", differences.map { [$0.key] + $0.values.map { $0 ?? "-" } })
    if differences.isEmpty { lines += ["", "The configs are the same."] }
    lines += table(
      "figure",
      comparison.figureNames.map { name in
        [name] + entries.map { $0.figure(name).map(ClaimsTable.number) ?? "-" }
      })
    lines.append("")
    for (letter, entry) in zip(letters, entries).dropFirst() { lines.append(parting(entries[0], entry, letter)) }
    return lines
  }

  private func parting(_ first: RunComparison.Entry, _ other: RunComparison.Entry, _ letter: String) -> String {
    guard let name = first.metrics?.lossName, other.metrics?.lossName == name else {
      return "1 and \(letter) have no loss in common."
    }
    guard let it = RunComparison.firstDifference(first, other) else {
      return "1 and \(letter): \(name) is the same to the bit at all steps that both have on record."
    }
    let values = "\(ClaimsTable.number(it.values.0)) and \(ClaimsTable.number(it.values.1))"
    return "1 and \(letter): \(name) first differs at step \(it.step): \(values)."
  }

  // MARK: - Groups

  private func grouped(_ comparison: RunComparison, by key: String) throws -> [String] {
    let groups = comparison.groups(by: key)
    guard groups.contains(where: { $0.value != "-" }) else {
      throw CommandError("--group-by: no run has a key \"\(key)\"", exitCode: 64)
    }
    var table = TextTable([
      .init("figure"), .init(key), .init("runs", isTrailing: true), .init("mean", isTrailing: true),
      .init("95 %", isTrailing: true), .init("each run, by seed", wraps: true),
    ])
    for name in comparison.figureNames {
      for group in groups {
        let values = group.entries.compactMap { $0.figure(name) }
        guard !values.isEmpty else { continue }
        table.append([
          name, group.value, "\(values.count)", Readable.significant(Statistics.mean(values).mean),
          values.count > 1 ? "+- " + Readable.significant(Statistics.halfInterval(values), digits: 2) : "-",
          values.map { Readable.significant($0) }.joined(separator: " "),
        ])
      }
    }
    return table.lines(width: Terminal.current(1).width) + paired(comparison, groups, key)
  }

  /// The first group against each other one, seed by seed: what both have from their seed falls out.
  private func paired(_ comparison: RunComparison, _ groups: [RunComparison.Group], _ key: String) -> [String] {
    guard let first = groups.first, groups.count > 1 else { return [] }
    var table = TextTable([
      .init("paired by seed"), .init("minus \(first.value)"), .init("pairs", isTrailing: true),
      .init("mean", isTrailing: true), .init("95 %", isTrailing: true),
    ])
    var hasRows = false
    for name in comparison.figureNames {
      for group in groups.dropFirst() {
        let differences = RunComparison.paired(name, first, group)
        guard differences.count > 1 else { continue }
        hasRows = true
        table.append([
          name, group.value, "\(differences.count)", Readable.significant(Statistics.mean(differences).mean),
          "+- " + Readable.significant(Statistics.halfInterval(differences), digits: 2),
        ])
      }
    }
    return hasRows ? [""] + table.lines(width: 200) : []
  }
}
