import MinimConfiguration
import MinimData
import MinimFiles
import Synchronization

/// Loads the data of configs, and keeps what it has loaded for others that ask for the same: members of a sweep share their
/// data.
package final class DataLoader: Sendable {
  /// Data with their SHA-256.
  package struct Loaded: Sendable {
    package let data: DataSplit
    package let digest: String
  }

  private let folders: [String]
  private let capacity: Int
  /// What takes the place of data whose file is missing; nil for nothing.
  private let remembered: DataDescription?
  /// The data that are kept, the last ones used at the end.
  private let kept = Mutex<[(key: String, loaded: Loaded)]>([])

  /// Creates a loader that has loaded nothing yet.
  ///
  /// - Parameters:
  ///   - folders: the folders to look for files in, in this order.
  ///   - capacity: the number of data sets to keep, at least 1.
  ///   - remembered: what takes the place of data whose file is missing.
  package init(folders: [String] = ["."], capacity: Int = 1, remembered: DataDescription? = nil) {
    self.folders = folders
    self.remembered = remembered
    self.capacity = max(1, capacity)
  }

  /// The data of a source. Others wait meanwhile: they may want the same.
  ///
  /// - Parameters:
  ///   - source: the source.
  ///   - section: the section that the source was read from.
  ///   - seed: the seed of the run.
  /// - Throws: the problem with a file.
  package func load(_ source: any DataSource, _ section: ConfigurationSection, seed: UInt64) throws -> Loaded {
    let key = section.values.compact + (source.dependsOnSeed ? " \(seed)" : "")
    return try kept.withLock { kept in
      let index = kept.firstIndex { $0.key == key }
      let loaded = try index.map { kept.remove(at: $0).loaded } ?? load(source, seed)
      kept.append((key, loaded))
      if kept.count > capacity { kept.removeFirst() }
      return loaded
    }
  }

  private func load(_ source: any DataSource, _ seed: UInt64) throws -> Loaded {
    do {
      let data = try source.load(from: folders, seed: seed)
      return Loaded(data: data, digest: data.digest)
    } catch let error as FileError where error.exit == .missingInput {
      guard let remembered else { throw error }
      return Loaded(data: remembered.split, digest: remembered.digest)
    }
  }
}
