import MinimConfiguration
import MinimFiles

/// Reads the rows of a file of metrics one at a time: of `metrics.jsonl`, `diagnostics.jsonl` or `timing.jsonl`, which may
/// have millions.
package final class MetricsReader {
  /// A line: its step and its metrics, in the order of the file.
  package struct Row: Sendable {
    package let step: Int
    package let values: [(name: String, value: Double)]

    /// A metric; nil if the line does not have it.
    package func value(_ name: String) -> Double? { values.first { $0.name == name }?.value }
  }

  private let lines: LineReader
  private let path: String
  /// The lines that are not rows: how many, and the first.
  private var unreadable: (count: Int, first: Int)?

  /// - Throws: `FileError` (66) if there is no such file.
  package init(_ path: String, store: FileStore = FileStore()) throws(FileError) {
    self.path = path
    lines = try LineReader(path, store: store)
  }

  /// Opens a file that may be missing.
  static func ifPresent(_ path: String, store: FileStore) throws(FileError) -> MetricsReader? {
    do throws(FileError) { return try MetricsReader(path, store: store) } catch {
      if error.exit == .missingInput { return nil }
      throw error
    }
  }

  /// The next row; nil if there is none yet. An incomplete last line, left by a kill, is not read.
  package func next() throws(FileError) -> Row? { try nextLine().map { Row($0) } }

  /// The next line that is a row, with all its members.
  func nextLine() throws(FileError) -> JSON? {
    while let bytes = try lines.next() {
      if let json = try? JSONParser.parse(bytes).json, json["step"]?.integer != nil { return json }
      unreadable = ((unreadable?.count ?? 0) + 1, unreadable?.first ?? lines.count)
    }
    return nil
  }

  /// What was left out of the lines read so far, in words; nil for nothing.
  package var remark: String? {
    guard let unreadable else { return nil }
    if unreadable.count == 1 { return "\(path): line \(unreadable.first) cannot be read and is left out" }
    return "\(path): \(unreadable.count) lines cannot be read and are left out, the first is line \(unreadable.first)"
  }
}

extension MetricsReader.Row {
  /// Takes the metrics of a line with a step; numbers that are not finite are strings in JSON.
  fileprivate init(_ line: JSON) {
    step = line["step"]?.integer ?? 0
    values = (line.object?.members ?? []).compactMap { member in
      member.key == "step" ? nil : RunMetrics.number(member.value).map { (member.key, $0) }
    }
  }
}
