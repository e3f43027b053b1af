import MinimConfiguration
import MinimFiles
import MinimNN

/// The growing file of a model's diagnostics during training, `diagnostics.jsonl`, if the model has any. Eigenvalues
/// come from LAPACK, whose last digits differ between CPUs, so it is a file of its own.
final class DiagnosticsLog {
  private let file: AppendFile
  private var wasAlarmed: Bool

  /// What the file holds by now, all of it whole lines.
  var prefix: FilePrefix { file.prefix }

  /// Opens the file and cuts off what was written after a checkpoint.
  ///
  /// - Parameters:
  ///   - prefix: what the checkpoint counts on; nil if it does not say.
  ///   - step: the checkpoint's step.
  /// - Throws: `FileError`, also if the file does not begin with what the checkpoint counts on (65).
  init(_ directory: RunDirectory, keeping prefix: FilePrefix?, upTo step: Int, store: FileStore) throws {
    let path = directory.diagnostics
    file = try AppendFile(path, keeping: prefix ?? Self.prefix(of: path, upTo: step, store), store: store)
    wasAlarmed = try Self.lastLine(path, store)?["alarm"]?.string != nil
  }

  /// The lines up to a step, for a checkpoint of an earlier version, which did not record their length.
  private static func prefix(of path: String, upTo step: Int, _ store: FileStore) throws -> FilePrefix {
    let reader = try LineReader(path, store: store)
    var length = 0
    while let line = try reader.next() {
      guard let found = try? JSONParser.parse(line).json["step"]?.integer else {
        let reason = "line \(reader.count) is not one of diagnostics. A copy of the file would help"
        throw FileError(.read, path, reason: reason, exit: .badData)
      }
      if found > step { break }
      length = reader.offset
    }
    return FilePrefix(length: length, checksum: nil)
  }

  /// The last of the lines that are kept.
  private static func lastLine(_ path: String, _ store: FileStore) throws -> JSON? {
    let reader = try LineReader(path, store: store)
    var last: [UInt8]?
    while let line = try reader.next() { last = line }
    return try last.map { try JSONParser.parse($0).json }
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
