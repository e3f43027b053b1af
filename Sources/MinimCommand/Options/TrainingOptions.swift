import ArgumentParser
import MinimParallel

/// Options of both ways to train.
struct TrainingOptions: ParsableArguments {
  @Option(help: "The folder of all runs.", completion: .directory)
  var runs = TrainingOptions.runsFolder

  /// The folder that runs are written to and looked up in.
  static let runsFolder = "runs"

  @Option(help: ArgumentHelp("Number of threads; results do not depend on it. Default: all that this process may use."))
  var workers: Int?

  @Flag(help: "Print only the final summary.")
  var quiet = false

  @Flag(
    help: "Keep event files for TensorBoard up to date in the run's folder tensorboard/. Results do not depend on it.")
  var tensorboard = false

  func validate() throws {
    if let workers, !WorkerCount.allowed.contains(workers) {
      throw ValidationError(
        "--workers: expected \(WorkerCount.allowed.lowerBound) to \(WorkerCount.allowed.upperBound), got \(workers)")
    }
  }
}
