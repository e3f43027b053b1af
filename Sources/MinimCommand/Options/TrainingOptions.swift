import ArgumentParser
import MinimParallel

/// Options of both ways to train.
struct TrainingOptions: ParsableArguments {
  @Option(help: "The folder of all runs.", completion: .directory)
  var runs = TrainingOptions.runsFolder

  /// Where runs go, and are looked for.
  static let runsFolder = "runs"

  @Option(help: ArgumentHelp("Threads to work with; changes no result. Default: all that this process may use."))
  var workers: Int?

  @Flag(help: "No progress, only what the run has to say at its end.")
  var quiet = false

  @Flag(help: "Keep event files for TensorBoard in tensorboard/ of the run's folder up to date; changes no result.")
  var tensorboard = false

  func validate() throws {
    if let workers, !WorkerCount.allowed.contains(workers) {
      throw ValidationError(
        "--workers: expected \(WorkerCount.allowed.lowerBound) to \(WorkerCount.allowed.upperBound), got \(workers)")
    }
  }
}
