import MinimDrawing
import MinimFiles
import MinimNN

/// A sweep as pictures and as a page: the curves of all runs in one plot, colored by the values of a key, and the last
/// loss over two keys as shades.
package struct SweepReport {
  private let sweep: SweepDirectory
  private let members: [(member: SweepGrid.Member, entry: RunComparison.Entry)]

  /// The most lines of curves, since they hide each other, points in all of them, and rows of the table: a page is at
  /// most 1 MB.
  private static let most = (lines: 300, points: 30_000, rows: 2000)

  /// Creates a report from the contents of all runs' folders.
  ///
  /// - Throws: `FileError` if the system did not let a file be read: a page must not lack it without a word.
  package init(
    _ sweep: SweepDirectory, _ entries: [(member: SweepGrid.Member, entry: RunComparison.Entry)]
  ) throws(FileError) {
    if let failure = entries.lazy.compactMap(\.entry.failure).first { throw failure }
    self.sweep = sweep
    members = entries
  }

  /// Writes `sweep.png` and `report.html`.
  package func write(store: FileStore = FileStore()) throws {
    let plots = [curves, shades].compactMap { $0 }
    if !plots.isEmpty {
      let picture = Picture("sweep", plots: plots, columns: plots.count)
      try store.writeAtomically(PNG.encode(picture.draw()), to: sweep.picture)
    }
    try store.writeAtomically(page, to: sweep.report)
  }

  private var lossName: String? { members.lazy.compactMap(\.entry.metrics?.lossName).first }

  /// The keys with several values, except for the seed.
  private var keys: [SweepGrid.Axis] { sweep.grid.axes.filter { $0.values.count > 1 && $0.key != "seed" } }

  private func value(_ key: String, of member: SweepGrid.Member) -> String? {
    member.settings.first { $0.key == key }?.value
  }

  /// One line per run; runs with the same value of the key have one color.
  private var curves: Plot? {
    guard let name = lossName else { return nil }
    let key = sweep.grid.groupKey
    let values = sweep.grid.axes.first { $0.key == key }?.values ?? []
    let isNamed = key != "seed" && values.count <= 10
    let series = members.prefix(Self.most.lines).compactMap {
      member, entry -> (index: Int, points: [(x: Double, y: Double)])? in
      guard let points = entry.metrics?.series(name), points.count > 1 else { return nil }
      return (isNamed ? value(key, of: member).flatMap { values.firstIndex(of: $0) } ?? 0 : 0, points)
    }
    guard !series.isEmpty else { return nil }
    let groups = Set(series.map(\.index)).sorted()
    return Plot(
      "\(name) of \(Readable.count(series.count, "run"))", xLabel: "step", yLabel: name,
      groups.map { group in
        let lines = series.filter { $0.index == group }.map {
          ThinnedCurve($0.points, most: Self.most.points / series.count).points
        }
        return .init(.lines(lines), name: isNamed ? "\(key) \(values[group])" : nil, color: Plot.classColor(group))
      })
  }

  /// The mean of the last losses over two keys, the first along x.
  private var shades: Plot? {
    guard keys.count == 2, let name = lossName else { return nil }
    let (across, up) = (keys[0], keys[1])
    var losses: [[String]: [Double]] = [:]
    for (member, entry) in members {
      guard let x = value(across.key, of: member), let y = value(up.key, of: member),
        let loss = entry.record.loss?.value
      else { continue }
      losses[[x, y], default: []].append(loss)
    }
    let values = up.values.flatMap { y in
      across.values.map { x in losses[[x, y]].map { Statistics.mean($0).mean } ?? .nan }
    }
    return Plot(
      "mean of the last \(name)", xLabel: across.key, yLabel: up.key, xNames: across.values, yNames: up.values,
      [
        .init(
          .field(
            .init(
              values, columns: across.values.count, x: 0.5...Double(across.values.count) + 0.5,
              y: 0.5...Double(up.values.count) + 0.5, palette: .viridis)))
      ])
  }

  private var page: String {
    let axes = sweep.grid.axes.map(\.key)
    let rows = members.map { member, entry -> [String] in
      let record = entry.record
      return [member.id] + member.settings.map(\.value) + [
        record.state.rawValue, "\(record.step)", record.loss.map { Readable.number($0.value) } ?? "-",
        record.claims.isEmpty ? "-" : record.claims,
      ]
    }
    let name = sweep.name
    let more: Markup =
      rows.count > Self.most.rows ? "<p class=\"soft\">All \(rows.count) runs are in sweep.csv.</p>" : .none
    let table = HTML.table(
      "Each run with its values of the keys.", ["run"] + axes + ["state", "step", lossName ?? "loss", "claims"],
      Array(rows.prefix(Self.most.rows)))
    return HTML.page(
      name, refreshes: false,
      "<h1>\(name)</h1>\n<p>\(Readable.count(members.count, "run")).</p>\n"
        + HTML.section("Curves", HTML.charts([curves, shades].compactMap { $0 })) + HTML.section("Runs", table + more))
  }
}
