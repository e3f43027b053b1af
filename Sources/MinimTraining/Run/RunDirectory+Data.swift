import MinimData
import MinimFiles
import MinimKernels

extension RunDirectory {
  /// What the run remembers of its data; nil if they did not lie in a file, or if an earlier version made the run.
  ///
  /// - Throws: `FileError` if the file cannot be read, or is not what a run writes (65).
  package func dataDescription(store: FileStore = FileStore()) throws -> DataDescription? {
    guard let bytes = try store.readIfPresent(data, limit: 1 << 26) else { return nil }
    let json = try? JSONParser.parse(bytes, limit: 1 << 26).json
    guard let content = json?["data"], json?["checksum"]?.string == SHA256.hexDigest(of: content.compact),
      let description = DataDescription(content)
    else { throw FileError(.read, data, reason: "its content is not what the run wrote", exit: .badData) }
    return description
  }

  /// Writes what the run remembers of its data, with a checksum: a changed scale would change samples without a word.
  ///
  /// - Throws: `FileError` if the file cannot be written.
  func write(_ description: DataDescription, store: FileStore) throws {
    let content = description.json
    let json: JSON = ["data": content, "checksum": .string(SHA256.hexDigest(of: content.compact))]
    try store.writeAtomically(json.compact + "\n", to: data)
  }
}
