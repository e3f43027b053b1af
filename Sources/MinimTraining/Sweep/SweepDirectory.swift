import MinimConfiguration
import MinimFiles

/// The folder of a sweep: the sources of its runs in `sweep.json`, a folder for each run, and in the end `sweep.csv`.
package struct SweepDirectory: Sendable {
  package let path: String
  /// The texts of the configs, with their names.
  package let configs: [(name: String, text: String)]
  package let grid: SweepGrid

  package var table: String { Path.join(path, "sweep.csv") }
  package var picture: String { Path.join(path, "sweep.png") }
  package var report: String { Path.join(path, RunDirectory.reportName) }
  private static let fileName = "sweep.json"

  /// Makes the folder of a new sweep.
  package init(
    in runs: String, name: String, configs: [(name: String, text: String)], grid: SweepGrid,
    store: FileStore = FileStore()
  ) throws {
    path = try RunDirectory.makeFolder(in: runs, stem: "\(name)-sweep", store: store)
    (self.configs, self.grid) = (configs, grid)
    let json: JSON = [
      "configs": .array(configs.map { ["name": .string($0.name), "text": .string($0.text)] }),
      "axes": .array(grid.axes.map { ["key": .string($0.key), "values": $0.choices.json] }),
      "draws": grid.draws.map { .integer($0) } ?? .null,
    ]
    try store.writeAtomically(json.pretty + "\n", to: Path.join(path, Self.fileName))
  }

  /// Opens the folder of an existing sweep.
  ///
  /// - Throws: `FileError` if there is no `sweep.json` (66), or a file of another kind (65).
  package init(path: String, store: FileStore = FileStore()) throws {
    self.path = path
    let file = Path.join(path, Self.fileName)
    let bytes = try store.read(file, limit: 1 << 24)
    let json = try? JSONParser.parse(bytes, limit: 1 << 24).json
    guard let json, let configs = json["configs"]?.array, let axes = json["axes"]?.array else {
      throw FileError(.read, file, reason: "it does not describe a sweep", exit: .badData)
    }
    self.configs = configs.map { ($0["name"]?.string ?? "", $0["text"]?.string ?? "") }
    grid = SweepGrid(
      axes: try axes.map { axis in
        guard let key = axis["key"]?.string, let choices = axis["values"].flatMap(SweepGrid.Choices.init) else {
          throw FileError(.read, file, reason: "one of its keys has no values", exit: .badData)
        }
        return .init(key: key, choices)
      },
      draws: json["draws"]?.integer)
  }

  /// The config of a run.
  package func source(_ member: SweepGrid.Member) throws -> ConfigurationSource {
    try ConfigurationSource(texts: configs, overrides: member.overrides)
  }

  /// The folder of a run, made if it is missing.
  package func directory(_ member: SweepGrid.Member, store: FileStore = FileStore()) throws -> RunDirectory {
    let run = RunDirectory(path: Path.join(path, member.id))
    for folder in [run.path, run.checkpoints, run.samples] { _ = try store.makeFolder(folder) }
    return run
  }

  /// The contents of all runs' folders, in the order of their numbers.
  package func entries(store: FileStore = FileStore()) -> [(member: SweepGrid.Member, entry: RunComparison.Entry)] {
    (0..<grid.count).map { index in
      let member = grid.member(index)
      return (member, RunComparison.Entry(RunDirectory(path: Path.join(path, member.id)), store: store))
    }
  }

  /// Writes every metric of every run in long form: the run's number, the values of the keys, the metric and its value.
  package func writeTable(
    _ entries: [(member: SweepGrid.Member, entry: RunComparison.Entry)], store: FileStore = FileStore()
  ) throws {
    var writer = CSVWriter(columns: ["run"] + grid.axes.map(\.key) + ["state", "metric", "value"])
    for (member, entry) in entries {
      let start = [member.id] + member.settings.map(\.value) + [entry.record.state.rawValue]
      if entry.finalMetrics.isEmpty { writer.append(start + ["", ""]) }
      for metric in entry.finalMetrics { writer.append(start + [metric.name, "\(metric.value)"]) }
    }
    try store.writeAtomically(writer.text, to: table)
  }
}
