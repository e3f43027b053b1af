import MinimFiles

extension RunDirectory {
  /// All runs of a folder, sorted by name and therefore by time; none if the folder is missing. The runs of a sweep are
  /// those of the sweep's own folder.
  package static func all(in runs: String, store: FileStore = FileStore()) throws(FileError) -> [RunDirectory] {
    try RunFolder.all(in: runs, store: store).compactMap { folder in
      if case .run(let run) = folder { run } else { nil }
    }
  }

  /// Finds the run that a user names, as `RunFolder.locate` does; a sweep is an error.
  package static func locate(
    _ selector: String, in runs: String, store: FileStore = FileStore()
  ) throws -> RunDirectory {
    switch try RunFolder.locate(selector, in: runs, store: store) {
    case .run(let run): return run
    case .sweep(let path):
      throw RunLookupError.sweep(Path.name(of: path), count: SweepDirectory(recovering: path, store: store).grid.count)
    }
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
  /// The name is that of a sweep, where one run is needed.
  case sweep(String, count: Int)
  /// What is before the slash is a run, which has no members.
  case noSweep(String, String)
  /// The sweep has no run of this number.
  case noMember(String, sweep: String, count: Int)
  /// The sweep has not begun this run.
  case notBegun(String, path: String)

  package var exit: ExitStatus {
    switch self {
    case .ambiguous, .sweep: .usage
    case .noFolder, .none, .noSweep, .noMember, .notBegun: .missingInput
    }
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
    case .sweep(let name, let count):
      return "\(name) is a sweep of \(count) \(count == 1 ? "run" : "runs"), and this command takes one run. "
        + "Name one of them: \(name)/0001"
    case .noSweep(let name, let selector):
      return "no run \"\(selector)\": \(name) is a run, and only a sweep has numbered runs"
    case .noMember(let word, let sweep, let count):
      let last = SweepGrid.Member.id(count)
      return "\(sweep) has no run \"\(word)\"; " + (count > 0 ? "its runs are 0001 to \(last)" : "it has no runs")
    case .notBegun(let name, let path):
      return "\(name) has not begun. To train the missing runs of the sweep: train sweep --resume \(path)"
    }
  }
}
