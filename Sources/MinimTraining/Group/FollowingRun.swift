import MinimFiles
import MinimKernels
import MinimParallel

/// The part of a run's training that a process does which does not write the run: a `TrainingLoop` without a recorder.
package final class FollowingRun {
  private let loop: TrainingLoop
  private let group: any ShardGroup

  /// Waits for the first process, and prepares to train with it.
  ///
  /// - Parameter starting: called when the first process has told that there is a run to train.
  /// - Returns: nil if there is nothing to train.
  /// - Throws: `GroupDisagreement`, `CheckpointError` or `FileError` if the checkpoint to continue from cannot be read here,
  ///   `KernelError`.
  package init?(
    _ experiment: Experiment, workers: Int?, _ level: KernelLevel, _ group: any ShardGroup,
    starting: () -> Void = {}
  ) throws {
    let agreement = try GroupAgreement(experiment, level)
    guard let hashes = try GroupStart.follow(agreement, group, starting) else { return nil }
    self.group = group
    let loop = try TrainingLoop(experiment.identified(by: hashes), workers: workers, level: level, group: group)
    self.loop = loop
    try GroupStart.see(group) { directory, step in
      _ = try loop.restore(from: directory, step: step == 0 ? nil : step, store: FileStore())
    }
  }

  /// Trains with the others to the end. What becomes of the run is the first process's to say.
  package func train(stopSignal: () -> Int32? = { Interruption.signal }) throws {
    _ = try loop.run(stopSignal: stopSignal, interruptible: Interruptible { nil }, diagnoses: false)
  }
}
