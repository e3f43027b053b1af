import MinimConfiguration
import MinimFiles
import MinimNN

/// The growing file of what is seen of a model along its training: `diagnostics.jsonl`, there where a model has something to
/// show. Eigenvalues come from LAPACK, whose last digits differ between CPUs, so that it is a file of its own.
final class DiagnosticsLog {
  private let file: AppendFile
  private var wasAlarmed: Bool

  /// Opens the file and cuts off what was seen after a step, of which a resumed run knows nothing.
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
  /// - Returns: what to tell at once: an alarm that was not there before, or that one is over.
  func append(_ diagnostics: Diagnostics, step: Int) throws -> String? {
    var line: JSON = ["step": .integer(step)]
    for figure in diagnostics.figures { line[figure.name] = figure.value.isFinite ? .number(figure.value) : .null }
    line["spectrum"] = .array(diagnostics.spectrum.map { $0.isFinite ? .number($0) : .null })
    line["alarm"] = diagnostics.alarm.map { .string($0) } ?? .null
    file.append(line.compact)
    try file.flush()
    defer { wasAlarmed = diagnostics.alarm != nil }
    if let alarm = diagnostics.alarm { return wasAlarmed ? nil : "ALARM at step \(step). \(alarm)" }
    return wasAlarmed ? "The alarm is over at step \(step)." : nil
  }

  /// Waits until what was written is on the device.
  func sync() throws { try file.sync() }
}
