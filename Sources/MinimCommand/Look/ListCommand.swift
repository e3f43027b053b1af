import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List all runs: model, state, step, loss, claims, time.")

  @Argument(
    help: ArgumentHelp(
      "Show only runs with this value of run, model, state or a config key; * at either end matches anything.",
      valueName: "key=value"))
  var filters: [String] = []

  @Option(help: "The folder of all runs.", completion: .directory)
  var runs = TrainingOptions.runsFolder

  @Option(
    help: ArgumentHelp("Sort by run, model, state, step, loss, seconds or a key of the config.", valueName: "key"))
  var sort = "run"

  @Flag(help: "Reverse the order.")
  var reverse = false

  @Option(help: ArgumentHelp("Also show these keys of the config, separated by commas.", valueName: "keys"))
  var columns = ""

  @Flag(help: "Print a JSON array.")
  var json = false

  @Flag(help: "Print tab-separated values.")
  var tsv = false

  func run() throws {
    try reporting {
      if json, tsv { throw CommandError("use either --json or --tsv", exit: .usage) }
      let filters = try self.filters.map(RunFilter.init)
      var records = try RunRecord.all(in: runs).filter { record in filters.allSatisfy { $0.matches(record) } }
      try sort(&records)
      let extra = columns.split(separator: ",").map(String.init)
      if json { return print(.array(records.map { json(of: $0, extra) })) }
      let rows = records.map { RunRow($0, extra).cells }
      let titles = RunRow.titles + extra
      if tsv {
        Terminal.write(([titles] + rows).map { $0.joined(separator: "\t") + "\n" }.joined(), to: 1)
        return
      }
      if records.isEmpty {
        let what =
          self.filters.isEmpty ? "holds no runs yet" : "holds no run with \(self.filters.joined(separator: " "))"
        Terminal.write("\(runs) \(what)\n", to: 1)
        return
      }
      var table = TextTable(titles.map { .init($0, isTrailing: ["step", "loss", "time"].contains($0)) })
      for row in rows { table.append(row) }
      Terminal.write(table.lines(width: Terminal.current(1).width).joined(separator: "\n") + "\n", to: 1)
    }
  }

  private func print(_ json: JSON) { Terminal.write(json.pretty + "\n", to: 1) }

  /// Sorts numbers by size and words alphabetically; runs without a value come last.
  private func sort(_ records: inout [RunRecord]) throws {
    let keyed = records.map { (record: $0, key: $0.value(sort)) }
    if !keyed.isEmpty, keyed.allSatisfy({ $0.key == nil }) {
      throw CommandError("--sort: no run has a value of \"\(sort)\"", exit: .usage)
    }
    let sorted = keyed.sorted { a, b in
      guard let x = a.key, let y = b.key else { return a.key != nil && b.key == nil }
      let isLess: Bool
      if let p = Double(x), let q = Double(y), !p.isNaN, !q.isNaN {
        guard p != q else { return a.record.name < b.record.name }
        isLess = p < q
      } else {
        guard x != y else { return a.record.name < b.record.name }
        isLess = x < y
      }
      return isLess != reverse
    }
    records = sorted.map(\.record)
  }

  private func json(of record: RunRecord, _ extra: [String]) -> JSON {
    var json: JSON = [
      "run": .string(record.name), "model": record.value("model").map { .string($0) } ?? .null,
      "state": .string(record.state.rawValue), "step": .integer(record.step),
      "lossName": record.loss.map { .string($0.name) } ?? .null,
      "loss": record.loss.map { .number($0.value) } ?? .null,
      "claims": record.verdicts.json,
      "seconds": record.seconds.map { .number($0) } ?? .null,
    ]
    for key in extra { json[key] = record.settings.first { $0.key == key }?.value ?? .null }
    return json
  }
}
