import MinimConfiguration
import MinimFiles

/// The folder of a sweep: the sources of its runs in `sweep.json`, a folder for each run, and in the end `sweep.csv`.
package struct SweepDirectory: Sendable {
  package let path: String
  /// The folder's name.
  package var name: String { Path.name(of: path) }
  /// The texts of the configs, with their names.
  package let configs: [(name: String, text: String)]
  package let grid: SweepGrid
  /// What is wrong with its description, if its members were found without it; nil for nothing.
  package let remark: String?

  package var table: String { Path.join(path, "sweep.csv") }
  package var picture: String { Path.join(path, "sweep.png") }
  package var report: String { Path.join(path, RunDirectory.reportName) }
  private static let fileName = "sweep.json"

  /// Whether a folder is that of a sweep: it has a `sweep.json`, or, if that is lost, members and no files of a run.
  package static func isSweep(_ path: String, store: FileStore = FileStore()) -> Bool {
    if store.exists(Path.join(path, fileName)) { return true }
    let run = RunDirectory(path: path)
    return !store.exists(run.config) && !store.exists(run.status) && lastMember(of: path, store) > 0
  }

  /// The highest number of a member's folder; 0 if there is none.
  private static func lastMember(of path: String, _ store: FileStore) -> Int {
    let numbers = ((try? store.list(path)) ?? []).compactMap(SweepGrid.Member.number).filter { $0 <= SweepGrid.most }
    return numbers.filter { store.isFolder(Path.join(path, SweepGrid.Member.id($0))) }.max() ?? 0
  }

  /// Makes the folder of a new sweep, and lets `runs/latest` point to it.
  ///
  /// - Parameter remark: receives the reason, in words, if there can be no link: it is a convenience.
  package init(
    in runs: String, name: String, configs: [(name: String, text: String)], grid: SweepGrid,
    store: FileStore = FileStore(), remark: (String) -> Void = { _ in }
  ) throws {
    path = try RunDirectory.makeFolder(in: runs, stem: "\(name)-sweep", store: store)
    (self.configs, self.grid, self.remark) = (configs, grid, nil)
    let json: JSON = [
      "configs": .array(configs.map { ["name": .string($0.name), "text": .string($0.text)] }),
      "axes": .array(grid.axes.map { ["key": .string($0.key), "values": $0.choices.json] }),
      "draws": grid.draws.map { .integer($0) } ?? .null,
    ]
    do {
      try store.writeAtomically(json.pretty + "\n", to: Path.join(path, Self.fileName))
    } catch {
      store.removeEmptyFolders([path])
      throw error
    }
    RunDirectory.link(Path.name(of: path), in: runs, store, remark)
  }

  /// Opens a sweep to look at it. If its description is missing or damaged, its members are those that have a folder,
  /// with no known keys, and ``remark`` says so.
  package init(recovering path: String, store: FileStore = FileStore()) {
    do { self = try SweepDirectory(path: path, store: store) } catch {
      self.path = path
      (configs, grid) = ([], SweepGrid(axes: [], draws: Self.lastMember(of: path, store)))
      let name = Path.name(of: path).visible
      remark = "\(error). The runs of \(name) are those that have a folder; the values of its keys are lost"
    }
  }

  /// Opens the folder of an existing sweep.
  ///
  /// - Throws: `FileError` if there is no `sweep.json` (66), or a file of another kind (65).
  package init(path: String, store: FileStore = FileStore()) throws {
    self.path = path
    remark = nil
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
    guard (0...SweepGrid.most).contains(grid.count) else {
      throw FileError(.read, file, reason: "it describes \(grid.count) runs", exit: .badData)
    }
  }

  /// The config of a run.
  package func source(_ member: SweepGrid.Member) throws -> ConfigurationSource {
    try ConfigurationSource(texts: configs, overrides: member.overrides)
  }

  /// The folder of a run, made if it is missing.
  package func directory(_ member: SweepGrid.Member, store: FileStore = FileStore()) throws -> RunDirectory {
    let run = self.folder(member)
    for folder in [run.path, run.checkpoints, run.samples] { _ = try store.makeFolder(folder) }
    return run
  }

  /// The folder of a run, whether it exists or not.
  package func folder(_ member: SweepGrid.Member) -> RunDirectory {
    RunDirectory(member: member.id, ofSweep: path)
  }

  /// All runs, in the order of their numbers.
  package var members: [SweepGrid.Member] { (0..<grid.count).map(grid.member) }

  /// The contents of all runs' folders, in the order of their numbers.
  package func entries(store: FileStore = FileStore()) -> [(member: SweepGrid.Member, entry: RunComparison.Entry)] {
    members.map { ($0, RunComparison.Entry(folder($0), store: store)) }
  }

  /// Writes the files about all runs: ``table``, ``picture`` and ``report``.
  ///
  /// - Throws: `FileError`, also if the system does not let a file of a run be read: then none is written.
  package func writeSummary(store: FileStore = FileStore()) throws {
    let entries = entries(store: store)
    let report = try SweepReport(self, entries)
    try writeTable(entries, store: store)
    try report.write(store: store)
  }

  /// Writes every metric of every run in long form: the run's name, the values of the keys, the metric and its value.
  /// The name is `SWEEP/0003`, since many readers of CSV would make the number 3 of `0003`.
  package func writeTable(
    _ entries: [(member: SweepGrid.Member, entry: RunComparison.Entry)], store: FileStore = FileStore()
  ) throws {
    var writer = CSVWriter(columns: ["run"] + grid.axes.map(\.key) + ["state", "metric", "value"])
    for (member, entry) in entries {
      let start = [entry.record.name] + member.settings.map(\.value) + [entry.record.state.rawValue]
      if entry.finalMetrics.isEmpty { writer.append(start + ["", ""]) }
      for metric in entry.finalMetrics { writer.append(start + [metric.name, metric.value.text]) }
    }
    try store.writeAtomically(writer.text, to: table)
  }
}
