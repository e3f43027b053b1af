import MinimFiles
import MinimParallel

/// One line of a list: the summary of a run, or of a sweep.
package enum ListedFolder: Sendable {
  case run(RunRecord)
  case sweep(SweepRecord)

  /// The name that commands find it by.
  package var name: String {
    switch self {
    case .run(let run): run.name
    case .sweep(let sweep): sweep.name
    }
  }

  /// The files that are damaged or cannot be read, one sentence each.
  package var remarks: [String] {
    switch self {
    case .run(let run): run.remarks
    case .sweep(let sweep): sweep.remarks
    }
  }

  /// All runs and sweeps of a folder, sorted by name and therefore by time.
  package static func all(in runs: String) throws -> [ListedFolder] {
    read(try RunFolder.all(in: runs))
  }

  /// The members of a sweep, in the order of their numbers.
  package static func members(of sweep: SweepDirectory) -> [ListedFolder] {
    read(sweep.members.map { .run(sweep.folder($0)) })
  }

  /// Reads on all cores.
  private static func read(_ folders: [RunFolder]) -> [ListedFolder] {
    var records = [ListedFolder?](repeating: nil, count: folders.count)
    records.withUnsafeMutableBufferPointer { buffer in
      // Each index is written by one thread.
      nonisolated(unsafe) let results = buffer
      WorkerPool(workers: nil).share(folders.count) { index, _ in
        switch folders[index] {
        case .run(let run): results[index] = .run(RunRecord(run))
        case .sweep(let path): results[index] = .sweep(SweepRecord(path: path))
        }
      }
    }
    return records.compactMap { $0 }
  }

  /// The values of a key of the config, or of a column of the list, as a user writes them; several if a sweep varies it.
  package func values(_ key: String) -> [String] {
    switch self {
    case .run(let run): run.value(key).map { [$0] } ?? []
    case .sweep(let sweep): sweep.values(key)
    }
  }

  /// The same as one word.
  package func value(_ key: String) -> String? {
    let values = values(key)
    return values.isEmpty ? nil : values.joined(separator: ",")
  }
}
