import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim list`.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List all runs and sweeps, or the runs of a sweep: model, state, step, loss, claims, time.",
    discussion: """
      Example:
        minim list state=done --sort loss
        minim list latest seed=1
      """)

  @Argument(
    help: ArgumentHelp(
      """
      key=value shows only runs with this value of run, model, state or a config key; * at either end matches anything. \
      The name of a sweep lists its runs.
      """, valueName: "word"), completion: .run)
  var words: [String] = []

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
      try checkFolder()
      let conditions = words.filter { $0.contains("=") }
      let filters = try conditions.map(RunFilter.init)
      let sweeps = try self.sweeps()
      var records = try sweeps.isEmpty ? ListedFolder.all(in: runs) : sweeps.flatMap(ListedFolder.members)
      say(sweeps.compactMap(\.remark) + records.flatMap(\.remarks))
      records = records.filter { record in filters.allSatisfy { $0.matches(record) } }
      try sort(&records)
      let extra = (sweeps.flatMap(\.grid.variedKeys) + columns.split(separator: ",").map(String.init)).unique()
      let listed = records.map { RunRow($0, extra) }
      if json {
        try Terminal.print(JSON.array(listed.map(\.json)).pretty + "\n")
        return
      }
      let rows = listed.map(\.cells)
      let titles = RunRow.titles + extra
      if tsv {
        try Terminal.print(([titles] + rows).map { $0.map(\.visible).joined(separator: "\t") + "\n" }.joined())
        return
      }
      if records.isEmpty {
        let place = sweeps.isEmpty ? runs : sweeps.map(\.name).joined(separator: ", ")
        let what = conditions.isEmpty ? "holds no runs yet" : "holds no run with \(conditions.joined(separator: " "))"
        try Terminal.print("\(place) \(what)".visible + "\n")
        return
      }
      var table = TextTable(titles.map { .init($0, isTrailing: ["step", "loss", "time"].contains($0)) })
      for row in rows { table.append(row) }
      try Terminal.print(table.lines(width: Terminal.current(1).width).joined(separator: "\n") + "\n")
    }
  }

  /// Checks that a folder which a user names is there. The usual one is made by the first run.
  private func checkFolder() throws(FileError) {
    guard runs != TrainingOptions.runsFolder, !FileStore().isFolder(runs) else { return }
    throw FileError(.list, runs, reason: "the folder does not exist", exit: .missingInput)
  }

  /// The sweeps whose runs to list.
  private func sweeps() throws -> [SweepDirectory] {
    try words.filter { !$0.contains("=") }.map { word in
      do {
        guard case .sweep(let path) = try RunFolder.locate(word, in: runs) else {
          throw CommandError(
            "\(word) is a run, and list takes sweeps. Try: \(Program.current.tool) show \(word)", exit: .usage)
        }
        return SweepDirectory(recovering: path)
      } catch let error as RunLookupError {
        throw CommandError(
          "\(error). list takes the name of a sweep, or key=value, such as state=done", exit: .usage)
      }
    }
  }

  /// Sorts numbers by size and words alphabetically; runs without a value come last.
  private func sort(_ records: inout [ListedFolder]) throws {
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
}
