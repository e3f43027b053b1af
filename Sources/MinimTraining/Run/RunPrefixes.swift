import MinimFiles

/// The beginnings of a run's growing files that a checkpoint counts on.
package struct RunPrefixes: Equatable, Sendable {
  package var metrics = FilePrefix.empty, timing = FilePrefix.empty
  /// Nil in a checkpoint of an earlier version, which did not record it.
  package var diagnostics: FilePrefix? = .empty

  /// Those of a run before its first step.
  package init() {}

  /// Reads what a checkpoint says; nil if a length is missing.
  init?(_ file: Safetensors) {
    func prefix(_ name: String) -> FilePrefix? {
      guard let length = file.metadatum("\(name)Length").flatMap({ Int($0) }), length >= 0 else { return nil }
      // Earlier versions recorded lengths alone.
      return FilePrefix(length: length, checksum: file.metadatum("\(name)Checksum").flatMap { UInt64($0, radix: 16) })
    }
    guard let metrics = prefix("metrics"), let timing = prefix("timing") else { return nil }
    (self.metrics, self.timing, diagnostics) = (metrics, timing, prefix("diagnostics"))
  }

  /// What a checkpoint says.
  var metadata: [(key: String, value: String)] {
    [("metrics", metrics), ("timing", timing), ("diagnostics", diagnostics ?? .empty)].flatMap { name, prefix in
      [("\(name)Length", "\(prefix.length)")]
        + (prefix.checksum.map { [("\(name)Checksum", String($0, radix: 16).zeroPadded(to: 16))] } ?? [])
    }
  }

  /// Checks that the files of a run begin so.
  ///
  /// - Throws: `FileError` (65) if one does not; the errors of reading it.
  func check(_ run: RunDirectory, store: FileStore) throws(FileError) {
    try metrics.check(run.metrics, store: store)
    try timing.check(run.timing, store: store)
    try diagnostics?.check(run.diagnostics, store: store)
  }
}
