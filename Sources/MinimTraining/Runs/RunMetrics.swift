import MinimConfiguration
import MinimFiles

/// The curves of a run by its `metrics.jsonl`, and by its `diagnostics.jsonl` if there is one. They are thinned while they
/// are read, so that a run of any length needs little memory.
package struct RunMetrics: Sendable {
  /// The curves of one file, in the order in which their names occur.
  private struct Curves: Sendable {
    var names: [String] = []
    private var curves: [String: ThinnedCurve] = [:]

    /// Reads a file to its end.
    init(_ reader: MetricsReader) throws(FileError) {
      while let row = try reader.next() {
        for value in row.values {
          if curves[value.name] == nil { names.append(value.name) }
          curves[value.name, default: ThinnedCurve()].append((Double(row.step), value.value))
        }
      }
    }

    subscript(name: String) -> [(x: Double, y: Double)]? { curves[name]?.points }
  }

  private let metrics: Curves, diagnostics: Curves?
  /// The name of the quantity that training minimizes; nil if there is no line.
  package let lossName: String?
  /// What was left out of the files, one sentence each.
  package let remarks: [String]

  /// Reads both files; an incomplete last line, left by a kill, is skipped.
  ///
  /// - Throws: `FileError` if there are no metrics (66), or if a file cannot be read.
  package init(_ directory: RunDirectory, store: FileStore = FileStore()) throws(FileError) {
    let own = try MetricsReader(directory.metrics, store: store)
    let seen = try MetricsReader.ifPresent(directory.diagnostics, store: store)
    metrics = try Curves(own)
    diagnostics = if let seen { try Curves(seen) } else { nil }
    lossName = metrics.names.first { !Self.counts.contains($0) }
    remarks = [own.remark, seen?.remark].compactMap { $0 }
  }

  /// The names of all metrics, those of `metrics.jsonl` first.
  package var names: [String] { metrics.names + (diagnostics?.names ?? []).filter { !metrics.names.contains($0) } }

  /// A metric over the steps, thinned; empty if no line has it.
  package func series(_ name: String) -> [(x: Double, y: Double)] { metrics[name] ?? diagnostics?[name] ?? [] }

  private static let counts: Set<String> = ["step", "epoch", "examples"]

  /// The first metric of a line that is not a count: the quantity that training minimizes.
  static func loss(_ line: JSON) -> (name: String, value: Double)? {
    guard let member = line.object?.members.first(where: { !counts.contains($0.key) }) else { return nil }
    return number(member.value).map { (member.key, $0) }
  }

  /// The name of the quantity that training minimizes, by a row.
  static func loss(_ row: MetricsReader.Row) -> (name: String, value: Double)? {
    row.values.first { !counts.contains($0.name) }
  }

  /// Numbers that are not finite are strings in JSON.
  static func number(_ value: JSON) -> Double? { value.number ?? value.string.flatMap { Double($0) } }
}
