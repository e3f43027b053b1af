import MinimFiles

extension RunDirectory {
  /// Checks that a folder which a user has named is that of a run: it has a file or folder that only runs have, whatever
  /// else is lost.
  ///
  /// - Throws: `FileError` (66) if it has none.
  package func checkHasFiles(store: FileStore = FileStore()) throws(FileError) {
    let own = [config, status, metrics, manifest, checkpoints]
    guard !own.contains(where: store.exists) else { return }
    throw FileError(
      .open, path,
      reason: "it is not the folder of a run: it has neither config.json nor status.json, metrics.jsonl or checkpoints",
      exit: .missingInput)
  }
}
