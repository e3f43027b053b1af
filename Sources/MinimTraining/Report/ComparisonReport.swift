import MinimDrawing
import MinimFiles
import MinimNN

/// Several runs as one self-contained page: their curves in one plot, the differences of their configs and metrics, and
/// by the values of a key their means with intervals.
package struct ComparisonReport {
  private let comparison: RunComparison
  private let key: String?
  private let groups: [RunComparison.Group]

  /// The most points in all plots of a kind, and rows of the table of runs: a page is at most 1 MB.
  private static let most = (points: 20_000, rows: 500)

  /// - Parameter key: the key whose values form the groups; nil for runs side by side.
  package init(_ comparison: RunComparison, groupedBy key: String? = nil) {
    self.comparison = comparison
    self.key = key
    groups = key.map(comparison.groups) ?? []
  }

  /// Writes the page.
  ///
  /// - Throws: `FileError`, also if the system did not let a file of a run be read: a page must not lack it without a word.
  package func write(to path: String, store: FileStore = FileStore()) throws {
    if let failure = comparison.failure { throw failure }
    try store.writeOutput(page(isWide ? [] : comparison.readPartings()), to: path)
  }

  /// The page.
  package var text: String { page(isWide ? [] : comparison.partings) }

  private func page(_ partings: [String]) -> String {
    let title = "Comparison of \(Readable.count(comparison.entries.count, "run"))" + (key.map { " by \($0)" } ?? "")
    return HTML.page(
      title, refreshes: false,
      "<h1>\(title)</h1>\n" + HTML.section("Curves", HTML.charts(curves.compactMap(\.overview)))
        + HTML.section("Each run", panels) + HTML.section("Groups", HTML.charts(spreads) + groupTables)
        + HTML.section("Metrics", isWide ? .none : table("The final metrics of each run.", comparison.metricTable))
        + HTML.section("Config", isWide ? .none : table("Keys whose values differ.", comparison.configTable))
        + HTML.section(
          "Runs",
          table("Each run with its number in the tables.", comparison.runs.prefix(Self.most.rows), isSorted: true)
            + partings.map { "<p>\($0)</p>" as Markup }.joined(separator: "\n")))
  }

  /// Whether there are too many runs for one column or one sentence each.
  private var isWide: Bool { Self.isWide(comparison.entries.count) }

  /// Whether there are too many for one column or one word each.
  private static func isWide(_ count: Int) -> Bool { count > 20 }

  private func table(_ caption: String, _ table: RunComparison.Table, isSorted: Bool = false) -> Markup {
    table.rows.isEmpty ? .none : HTML.table(caption, table.titles, table.rows, isSorted: isSorted)
  }

  private var groupTables: Markup {
    guard let key else { return .none }
    return table(
      "Means with 95 % intervals by Student's t.", comparison.groupTable(groups, by: key).prefix(Self.most.rows))
      + table("Differences between runs with the same seed.", comparison.pairedTable(groups).prefix(Self.most.rows))
  }

  // MARK: - Curves

  /// Every run of each group, by the quantity that training minimizes.
  private var panels: Markup {
    let plots = key == nil ? [] : curves.first?.panels ?? []
    return plots.isEmpty
      ? .none : "<p class=\"soft\">Each run in gray. All panels have the same scales.</p>\n" + HTML.charts(plots)
  }

  /// The metrics that runs have during training.
  private var curveNames: [String] {
    var names: [String] = []
    for name in comparison.entries.compactMap(\.metrics).flatMap(\.names) where !names.contains(name) {
      names.append(name)
    }
    return names.filter { !["epoch", "examples"].contains($0) }
  }

  /// One for each metric: by groups, or run by run.
  private var curves: [CurveGroups] {
    let names = curveNames
    let entries =
      key == nil
      ? comparison.entries.enumerated().map { ("\($0 + 1)", [$1]) }
      : groups.map { ("\(key ?? "") \($0.value)", $0.entries) }
    return names.map { name in
      CurveGroups(
        name, label: comparison.label(name), entries.map { ($0.0, $0.1.compactMap { $0.metrics?.series(name) }) },
        sharing: names.count + 1)
    }
  }

  /// The values of all runs of each group next to each other, with the mean and its interval, for metrics that differ
  /// at all.
  private var spreads: [Plot] {
    guard let key else { return [] }
    let metrics = comparison.metrics(of: groups)
    let names = comparison.metricNames.filter { name in
      Set(metrics.filter { $0.name == name }.flatMap(\.values)).count > 1
    }
    let most = max(1, Self.most.points / max(1, names.count * groups.count))
    let words = groups.enumerated().map { "\($0 + 1): \($1.value)" }.joined(separator: ", ")
    let label = Self.isWide(groups.count) ? "\(key), in the order of the table" : "\(key) (\(words))"
    return names.map { name in
      let own = metrics.filter { $0.name == name }
      func place(_ it: RunComparison.GroupMetric) -> Double {
        Double(groups.firstIndex { $0.value == it.group } ?? 0) + 1
      }
      let points = own.flatMap { it in it.values.prefix(most).map { (x: place(it) + 0.15, y: $0) } }
      let means = own.map { it in (x: place(it) - 0.15, y: it.mean, error: it.halfInterval ?? 0) }
      return Plot(
        name, xLabel: label, yLabel: name,
        [.init(.points(points), name: "runs", color: 0), .init(.dots(means), name: "mean, 95 %", color: 1)])
    }
  }
}
