import MinimFiles

extension RunDirectory {
  /// Opens the folder that a user has named for one run, or makes it, with the folders above it.
  ///
  /// - Returns: the folder, and whether a run has begun in it. A run that was killed before its first file has not.
  /// - Throws: `FileError` (73) if the folder cannot be made, or if it holds what no run has written.
  package static func named(
    _ path: String, store: FileStore = FileStore()
  ) throws(FileError) -> (directory: RunDirectory, hasBegun: Bool) {
    let run = RunDirectory(path: path)
    if store.exists(path) {
      let isRun = [run.lock, run.checkpoints, run.status].contains(where: store.exists)
      if isRun, store.exists(run.config) { return (run, true) }
      let own = Set([run.lock, run.checkpoints, run.samples].map(Path.name))
      if let other = try store.list(path).first(where: { !FileStore.isTemporary($0) && !own.contains($0) }) {
        let reason = "it holds \(other), and it is not the folder of a run. Name a new folder, or an empty one"
        throw FileError(.makeFolder, path, reason: reason, exit: .cannotCreate)
      }
    }
    try store.makeFolders(path)
    for folder in [run.checkpoints, run.samples] { _ = try store.makeFolder(folder) }
    return (run, false)
  }
}
