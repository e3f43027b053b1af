import ArgumentParser
import MinimParallel

/// The number of threads of a command that computes, but does not train.
struct WorkersOption: ParsableArguments {
  @Option(help: "Number of threads; results do not depend on it.")
  var workers: Int?

  /// The number; nil for all that the process may use.
  func checked() throws -> Int? {
    if let workers, !WorkerCount.allowed.contains(workers) {
      throw CommandError("--workers: expected 1 to \(WorkerCount.allowed.upperBound), got \(workers)", exit: .usage)
    }
    return workers
  }
}
