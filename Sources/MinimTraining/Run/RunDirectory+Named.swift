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
    func refusal(_ reason: String) -> FileError { FileError(.makeFolder, path, reason: reason, exit: .cannotCreate) }
    if store.exists(path) {
      guard store.isFolder(path) else { throw refusal("it is a file. Name a new folder, or an empty one") }
      let hasConfig = store.exists(run.config)
      if hasConfig, [run.lock, run.checkpoints, run.status].contains(where: store.exists) { return (run, true) }
      // A run makes these folders first, then its lock, and its config after other files.
      let first = Set([run.checkpoints, run.samples].map(Path.name))
      let other = try store.list(path).first { !FileStore.isTemporary($0) && !first.contains($0) }
      if let other, hasConfig || !store.exists(run.lock) {
        throw refusal("it holds \(other), and it is not the folder of a run. Name a new folder, or an empty one")
      }
    }
    try store.makeFolders(path)
    for folder in [run.checkpoints, run.samples] { _ = try store.makeFolder(folder) }
    return (run, false)
  }
}
