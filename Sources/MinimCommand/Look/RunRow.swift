import MinimDrawing
import MinimFiles
import MinimTraining

/// A run or a sweep as cells of a table, or as JSON.
struct RunRow {
  static let titles = ["run", "model", "state", "step", "loss", "claims", "time"]
  let cells: [String]
  let json: JSON

  /// - Parameter extra: more keys of the config to show.
  init(_ folder: ListedFolder, _ extra: [String]) {
    switch folder {
    case .run(let run): (cells, json) = (Self.cells(run, extra), Self.json(run, extra))
    case .sweep(let sweep): (cells, json) = (Self.cells(sweep, extra), Self.json(sweep, extra))
    }
  }

  private static func cells(_ run: RunRecord, _ extra: [String]) -> [String] {
    [
      run.name, run.value("model") ?? "?", run.stateText, run.state == .pending ? "-" : "\(run.step)",
      run.loss.map { Readable.significant($0.value) } ?? "-", run.claims.isEmpty ? "-" : run.claims,
      run.seconds.map { Readable.duration($0) } ?? "-",
    ] + extra.map { run.value($0) ?? "-" }
  }

  /// A sweep has no step and no loss of its own.
  private static func cells(_ sweep: SweepRecord, _ extra: [String]) -> [String] {
    let claims = sweep.verdicts.text
    return [
      sweep.name, words(sweep, "model") ?? "?", sweep.progress, "-", "-", claims.isEmpty ? "-" : claims,
      sweep.seconds > 0 ? Readable.duration(sweep.seconds) : "-",
    ] + extra.map { words(sweep, $0) ?? "-" }
  }

  /// The values of a key; the first few of many.
  static func words(_ sweep: SweepRecord, _ key: String) -> String? {
    let values = sweep.values(key)
    guard let first = values.first, let last = values.last else { return nil }
    return values.count > 6 ? "\(first), ..., \(last) (\(values.count) values)" : values.joined(separator: ", ")
  }

  private static func json(_ run: RunRecord, _ extra: [String]) -> JSON {
    var json: JSON = [
      "run": .string(run.name), "kind": "run", "model": run.value("model").map { .string($0) } ?? .null,
      "state": .string(run.state.rawValue), "step": .integer(run.step),
      "lossName": run.loss.map { .string($0.name) } ?? .null,
      "loss": run.loss.map { .number($0.value) } ?? .null,
      "claims": run.verdicts.json,
      "seconds": run.seconds.map { .number($0) } ?? .null,
    ]
    for key in extra { json[key] = run.settings.first { $0.key == key }?.value ?? .null }
    return json
  }

  private static func json(_ sweep: SweepRecord, _ extra: [String]) -> JSON {
    func texts(_ key: String) -> JSON {
      let values = sweep.values(key)
      return values.isEmpty ? .null : values.count == 1 ? .string(values[0]) : .array(values.map { .string($0) })
    }
    var json: JSON = [
      "run": .string(sweep.name), "kind": "sweep", "model": texts("model"), "state": .string(sweep.state.rawValue),
      "runs": .integer(sweep.states.count), "done": .integer(sweep.done),
      "step": .null, "lossName": .null, "loss": .null,
      "claims": sweep.verdicts.json, "seconds": .number(sweep.seconds),
    ]
    for key in extra { json[key] = sweep.settings.first { $0.key == key }?.value ?? texts(key) }
    return json
  }
}
