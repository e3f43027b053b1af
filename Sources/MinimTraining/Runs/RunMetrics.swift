import MinimConfiguration
import MinimFiles

/// The lines of a run's `metrics.jsonl`, and of its `diagnostics.jsonl` if there is one: metrics by step.
package struct RunMetrics: Sendable {
  /// A line: its step and its metrics, in the order of the file.
  package struct Row: Sendable {
    package let step: Int
    package let values: [(name: String, value: Double)]
  }

  package let rows: [Row]
  /// The diagnostics during training.
  package let diagnostics: [Row]
  /// The name of the quantity that training minimizes; nil if there is no line.
  package let lossName: String?

  /// Reads both files; an incomplete last line, left by a kill, is skipped.
  ///
  /// - Throws: `FileError` if there are no metrics (66).
  package init(_ directory: RunDirectory, store: FileStore = FileStore()) throws {
    let lines = Self.lines(try store.read(directory.metrics))
    rows = lines.compactMap(Self.row)
    lossName = lines.first.flatMap { Self.loss($0)?.name }
    diagnostics = (try? store.read(directory.diagnostics)).map(Self.rows) ?? []
  }

  /// The names of all metrics, those of `metrics.jsonl` first.
  package var names: [String] {
    var names: [String] = []
    for row in rows + diagnostics {
      for value in row.values where !names.contains(value.name) { names.append(value.name) }
    }
    return names
  }

  /// A metric over the steps; empty if no line has it.
  package func series(_ name: String) -> [(x: Double, y: Double)] {
    let own = Self.series(name, rows)
    return own.isEmpty ? Self.series(name, diagnostics) : own
  }

  private static func series(_ name: String, _ rows: [Row]) -> [(x: Double, y: Double)] {
    rows.compactMap { row in row.values.first { $0.name == name }.map { (Double(row.step), $0.value) } }
  }

  /// A curve reduced to about `most` equally spaced points, and the last: a screen has about a thousand columns.
  static func thinned(_ points: [(x: Double, y: Double)], most: Int = 1000) -> [(x: Double, y: Double)] {
    let stride = (points.count + most - 1) / max(1, most)
    guard stride > 1 else { return points }
    return points.enumerated().filter { $0.offset % stride == 0 || $0.offset == points.count - 1 }.map(\.element)
  }

  /// The first metric of a line that is not a count: the quantity that training minimizes.
  static func loss(_ line: JSON) -> (name: String, value: Double)? {
    let counts: Set<String> = ["step", "epoch", "examples"]
    guard let member = line.object?.members.first(where: { !counts.contains($0.key) }) else { return nil }
    return number(member.value).map { (member.key, $0) }
  }

  /// The metrics of the whole lines of such a file.
  static func rows(_ bytes: [UInt8]) -> [Row] { lines(bytes).compactMap(row) }

  private static func lines(_ bytes: [UInt8]) -> [JSON] {
    bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSONParser.parse(Array($0)).json }
  }

  private static func row(_ line: JSON) -> Row? {
    guard let step = line["step"]?.integer else { return nil }
    return Row(
      step: step,
      values: (line.object?.members ?? []).compactMap { member in
        member.key == "step" ? nil : number(member.value).map { (member.key, $0) }
      })
  }

  /// Numbers that are not finite are strings in JSON.
  private static func number(_ value: JSON) -> Double? { value.number ?? value.string.flatMap { Double($0) } }
}
