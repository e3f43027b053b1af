import MinimConfiguration
import MinimFiles
import MinimNN

/// The growing file of a model's diagnostics during training, `diagnostics.jsonl`, if the model has any. Eigenvalues
/// come from LAPACK, whose last digits differ between CPUs, so it is a file of its own.
final class DiagnosticsLog {
  private let file: AppendFile
  private var wasAlarmed: Bool

  /// Opens the file and cuts off what was written after a step, which a resumed run has not reached.
  ///
  /// - Throws: `FileError`
  init(_ directory: RunDirectory, upTo step: Int, store: FileStore) throws {
    let lines = (try? store.read(directory.diagnostics))?.split(separator: UInt8(ascii: "\n")) ?? []
    let records = lines.map { (bytes: $0.count + 1, json: try? JSONParser.parse(Array($0)).json) }
    let kept = records.prefix { ($0.json?["step"]?.integer).map { $0 <= step } ?? false }
    file = try AppendFile(directory.diagnostics, keeping: kept.reduce(0) { $0 + $1.bytes }, store: store)
    wasAlarmed = kept.last?.json?["alarm"]?.string != nil
  }

  /// Writes a line.
  ///
  /// - Returns: a message to show at once: a new alarm, or the end of one.
  func append(_ diagnostics: Diagnostics, step: Int) throws -> String? {
    var line: JSON = ["step": .integer(step)]
    for metric in diagnostics.metrics { line[metric.name] = metric.value.isFinite ? .number(metric.value) : .null }
    line["spectrum"] = .array(diagnostics.spectrum.map { $0.isFinite ? .number($0) : .null })
    line["alarm"] = diagnostics.alarm.map { .string($0) } ?? .null
    file.append(line.compact)
    try file.flush()
    defer { wasAlarmed = diagnostics.alarm != nil }
    if let alarm = diagnostics.alarm { return wasAlarmed ? nil : "ALARM at step \(step). \(alarm)" }
    return wasAlarmed ? "The alarm is over at step \(step)." : nil
  }

  /// Waits until the written lines are on the device.
  func sync() throws { try file.sync() }
}
