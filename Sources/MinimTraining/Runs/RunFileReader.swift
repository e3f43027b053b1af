import MinimFiles
import MinimNN

/// Reads the files of a run's folder that exist. What is damaged or cannot be read is left out, with a remark.
package struct RunFileReader {
  package let store: FileStore
  /// What was left out, one sentence each.
  package private(set) var remarks: [String] = []
  /// The first file that the system did not let read; nil if there was none.
  package private(set) var failure: FileError?

  package init(store: FileStore = FileStore()) { self.store = store }

  /// The bytes of a file; nil if it is missing or cannot be read.
  package mutating func bytes(_ path: String, limit: Int = 1 << 26) -> [UInt8]? {
    reading { store throws(FileError) in try store.readIfPresent(path, limit: limit) }
  }

  /// The JSON of a file; nil if it is missing or damaged, or cannot be read.
  package mutating func json(_ path: String, limit: Int = 1 << 26) -> JSON? {
    guard let bytes = bytes(path, limit: limit) else { return nil }
    do { return try JSONParser.parse(bytes, limit: limit).json } catch {
      remarks.append("\(path): it is damaged and left out: \(error)")
      return nil
    }
  }

  /// The status of a run; nil if it is missing or damaged, or cannot be read.
  package mutating func status(of run: RunDirectory) -> RunStatus? {
    reading { store throws(FileError) in
      store.exists(run.status) ? try RunStatus(of: run, store: store) : nil
    }
  }

  /// The claims of a run; empty if it has none yet, or if they cannot be read.
  package mutating func claims(of run: RunDirectory) -> [Claim] {
    guard let json = json(run.claims) else { return [] }
    if let version = json["version"]?.integer, version > Claim.formatVersion {
      note("\(run.claims): a later version of Minim wrote it (format \(version)), and it is left out")
    }
    return Claim.all(inFile: json)
  }

  /// The curves of a run; nil if it has no metrics, or if they cannot be read.
  package mutating func metrics(of run: RunDirectory) -> RunMetrics? {
    let metrics = reading { store throws(FileError) in
      store.exists(run.metrics) ? try RunMetrics(run, store: store) : nil
    }
    remarks += metrics?.remarks ?? []
    return metrics
  }

  /// What `read` returns; nil, and a remark, if it fails.
  mutating func reading<Value>(_ read: (FileStore) throws(FileError) -> Value?) -> Value? {
    do throws(FileError) { return try read(store) } catch {
      remarks.append("\(error)")
      if error.exit == .inputOutput { failure = failure ?? error }
      return nil
    }
  }

  /// Adds a remark about what was left out.
  package mutating func note(_ remark: String) { remarks.append(remark) }
}
