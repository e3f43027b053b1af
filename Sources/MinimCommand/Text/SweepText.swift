import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// A sweep for the terminal: what it varies, its runs with their metrics, and the best of them.
struct SweepText {
  private typealias Member = (member: SweepGrid.Member, entry: RunComparison.Entry)

  private let record: SweepRecord
  private let members: [Member]
  private var sweep: SweepDirectory { record.sweep }

  /// The most rows of the table.
  private static let most = 40

  /// Reads the files that exist.
  init(path: String) {
    record = SweepRecord(path: path)
    members = record.sweep.entries()
  }

  /// - Parameter runs: the folder of all runs, as the user gave it.
  func lines(width: Int, runs: String) -> [String] {
    [head, varied(width), table(width), best, last(runs)].filter { !$0.isEmpty }.flatMap { [""] + $0 }.dropFirst()
      .map { $0 }
  }

  private var head: [String] {
    let time = record.seconds > 0 ? " in \(Readable.duration(record.seconds)) of training" : ""
    let claims = record.verdicts.text
    let model = RunRow.words(record, "model").map { "model \($0)" }
    let words = [model, claims.isEmpty ? nil : "claims: \(claims)"].compactMap { $0 }
    return ["\(record.name): \(record.progress)\(time)"] + (words.isEmpty ? [] : [words.joined(separator: "; ")])
  }

  private func varied(_ width: Int) -> [String] {
    let keys = sweep.grid.keysWithSeed
    guard !keys.isEmpty else { return [] }
    var table = TextTable([.init("varied"), .init("values", wraps: true)])
    for key in keys { table.append([key, RunRow.words(record, key) ?? "-"]) }
    return table.lines(width: width)
  }

  // MARK: - The runs

  private var lossName: String? {
    let names = members.compactMap { $0.entry.record.loss?.name }
    return Set(names).count == 1 ? names[0] : nil
  }

  /// The metrics of all members in their order, those that are the same in all of them last.
  private var metrics: [(name: String, values: [Double?])] {
    var names: [String] = []
    for (_, entry) in members {
      for metric in entry.finalMetrics where !names.contains(metric.name) { names.append(metric.name) }
    }
    let all = names.map { name in (name: name, values: members.map { $0.entry.metric(name) }) }
    func isSame(_ metric: (name: String, values: [Double?])) -> Bool {
      metric.name != lossName && Set(metric.values.compactMap { $0 }).count < 2
    }
    return all.filter { !isSame($0) } + all.filter(isSame)
  }

  /// As many metrics as the terminal has room for.
  private func table(_ width: Int) -> [String] {
    guard !members.isEmpty else { return [] }
    let shown = Array(members.prefix(Self.most))
    let varied = sweep.grid.keysWithSeed
    var columns: [(title: String, isNumber: Bool, cells: [String])] = [
      ("run", false, shown.map(\.member.id))
    ]
    for key in varied {
      let values = shown.map { member in member.member.settings.first { $0.key == key }?.value ?? "-" }
      columns.append((key, values.allSatisfy { Double($0) != nil }, values))
    }
    columns.append(("state", false, shown.map(\.entry.record.state.rawValue)))
    var room = width - columns.reduce(-2) { $0 + Self.width($1.title, $1.cells) + 2 }
    var left = 0
    for metric in metrics {
      let cells = metric.values.prefix(shown.count).map { $0.map { Readable.significant($0) } ?? "-" }
      room -= Self.width(metric.name, cells) + 2
      // The first metric is the loss, which is always shown.
      if room < 0, columns.last?.isNumber == true { left += 1 } else { columns.append((metric.name, true, cells)) }
    }
    var table = TextTable(columns.map { .init($0.title, isTrailing: $0.isNumber) })
    for row in shown.indices { table.append(columns.map { $0.cells[row] }) }
    return table.lines(width: width) + rest(rows: members.count - shown.count, metrics: left)
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

  /// The run with the lowest loss among those that are done: the least on the validation examples if all have it,
  /// otherwise the last, which may be that of a single batch.
  private var best: [String] {
    let done = members.filter { $0.entry.record.state == .done }
    guard let name = lossName, done.count > 1 else { return [] }
    let held = done.compactMap { member -> (Member, Double)? in
      let series = member.entry.metrics?.series(HeldOutLoss.key("validation", name)) ?? []
      return series.map(\.y).filter { !$0.isNaN }.min().map { (member, $0) }
    }
    if held.count == done.count { return lowest(held, "\(name) on the validation examples") }
    let last = done.compactMap { member -> (Member, Double)? in
      guard let loss = member.entry.record.loss?.value, !loss.isNaN else { return nil }
      return (member, loss)
    }
    return lowest(last, "\(name) in the last step")
  }

  private func lowest(_ losses: [(Member, Double)], _ what: String) -> [String] {
    guard let least = losses.map(\.1).min() else { return [] }
    let equal = losses.filter { $0.1 == least }
    if equal.count == losses.count, equal.count > 1 {
      return ["All \(losses.count) runs that are done have the same \(what): \(Readable.number(least))"]
    }
    let (member, entry) = equal[0].0
    let varied = sweep.grid.keysWithSeed
    let values = member.settings.filter { varied.contains($0.key) }.map { "\($0.key)=\($0.value)" }
    let words = values.isEmpty ? "" : " (\(values.joined(separator: " ")))"
    let others = equal.count > 1 ? ", and in \(equal.count - 1) more" : ""
    return ["Lowest \(what): \(Readable.number(least)) in \(entry.record.name)\(words)\(others)"]
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
