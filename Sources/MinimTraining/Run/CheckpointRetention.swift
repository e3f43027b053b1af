import MinimFiles

/// The checkpoints that a run keeps: the last few, the best, and every k-th step.
package struct CheckpointRetention: Equatable, Sendable {
  /// The number of newest checkpoints to keep; at least 1.
  package let last: Int
  /// The interval of steps to keep: multiples of it stay; nil for none.
  package let every: Int?

  /// - Precondition: none; values below 1 count as 1 and nil.
  package init(last: Int = 2, every: Int? = nil) {
    self.last = max(1, last)
    self.every = every.flatMap { $0 > 0 ? $0 : nil }
  }

  /// The steps whose checkpoints may be removed.
  ///
  /// - Parameters:
  ///   - steps: all checkpoints' steps, ascending.
  ///   - best: the step of the best evaluation so far.
  package func superfluous(_ steps: [Int], best: Int?) -> [Int] {
    steps.dropLast(last).filter { step in
      if step == best { return false }
      guard let every else { return true }
      return step % every != 0
    }
  }
}

extension RunDirectory {
  /// The steps of the existing checkpoints, ascending.
  package func checkpointSteps(store: FileStore = FileStore()) throws(FileError) -> [Int] {
    guard store.isFolder(checkpoints) else { return [] }
    return try store.list(checkpoints).compactMap(Self.step(ofCheckpoint:)).sorted()
  }

  /// Removes the checkpoints that `retention` does not keep, oldest first.
  package func pruneCheckpoints(
    _ retention: CheckpointRetention, best: Int?, store: FileStore = FileStore()
  ) throws(FileError) {
    for step in retention.superfluous(try checkpointSteps(store: store), best: best) {
      try store.remove(checkpoint(step: step))
    }
  }
}
