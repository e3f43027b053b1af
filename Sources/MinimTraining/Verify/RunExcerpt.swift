import MinimFiles

/// The state of a run after a step, as files of which a folder can be made where the next steps are taken again. It is read
/// at once: a run that still trains may remove its checkpoint.
package struct RunExcerpt: Sendable {
  private let config: JSON
  private let files: [(name: String, bytes: [UInt8])]

  /// Reads what the steps after a checkpoint need.
  ///
  /// - Parameters:
  ///   - directory: the run's folder.
  ///   - experiment: the run's experiment, which knows where the data are.
  ///   - step: the checkpoint's step; 0 for the start of the run.
  /// - Throws: `SafetensorsError`, `CheckpointError` or `FileError` if the checkpoint, or a file that it counts on, is damaged
  ///   or missing.
  package init(
    of directory: RunDirectory, _ experiment: Experiment, after step: Int, store: FileStore = FileStore()
  ) throws {
    config = experiment.resolved
    var paths = [(directory.manifest, "")]
    var prefixes = RunPrefixes()
    if step > 0 {
      let path = directory.checkpoint(step: step)
      prefixes = try Checkpoint(path, experiment: experiment, store: store).prefixes
      try prefixes.check(directory, store: store)
      paths.append((path, "checkpoints"))
    } else {
      paths.append((directory.initial, ""))
    }
    var files = try paths.compactMap { path, folder in
      try store.readIfPresent(path).map { (name: Path.join(folder, Path.name(of: path)), bytes: $0) }
    }
    let growing = [
      (directory.metrics, prefixes.metrics), (directory.timing, prefixes.timing),
      (directory.diagnostics, prefixes.diagnostics ?? .empty),
    ]
    for (path, prefix) in growing where prefix.length > 0 {
      files.append((Path.name(of: path), Array(try store.read(path).prefix(prefix.length))))
    }
    self.files = files
  }

  /// Makes the folder of a run that is at this step.
  ///
  /// - Parameters:
  ///   - path: the folder, which does not exist yet.
  ///   - changes: other values of keys that have a section, such as "intervals.log".
  /// - Throws: `FileError`.
  package func write(
    to path: String, changing changes: [Repetition.Change], store: FileStore = FileStore()
  ) throws -> RunDirectory {
    let run = RunDirectory(path: path)
    for folder in [run.path, run.checkpoints, run.samples] { _ = try store.makeFolder(folder) }
    for file in files { try store.writeAtomically(file.bytes, to: Path.join(path, file.name)) }
    var config = config
    for change in changes {
      let words = change.key.split(separator: ".").map(String.init)
      // A key of a section that the config does not have, such as validation, has nothing to change.
      guard words.count == 2, config[words[0]]?.object != nil else { continue }
      config[words[0]]?[words[1]] = change.value
    }
    try store.writeAtomically(config.pretty + "\n", to: run.config)
    return run
  }
}
