import ArgumentParser
import MinimFiles
import MinimParallel
import MinimTraining

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

  @Option(
    help: ArgumentHelp(
      "Save and stop before this time is over, counted from the start of the program: 90s, 55m, 1h30m, 1:30:00.",
      valueName: "duration"))
  var timeLimit: TimeSpan?

  @Option(
    help: ArgumentHelp(
      "The exit code of a run that was stopped and saved. Default: 128 plus the signal's number, 124 for the time limit.",
      valueName: "code"))
  var stopCode: Int32?

  @Flag(
    help: "Take a run from a program on another machine that seems to train it. That program then stops without saving."
  )
  var steal = false

  /// The exit status of a run that was stopped and saved, if one is given.
  var stopExit: ExitStatus? { stopCode.map { ExitStatus(rawValue: $0) } }

  /// Starts to listen for signals, and to watch the time.
  func listen() {
    Interruption.listen()
    if let timeLimit { TimeLimit.set(timeLimit.seconds, since: ProcessStart.time) }
  }

  func validate() throws {
    if let stopCode, !(0...255).contains(stopCode) {
      throw ValidationError("--stop-code: expected 0 to 255, got \(stopCode)")
    }
    if let workers, !WorkerCount.allowed.contains(workers) {
      throw ValidationError(
        "--workers: expected \(WorkerCount.allowed.lowerBound) to \(WorkerCount.allowed.upperBound), got \(workers)")
    }
  }
}
