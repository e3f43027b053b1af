import MinimDrawing
import MinimFiles
import MinimNN

/// A sweep as pictures and as a page: the best run, the curves by the values of a key, with every run of each value, the last loss over
/// the keys, and all runs as a table that can be sorted.
package struct SweepReport {
  private let sweep: SweepDirectory
  private let members: [(member: SweepGrid.Member, entry: RunComparison.Entry)]

  /// The most rows of the table: a page is at most 1 MB.
  private static let mostRows = 2000

  /// Creates a report from the contents of all runs' folders.
  ///
  /// - Throws: `FileError` if the system did not let a file of a run be read: a page must not lack it without a word.
  package init(
    _ sweep: SweepDirectory, _ entries: [(member: SweepGrid.Member, entry: RunComparison.Entry)]
  ) throws(FileError) {
    if let failure = entries.lazy.compactMap(\.entry.failure).first { throw failure }
    self.sweep = sweep
    members = entries
  }

  /// Writes `sweep.png` and `report.html`.
  package func write(store: FileStore = FileStore()) throws {
    let map = SweepMap(sweep.grid, members)
    let plots = [curves?.overview, map.shades].compactMap { $0 }
    if !plots.isEmpty {
      let picture = Picture("sweep", plots: plots, columns: plots.count)
      try store.writeAtomically(PNG.encode(picture.draw()), to: sweep.picture)
    }
    try store.writeAtomically(page(map), to: sweep.report)
  }

  private var lossName: String? { members.lazy.compactMap(\.entry.metrics?.lossName).first }

  /// The same with its unit.
  private var lossLabel: String? { lossName.flatMap { name in RunComparison.label(name, members.lazy.map(\.entry)) } }

  /// The curves of runs that differ by their seeds alone, group by group; where these groups are too many, or where keys are drawn, by
  /// the values of one key; and where those are too many, all together.
  private var curves: CurveGroups? {
    guard let name = lossName, let label = lossLabel else { return nil }
    let grid = sweep.grid, keys = grid.variedKeys.filter { $0 != "seed" }
    func count(_ key: String) -> Int { grid.axes.first { $0.key == key }?.values.count ?? 0 }
    // Bounded, since a product of many keys may be larger than any number.
    let combinations = keys.reduce(1) { min($0 * count($1), SweepGrid.most) }
    if grid.draws == nil || keys.isEmpty, combinations <= CurveGroups.mostGroups {
      return CurveGroups(name, label: label, groups(name, by: keys), sharing: 2)
    }
    let isFew = keys.contains(grid.groupKey) && (1...CurveGroups.mostGroups).contains(count(grid.groupKey))
    return CurveGroups(
      name, label: label, groups(name, by: isFew ? [grid.groupKey] : []), areRepeats: false, sharing: 2)
  }

  /// The curves by the values of keys, in the order of the runs. They must be few: each run looks for its group.
  private func groups(_ metric: String, by keys: [String]) -> [(name: String, curves: [CurveGroups.Curve])] {
    var names: [String] = [], curves: [[CurveGroups.Curve]] = []
    for (member, entry) in members {
      let values = keys.map { "\($0) \(member.value(of: $0) ?? "-")" }.joined(separator: ", ")
      let name = values.isEmpty ? "all runs" : values
      let index = names.firstIndex(of: name) ?? names.count
      if index == names.count {
        names.append(name)
        curves.append([])
      }
      if let series = entry.metrics?.series(metric) { curves[index].append(series) }
    }
    return zip(names, curves).map { (name: $0, curves: $1) }
  }

  // MARK: - Page

  private func page(_ map: SweepMap) -> String {
    let name = sweep.name, curves = curves
    let loss = map.parallel.map { [($0.drawing, "the last \(map.lossName ?? "loss") over the keys")] } ?? []
    let shades = map.shades.map { [($0.drawing, $0.title)] } ?? []
    let panels = curves?.panels ?? []
    let note: Markup =
      panels.count > 1 ? "<p class=\"soft\">Each run in gray. All panels have the same scales.</p>\n" : .none
    return HTML.page(
      name, refreshes: false,
      "<h1>\(name)</h1>\n\(head)"
        + HTML.section("Curves", HTML.charts([curves?.overview].compactMap { $0 }))
        + HTML.section("Keys", HTML.charts(shades + loss))
        + HTML.section("Each run", panels.isEmpty ? .none : note + HTML.charts(panels))
        + HTML.section("Runs", table))
  }

  /// The numbers of runs and claims, and the run with the least loss.
  private var head: Markup {
    let verdicts = VerdictCounts(sumOf: members.map(\.entry.record.verdicts))
    let claims: Markup = verdicts.isEmpty ? .none : "<p>Claims of all runs: \(verdicts.text).</p>\n"
    let count: Markup = "<p class=\"head\">\(Readable.count(members.count, "run")).</p>\n"
    let best = members.filter { $0.entry.record.state == .done && $0.entry.record.loss?.value.isFinite == true }
      .min { ($0.entry.record.loss?.value ?? 0) < ($1.entry.record.loss?.value ?? 0) }
    guard let best, let loss = best.entry.record.loss, members.count > 1 else { return count + claims }
    let varied = sweep.grid.variedKeys
    let settings = best.member.settings.filter { varied.contains($0.key) }.map { "\($0.key)=\($0.value)" }
    return
      "\(count)<p class=\"head\"><strong>Least \(loss.name): \(Readable.significant(loss.value))</strong>, run \(link(best.member)) with \(settings.joined(separator: ", "))</p>\n\(claims)"
  }

  private func link(_ member: SweepGrid.Member) -> Markup {
    "<a href=\"\(member.id)/\(RunDirectory.reportName)\">\(member.id)</a>"
  }

  /// All runs, as many as there is room for.
  private var table: Markup {
    let rows = members.prefix(Self.mostRows).map { member, entry -> [Markup] in
      let record = entry.record
      let values = member.settings.map(\.value)
      let state = [
        record.state.rawValue, "\(record.step)", record.loss.map { Readable.number($0.value) } ?? "-",
        record.claims.isEmpty ? "-" : record.claims,
      ]
      return [link(member)] + (values + state).map { "\($0)" as Markup }
    }
    let more: Markup =
      members.count > Self.mostRows ? "<p class=\"soft\">All \(members.count) runs are in sweep.csv.</p>" : .none
    return HTML.table(
      "Each run with its values of the keys.",
      ["run"] + sweep.grid.axes.map(\.key) + ["state", "step", lossName ?? "loss", "claims"], rows, isSorted: true)
      + more
  }
}

extension SweepGrid.Member {
  /// The value of a key.
  func value(of key: String) -> String? { settings.first { $0.key == key }?.value }
}
