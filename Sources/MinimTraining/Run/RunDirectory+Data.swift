import MinimData
import MinimFiles

extension RunDirectory {
  /// What the run remembers of its data; nil if they did not lie in a file, or if an earlier version made the run.
  ///
  /// - Throws: `FileError` if the file cannot be read, or is not what a run writes (65).
  package func dataDescription(store: FileStore = FileStore()) throws -> DataDescription? {
    guard let bytes = try store.readIfPresent(data, limit: 1 << 26) else { return nil }
    guard let description = (try? JSONParser.parse(bytes, limit: 1 << 26).json).flatMap({ DataDescription($0) }) else {
      throw FileError(.read, data, reason: "it does not describe data as a run does", exit: .badData)
    }
    return description
  }
}
