import MinimDrawing
import MinimTraining

/// A run as cells of a table.
struct RunRow {
  static let titles = ["run", "model", "state", "step", "loss", "claims", "time"]
  let cells: [String]

  init(_ record: RunRecord, _ extra: [String]) {
    cells =
      [
        record.name, record.value("model") ?? "?", record.state.rawValue, "\(record.step)",
        record.loss.map { Readable.significant($0.value) } ?? "-", record.claims.isEmpty ? "-" : record.claims,
        record.seconds.map { Readable.duration($0) } ?? "-",
      ] + extra.map { record.value($0) ?? "-" }
  }
}
