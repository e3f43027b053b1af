import MinimFiles

/// The format of a run's folder: which files it has, and what they mean. `manifest.json` states it.
///
/// It changes only with what earlier versions would misread. Every version reads its own format and all earlier ones.
package enum RunFormat {
  /// The format that this version writes. Runs from before the number was written are of format 1 too.
  package static let current = 1

  /// The key of `manifest.json`.
  static let key = "format"

  /// Refuses a run whose folder this version may misread.
  ///
  /// - Throws: `FileError` (65) if a later version made it, and the errors of reading the manifest. A manifest that is missing or
  ///   damaged says nothing.
  package static func require(_ directory: RunDirectory, store: FileStore = FileStore()) throws(FileError) {
    let bytes = try store.readIfPresent(directory.manifest, limit: 1 << 26)
    let manifest = bytes.flatMap { try? JSONParser.parse($0, limit: 1 << 26).json }
    guard let format = manifest?[key]?.integer, format > current else { return }
    let version = manifest?["version"]?.string.map { " (\($0.visible))" } ?? ""
    throw FileError(
      .read, directory.path,
      reason: "a later version of Minim\(version) made this run: its folder has format \(format), and version "
        + "\(minimVersion) reads up to format \(current). Use that version, or a later one",
      exit: .badData)
  }
}
