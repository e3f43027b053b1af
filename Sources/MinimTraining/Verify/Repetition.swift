import MinimFiles
import MinimKernels
import MinimParallel

/// One way of taking the same steps again, in a process of its own. All ways must come to the same bits.
package struct Repetition: Sendable {
  /// Another value of a key of the config.
  package typealias Change = (key: String, value: JSON)

  /// What is special about it, in words.
  package let name: String
  /// The number of threads; nil for all that a process may use.
  package let workers: Int?
  /// The level of kernels.
  package let level: KernelLevel
  /// Other values of keys of the config that must not change a bit.
  package let changes: [Change]
  /// The step after which the process is killed and started again; nil for a repetition that is not disturbed.
  package let kill: Int?

  /// An interval at which nothing ever happens.
  private static let never: JSON = 1_000_000_000

  /// All ways of taking the steps of a stretch again.
  ///
  /// - Parameters:
  ///   - stretch: the steps.
  ///   - experiment: the run's experiment.
  ///   - workers: the number of threads that the run was made with; nil if unknown.
  ///   - level: the level of kernels that stands for the one that the run was made with.
  package static func all(
    of stretch: RunStretch, _ experiment: Experiment, workers: Int?, level: KernelLevel
  ) -> [Repetition] {
    func threads(_ count: Int) -> String { count == 1 ? "1 worker" : "\(count) workers" }
    // Every step is logged, so that the first one that differs is seen.
    let everyStep: [Change] = [
      ("intervals.log", 1), ("intervals.checkpoint", never), ("intervals.diagnostics", never),
    ]
    let usual = (workers.map { threads($0) + ", " } ?? "") + "\(level)"
    let numbers = [1, 2, 3, 7].map {
      Repetition(name: threads($0), workers: $0, level: level, changes: everyStep, kill: nil)
    }
    let levels = otherLevels(than: level).map {
      Repetition(name: "kernels \($0)", workers: workers, level: $0, changes: everyStep, kill: nil)
    }
    let killed = stretch.start + stretch.count / 2
    let saving: [Change] = [
      ("intervals.log", 1), ("intervals.checkpoint", .integer(max(1, stretch.count / 5))),
      ("intervals.diagnostics", never),
    ]
    return [Repetition(name: "as the run was made: \(usual)", workers: workers, level: level, changes: [], kill: nil)]
      + numbers + levels + [
        Repetition(
          name: "killed after step \(killed), resumed", workers: workers, level: level, changes: saving, kill: killed),
        Repetition(
          name: "other intervals", workers: workers, level: level, changes: otherIntervals(stretch, experiment),
          kill: nil),
      ]
  }

  /// The other levels of this machine with the same bits.
  private static func otherLevels(than level: KernelLevel) -> [KernelLevel] {
    level.isFused ? KernelLevel.available.filter { $0.isFused && $0 != level } : []
  }

  /// Intervals of everything that a run writes or evaluates, which the run does not have.
  private static func otherIntervals(_ stretch: RunStretch, _ experiment: Experiment) -> [Change] {
    // Half of it, if that can be: then every row of the run is among the others.
    func other(_ interval: Int) -> JSON { .integer(interval == 1 ? 2 : interval % 2 == 0 ? interval / 2 : 1) }
    let intervals = experiment.configuration.intervals
    var changes: [Change] = [
      ("intervals.log", other(intervals.log)), ("intervals.checkpoint", .integer(max(1, stretch.count / 3))),
      ("intervals.diagnostics", other(intervals.diagnostics)), ("intervals.keepLast", 1),
    ]
    if let validation = experiment.validation {
      // Training must not stop at another step.
      changes += [("validation.interval", other(validation.interval)), ("validation.patience", 0)]
    }
    return changes
  }
}
