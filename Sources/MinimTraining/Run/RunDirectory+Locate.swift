import Glibc
import MinimFiles

extension RunDirectory {
  /// All runs of a folder, sorted by name and therefore by time; none if the folder is missing.
  package static func all(in runs: String, store: FileStore = FileStore()) throws(FileError) -> [RunDirectory] {
    guard store.isFolder(runs) else { return [] }
    return try store.list(runs)
      .filter { $0 != latest && !$0.hasPrefix(".") && store.isFolder(Path.join(runs, $0)) }
      .map { RunDirectory(path: Path.join(runs, $0)) }
  }

  /// Finds the run that a user names: `latest`, a path, a name, or a prefix that only one name has.
  package static func locate(
    _ selector: String, in runs: String, store: FileStore = FileStore()
  ) throws -> RunDirectory {
    if selector == latest { return try newest(in: runs, store: store) }
    if selector.contains("/") || selector == "." || selector == ".." {
      guard store.isFolder(selector) else { throw RunLookupError.noFolder(selector) }
      return RunDirectory(path: selector)
    }
    let all = try all(in: runs, store: store)
    if let exact = all.first(where: { $0.name == selector }) { return exact }
    let matches = selector.isEmpty ? [] : all.filter { $0.name.hasPrefix(selector) }
    if matches.count == 1 { return matches[0] }
    if matches.count > 1 { throw RunLookupError.ambiguous(selector, matches.map(\.name)) }
    // A folder of the working directory comes last: a file's name must not hide a run.
    if !selector.isEmpty && store.isFolder(selector) { return RunDirectory(path: selector) }
    throw RunLookupError.none(selector, runs: runs, newest: all.suffix(3).map(\.name))
  }

  /// The run that `runs/latest` points to, under its own name; the last by name if the link is missing or broken.
  private static func newest(in runs: String, store: FileStore) throws -> RunDirectory {
    if let target = store.linkTarget(Path.join(runs, latest)) {
      let path = target.hasPrefix("/") ? target : Path.join(runs, target)
      if store.isFolder(path) { return RunDirectory(path: path) }
    }
    guard let last = try all(in: runs, store: store).last else {
      throw RunLookupError.none(latest, runs: runs, newest: [])
    }
    return last
  }
}

/// A reason why a user's words do not identify one run.
package enum RunLookupError: ReportedError, Equatable {
  /// The path is not a folder.
  case noFolder(String)
  /// No run has this prefix; includes the newest runs.
  case none(String, runs: String, newest: [String])
  /// Several runs have this prefix.
  case ambiguous(String, [String])

  package var exit: ExitStatus {
    if case .ambiguous = self { return .usage }
    return .missingInput
  }

  package var description: String {
    switch self {
    case .noFolder(let path):
      return "\(path): no such folder"
    case .none(let selector, let runs, let newest) where newest.isEmpty:
      return "no run \"\(selector)\": \(runs) holds no runs yet"
    case .none(let selector, let runs, let newest):
      return "no run in \(runs) begins with \"\(selector)\"; the newest are \(newest.joined(separator: ", "))"
    case .ambiguous(let selector, let names):
      let shown = names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", ..." : "")
      return "\"\(selector)\" begins the names of \(names.count) runs: \(shown). Use a longer prefix."
    }
  }
}
