import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim compare RUN...`.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare runs: configs, metrics, and where their losses first differ.",
    discussion: """
      Example:
        minim compare state=done --group-by optimizer.learningRate

      A sweep stands for its runs. If they have several seeds, or are many, they are grouped by the keys that the sweep \
      varies.
      """)

  @Argument(
    help: ArgumentHelp(
      "Two or more runs, or a sweep; key=value stands for all runs with this value, such as model=gan.",
      valueName: "run"),
    completion: .run)
  var names: [String]

  @Option(help: "The folder of all runs.", completion: .directory)
  var runs = TrainingOptions.runsFolder

  @Option(
    help: ArgumentHelp(
      "Show means for each value of a key, or of several joined by commas, with 95 % intervals.", valueName: "key"))
  var groupBy: String?

  @Option(help: ArgumentHelp("Also write the comparison as a self-contained page.", valueName: "file"))
  var report: String?

  func run() throws {
    try reporting {
      let folders = try names.filter { !$0.contains("=") }.map { try RunFolder.locate($0, in: runs) }
      let comparison = RunComparison(try directories(folders))
      say(comparison.entries.flatMap(\.remarks))
      guard comparison.entries.count > 1 else { throw tooFew(folders, comparison.entries.count) }
      let key = groupBy ?? Self.key(folders, comparison)
      let groups = try key.map { try grouped(comparison, by: $0) }
      let lines = groups.map { Self.lines(comparison, $0, by: key ?? "") } ?? Self.sideBySide(comparison)
      try Terminal.print(lines.joined(separator: "\n") + "\n")
      guard let report else { return }
      try ComparisonReport(comparison, groupedBy: key).write(to: report)
      try Terminal.print("Look at: \(report)\n")
    }
  }

  private func directories(_ folders: [RunFolder]) throws -> [RunDirectory] {
    let filters = try names.filter { $0.contains("=") }.map(RunFilter.init)
    let named = folders.flatMap { folder -> [RunDirectory] in
      switch folder {
      case .run(let run): return [run]
      case .sweep(let path):
        let sweep = SweepDirectory(recovering: path)
        say(sweep.remark.map { [$0] } ?? [])
        return Self.begun(sweep)
      }
    }
    return filters.isEmpty ? named : named + (try found(filters).filter { !named.contains($0) })
  }

  /// The members of a sweep that have files.
  private static func begun(_ sweep: SweepDirectory) -> [RunDirectory] {
    sweep.members.map(sweep.folder).filter { FileStore().isFolder($0.path) }
  }

  /// All runs that meet the conditions, those of sweeps too.
  private func found(_ filters: [RunFilter]) throws -> [RunDirectory] {
    func meets(_ folder: ListedFolder) -> Bool { filters.allSatisfy { $0.matches(folder) } }
    return try ListedFolder.all(in: runs).flatMap { folder -> [ListedFolder] in
      // The state of a sweep is not that of each member.
      if case .sweep(let sweep) = folder { ListedFolder.members(of: sweep.sweep) } else { [folder] }
    }.compactMap { folder in
      if meets(folder), case .run(let run) = folder, run.state != .pending { run.directory } else { nil }
    }
  }

  /// The keys to group the members of a single sweep by, if they have several seeds or are too many for a column each.
  private static func key(_ folders: [RunFolder], _ comparison: RunComparison) -> String? {
    guard folders.count == 1, case .sweep(let path) = folders[0] else { return nil }
    let grid = SweepDirectory(recovering: path).grid
    guard !grid.axes.isEmpty, grid.hasSeeds || grid.count > mostColumns else { return nil }
    return unknown(grid.comparedKeys, comparison).isEmpty ? grid.comparedKeys : nil
  }

  /// The keys, of several joined by commas, that no run has.
  private static func unknown(_ keys: String, _ comparison: RunComparison) -> [String] {
    keys.split(separator: ",").map(String.init).filter { key in
      !comparison.entries.contains { $0.record.value(key) != nil }
    }
  }

  /// The most runs in columns side by side that a terminal has room for.
  private static let mostColumns = 8

  private func tooFew(_ folders: [RunFolder], _ count: Int) -> CommandError {
    let words = (folders.map(\.name) + names.filter { $0.contains("=") }).joined(separator: " ")
    let found = count == 0 ? "no run that has begun" : "only one run"
    return CommandError(
      "compare takes two or more runs, or a sweep, and \(words) is \(found). To see what there is: "
        + "\(Program.current.tool) list", exit: .usage)
  }

  private func grouped(_ comparison: RunComparison, by key: String) throws -> [RunComparison.Group] {
    let unknown = Self.unknown(key, comparison)
    guard unknown.isEmpty, key.contains(where: { $0 != "," }) else {
      let known = comparison.entries.flatMap { $0.record.settings.map(\.key) }.unique()
      let word = unknown.first ?? key
      let hint = Spelling.nearest(to: word, among: known).map { " Did you mean \"\($0)\"?" } ?? ""
      throw CommandError("--group-by: no run has a key \"\(word)\".\(hint)", exit: .usage)
    }
    return comparison.groups(by: key)
  }

  private static func sideBySide(_ comparison: RunComparison) -> [String] {
    let runs = comparison.runs.rows.map { "\($0[0])  \($0[1]): \($0[2]) at step \($0[3])".visible }
    let config = comparison.configTable
    let same = config.rows.isEmpty ? ["", "The configs are the same."] : []
    return runs + text(config, width: 200) + same + text(comparison.metricTable, width: 200) + [""]
      + comparison.partings.map(\.visible)
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
