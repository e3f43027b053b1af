import MinimFiles

/// A folder that a user can name: a run, or a sweep of runs.
package enum RunFolder: Equatable, Sendable {
  case run(RunDirectory)
  case sweep(path: String)

  /// A folder that exists: a sweep, a member of a sweep, or a run.
  package init(path: String, store: FileStore = FileStore()) {
    let path = Path.name(of: path) == RunDirectory.latest ? Self.target(path, store) : path
    let (sweep, member) = (Path.parent(of: path), Path.name(of: path))
    if SweepDirectory.isSweep(path, store: store) {
      self = .sweep(path: path)
    } else if !sweep.isEmpty, SweepGrid.Member.number(member) != nil, SweepDirectory.isSweep(sweep, store: store) {
      let isLatest = Path.name(of: sweep) == RunDirectory.latest
      self = .run(RunDirectory(member: member, ofSweep: isLatest ? Self.target(sweep, store) : sweep))
    } else {
      self = .run(RunDirectory(path: path))
    }
  }

  /// The name that commands find it by.
  package var name: String {
    switch self {
    case .run(let run): run.name
    case .sweep(let path): Path.name(of: path)
    }
  }

  /// All runs and sweeps of a folder, sorted by name and therefore by time; none if the folder is missing.
  package static func all(in runs: String, store: FileStore = FileStore()) throws(FileError) -> [RunFolder] {
    try paths(in: runs, store).map { path in
      // The folder may be a sweep's own: its members go by their numbers there.
      SweepDirectory.isSweep(path, store: store) ? .sweep(path: path) : .run(RunDirectory(path: path))
    }
  }

  /// Finds the run or sweep that a user names: `latest`, a path, a name, or a prefix that only one name has; each may
  /// be followed by the number of a sweep's member, as in `latest/0003`.
  package static func locate(
    _ selector: String, in runs: String, store: FileStore = FileStore()
  ) throws -> RunFolder {
    if selector == RunDirectory.latest { return RunFolder(path: try newest(in: runs, store), store: store) }
    if selector.contains("/") || selector == "." || selector == ".." {
      if store.isFolder(selector) { return RunFolder(path: selector, store: store) }
      // A shell may have added the slash.
      if selector.hasSuffix("/") { return try locate(String(selector.dropLast()), in: runs, store: store) }
      return .run(try member(selector, in: runs, store))
    }
    let all = try paths(in: runs, store)
    if let exact = all.first(where: { Path.name(of: $0) == selector }) { return RunFolder(path: exact, store: store) }
    let matches = selector.isEmpty ? [] : all.filter { Path.name(of: $0).hasPrefix(selector) }
    if matches.count == 1 { return RunFolder(path: matches[0], store: store) }
    if matches.count > 1 { throw RunLookupError.ambiguous(selector, matches.map(Path.name)) }
    // A folder of the working directory comes last: a file's name must not hide a run.
    if !selector.isEmpty && store.isFolder(selector) { return RunFolder(path: selector, store: store) }
    throw RunLookupError.none(selector, runs: runs, newest: all.suffix(3).map(Path.name))
  }

  /// The member that `SWEEP/3` or `SWEEP/0003` names, where SWEEP is anything that `locate` finds.
  private static func member(_ selector: String, in runs: String, _ store: FileStore) throws -> RunDirectory {
    let (start, word) = (Path.parent(of: selector), Path.name(of: selector))
    if start.isEmpty || start == "." || start == ".." { throw RunLookupError.noFolder(selector) }
    let folder = try locate(start, in: runs, store: store)
    guard case .sweep(let path) = folder else {
      throw store.isFolder(start) ? RunLookupError.noFolder(selector) : .noSweep(folder.name, selector)
    }
    let count = SweepDirectory(recovering: path, store: store).grid.count
    guard let number = Int(word), (1...max(1, count)).contains(number), count > 0 else {
      throw RunLookupError.noMember(word, sweep: Path.name(of: path), count: count)
    }
    let run = RunDirectory(member: SweepGrid.Member.id(number), ofSweep: path)
    guard store.isFolder(run.path) else { throw RunLookupError.notBegun(run.name, path: path) }
    return run
  }

  /// The folder that `runs/latest` points to, under its own name; the last by name if the link is missing or broken.
  private static func newest(in runs: String, _ store: FileStore) throws -> String {
    let link = Path.join(runs, RunDirectory.latest), path = target(link, store)
    if path != link, store.isFolder(path) { return path }
    guard let last = try paths(in: runs, store).last else {
      throw RunLookupError.none(RunDirectory.latest, runs: runs, newest: [])
    }
    return last
  }

  /// What a link points to; any other path as it is.
  private static func target(_ path: String, _ store: FileStore) -> String {
    guard let target = store.linkTarget(path) else { return path }
    return target.hasPrefix("/") ? target : Path.join(Path.parent(of: path), target)
  }

  private static func paths(in runs: String, _ store: FileStore) throws(FileError) -> [String] {
    guard store.isFolder(runs) else { return [] }
    return try store.list(runs)
      .filter { $0 != RunDirectory.latest && !$0.hasPrefix(".") }.map { Path.join(runs, $0) }
      .filter { store.isFolder($0) }
  }
}
