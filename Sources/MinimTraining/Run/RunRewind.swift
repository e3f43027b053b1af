import MinimFiles

/// The return of a run to an earlier checkpoint, or to its start, because what came later is damaged. Its steps after that
/// are taken again, to the same bits.
package struct RunRewind: RunPreparation {
  /// The step to continue from; 0 for the start.
  package let step: Int

  /// - Throws: `FileError` (66) if there is no such checkpoint, and what is wrong with it: nothing is given up for a
  ///   checkpoint that is no better.
  package init(
    to step: Int, of directory: RunDirectory, _ experiment: Experiment, store: FileStore = FileStore()
  ) throws {
    let steps = try directory.checkpointSteps(store: store)
    guard step == 0 || steps.contains(step) else {
      throw FileError(
        .open, directory.checkpoints, reason: KeptParameters.missing(step, among: steps), exit: .missingInput)
    }
    if step > 0 {
      let checkpoint = try Checkpoint(directory.checkpoint(step: step), experiment: experiment, store: store)
      try checkpoint.prefixes.check(directory, store: store)
    }
    self.step = step
  }

  /// Removes the later checkpoints last to first: a kill leaves a run that can continue.
  package func prepare(_ directory: RunDirectory, store: FileStore) throws {
    for path in directory.endings where store.exists(path) { try store.remove(path) }
    // It would count on what is removed now.
    if step == 0 { try store.remove(directory.status) }
    for later in try directory.checkpointSteps(store: store).reversed() where later > step {
      try store.remove(directory.checkpoint(step: later))
    }
  }
}

extension RunDirectory {
  /// The files of a run's end.
  var endings: [String] { [claims, evaluation, best, finalSamples] }
}
