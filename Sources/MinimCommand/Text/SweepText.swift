import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// A sweep for the terminal: what it varies, its runs with their metrics, and the best of them.
struct SweepText {
  private typealias Member = (member: SweepGrid.Member, entry: RunComparison.Entry)

  private let record: SweepRecord
  private let members: [Member]
  private let lossName: String?
  /// The files that are damaged or cannot be read, one sentence each.
  let remarks: [String]
  /// What tells the best; nil if the runs have no loss in common.
  private let measure: Measure?
  private var sweep: SweepDirectory { record.sweep }

  /// The most rows of the table.
  private static let most = 40

  /// Reads the files that exist.
  init(path: String) {
    record = SweepRecord(path: path)
    members = record.sweep.entries()
    remarks = record.remarks + members.flatMap(\.entry.remarks)
    let names = members.compactMap { $0.entry.record.loss?.name }
    lossName = Set(names).count == 1 ? names[0] : nil
    measure = lossName.map { [members] in Self.measure(members, $0) }
  }

  /// - Parameter runs: the folder of all runs, as the user gave it.
  func lines(width: Int, runs: String) -> [String] {
    [head, varied(width), table(width), best, last(runs)].filter { !$0.isEmpty }.flatMap { [""] + $0 }.dropFirst()
      .map(\.visible)
  }

  private var head: [String] {
    let time = record.seconds > 0 ? " in \(Readable.duration(record.seconds)) of training" : ""
    let claims = record.verdicts.text
    let model = RunRow.words(record, "model").map { "model \($0)" }
    let words = [model, claims.isEmpty ? nil : "claims: \(claims)"].compactMap { $0 }
    return ["\(record.name): \(record.progress)\(time)"] + (words.isEmpty ? [] : [words.joined(separator: "; ")])
  }

  private func varied(_ width: Int) -> [String] {
    let keys = sweep.grid.variedKeys
    guard !keys.isEmpty else { return [] }
    var table = TextTable([.init("varied"), .init("values", wraps: true)])
    for key in keys { table.append([key, RunRow.words(record, key) ?? "-"]) }
    return table.lines(width: width)
  }

  // MARK: - The runs

  /// The runs of the table: all of them, or of many those with the lowest loss, and then those without one.
  private var shown: (members: [Member], title: [String]) {
    guard members.count > Self.most, let measure, !measure.losses.isEmpty else {
      return (Array(members.prefix(Self.most)), [])
    }
    let sorted = measure.losses.enumerated().sorted { ($0.element.loss, $0.offset) < ($1.element.loss, $1.offset) }
    let best = sorted.prefix(Self.most).map(\.element.member)
    return (best, ["The \(best.count) runs with the lowest \(measure.name):", ""])
  }

  /// The names of all metrics in their order, those that are the same in all members last.
  private var metrics: [String] {
    var names: [String] = []
    for (_, entry) in members {
      for metric in entry.finalMetrics where !names.contains(metric.name) { names.append(metric.name) }
    }
    let losses = Set(members.compactMap(\.entry.lossName))
    func isSame(_ name: String) -> Bool {
      !losses.contains(name) && Set(members.compactMap { $0.entry.metric(name) }).count < 2
    }
    return names.filter { !isSame($0) } + names.filter(isSame)
  }

  /// As many metrics as the terminal has room for.
  private func table(_ width: Int) -> [String] {
    guard !members.isEmpty else { return [] }
    let (shown, title) = self.shown
    var columns: [(title: String, isNumber: Bool, cells: [String])] = [
      ("run", false, shown.map(\.member.id))
    ]
    for axis in sweep.grid.axes where sweep.grid.variedKeys.contains(axis.key) {
      let values = shown.map { member in member.member.settings.first { $0.key == axis.key }?.value ?? "-" }
      // Draws of an interval have too many digits for a column.
      let isInterval = axis.values.isEmpty
      let cells = isInterval ? values.map { Double($0).map { Readable.significant($0) } ?? $0 } : values
      columns.append((axis.key, values.allSatisfy { Double($0) != nil }, cells))
    }
    columns.append(("state", false, shown.map(\.entry.record.state.rawValue)))
    var room = width - columns.reduce(-2) { $0 + Self.width($1.title, $1.cells) + 2 }
    var left = 0
    for name in metrics {
      let cells = shown.map { $0.entry.metric(name).map { Readable.significant($0) } ?? "-" }
      room -= Self.width(name, cells) + 2
      // The first metric is the loss, which is always shown.
      if room < 0, columns.last?.isNumber == true { left += 1 } else { columns.append((name, true, cells)) }
    }
    var table = TextTable(columns.map { .init($0.title, isTrailing: $0.isNumber) })
    for row in shown.indices { table.append(columns.map { $0.cells[row] }) }
    return title + table.lines(width: width) + rest(rows: members.count - shown.count, metrics: left)
  }

  private static func width(_ title: String, _ cells: [String]) -> Int {
    cells.reduce(title.count) { max($0, $1.count) }
  }

  private func rest(rows: Int, metrics: Int) -> [String] {
    let runs = rows > 0 ? ["\(rows) more runs"] : []
    let others = metrics > 0 ? ["\(metrics) more \(metrics == 1 ? "metric" : "metrics")"] : []
    let what = (runs + others).joined(separator: " and ")
    guard !what.isEmpty else { return [] }
    let isWritten = FileStore().exists(sweep.table)
    return [isWritten ? "\(what): \(sweep.table)" : "\(what), which sweep.csv will have when the sweep ends"]
  }

  // MARK: - The best

  /// A loss of the runs that are done: the least on the validation examples if all have it, otherwise the last, which
  /// may be that of a single batch.
  private struct Measure {
    let name: String
    let losses: [(member: Member, loss: Double)]
  }

  private static func measure(_ members: [Member], _ name: String) -> Measure {
    let done = members.filter { $0.entry.record.state == .done }
    let held = done.compactMap { member -> (Member, Double)? in
      let series = member.entry.metrics?.series(HeldOutLoss.key("validation", name)) ?? []
      return series.map(\.y).filter { !$0.isNaN }.min().map { (member, $0) }
    }
    if held.count == done.count { return Measure(name: "\(name) on the validation examples", losses: held) }
    let last = done.compactMap { member in
      member.entry.record.loss.flatMap { $0.value.isNaN ? nil : (member, $0.value) }
    }
    return Measure(name: "\(name) in the last step", losses: last)
  }

  /// The run with the lowest loss.
  private var best: [String] {
    guard let measure, measure.losses.count > 1, let least = measure.losses.map(\.loss).min() else { return [] }
    let equal = measure.losses.filter { $0.loss == least }
    if equal.count == measure.losses.count {
      return ["All \(equal.count) runs that are done have the same \(measure.name): \(Readable.number(least))"]
    }
    let (member, entry) = equal[0].member
    let varied = sweep.grid.variedKeys
    let values = member.settings.filter { varied.contains($0.key) }.map { "\($0.key)=\($0.value)" }
    let words = values.isEmpty ? "" : " (\(values.joined(separator: " ")))"
    let others = equal.count > 1 ? ", and in \(equal.count - 1) more" : ""
    return ["Lowest \(measure.name): \(Readable.number(least)) in \(entry.record.name)\(words)\(others)"]
  }

  private func last(_ runs: String) -> [String] {
    let option = runs == TrainingOptions.runsFolder ? "" : " --runs \(runs)"
    let isOpen = record.states.contains { ![.done, .diverged, .running].contains($0) }
    let unfinished =
      isOpen && !record.states.contains(.running) && !sweep.configs.isEmpty
      ? ["To train the missing runs: \(Program.current.train) sweep --resume \(sweep.path)"] : []
    let page = FileStore().exists(sweep.report) ? ["Look at: \(sweep.report)"] : []
    return unfinished + ["Compare: \(Program.current.tool) compare \(record.name)\(option)"] + page
  }
}
