import MinimFiles

/// The steps of a run that are taken again to verify it: those after `start`, up to `end`.
package struct RunStretch: Equatable, Sendable {
  /// The step to begin after: 0, or that of a checkpoint of the run.
  package let start: Int
  /// The last step.
  package let end: Int
  /// Whether the run has kept a checkpoint of the last step, to compare with.
  package let isSaved: Bool
  /// The steps to a checkpoint that is farther than `end`; nil if `end` was asked for, or is one.
  package let distance: Int?

  /// The number of steps.
  package var count: Int { end - start }

  /// A stretch between two checkpoints is worth its time up to this many steps.
  private static let most = 1000
  /// Where the next checkpoint is farther.
  private static let few = 50
  /// A stretch shorter than this shows little.
  private static let least = 20

  /// Chooses steps. If nobody asks for others, they are the shortest stretch of at least 20 steps from one kept checkpoint, or
  /// the start, to the next; if that has more than 1000, its first 50.
  ///
  /// - Parameters:
  ///   - directory: the run's folder.
  ///   - experiment: the run's experiment.
  ///   - start: the step to begin after; nil for any.
  ///   - count: the number of steps; nil for as many as there are to the next checkpoint.
  /// - Throws: `FileError` (66) if the checkpoint is missing, or if no step follows it.
  package init(
    of directory: RunDirectory, _ experiment: Experiment, from start: Int? = nil, count: Int? = nil,
    store: FileStore = FileStore()
  ) throws(FileError) {
    let saved = try directory.checkpointSteps(store: store).filter { $0 > 0 }
    if let start, start != 0, !saved.contains(start) {
      throw FileError(
        .open, directory.checkpoints, reason: KeptParameters.missing(start, among: [0] + saved), exit: .missingInput)
    }
    let chosen = start ?? Self.start(of: count, saved)
    let rest = saved.first { $0 > chosen }.map { $0 - chosen }
    let steps = count ?? rest.flatMap { $0 > Self.most ? nil : $0 } ?? Self.few
    let end = min(chosen + steps, Self.limit(directory, experiment, saved, store))
    guard end > chosen else {
      let reason = "the run has not come beyond step \(chosen)"
      throw FileError(.open, directory.checkpoints, reason: reason, exit: .missingInput)
    }
    (self.start, self.end, isSaved) = (chosen, end, saved.contains(end))
    distance = count == nil ? rest.flatMap { $0 > end - chosen ? $0 : nil } : nil
  }

  /// The step to begin after.
  private static func start(of count: Int?, _ saved: [Int]) -> Int {
    let starts = [0] + saved
    if let count {
      return starts.last { saved.contains($0 + count) } ?? starts.last { $0 + count <= saved.last ?? 0 } ?? 0
    }
    let stretches = zip(starts, starts.dropFirst()).map { (start: $0, count: $1 - $0) }
    let worthwhile = stretches.filter { $0.count >= least }
    // Of equal ones the last: it is nearest to what the run ended with.
    let chosen =
      worthwhile.isEmpty
      ? stretches.reversed().max { $0.count < $1.count } : worthwhile.reversed().min { $0.count < $1.count }
    return chosen?.start ?? 0
  }

  /// The last step that can be taken again: a run that ended did not come beyond its last checkpoint.
  private static func limit(
    _ directory: RunDirectory, _ experiment: Experiment, _ saved: [Int], _ store: FileStore
  ) -> Int {
    let state = try? RunStatus(of: directory, store: store).state  // without a status the run may go on
    let hasEnded = state == .done || state == .diverged
    return hasEnded ? saved.last ?? 0 : experiment.configuration.steps
  }
}
