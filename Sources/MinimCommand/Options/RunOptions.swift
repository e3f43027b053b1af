import ArgumentParser
import MinimDrawing
import MinimNN
import MinimParallel
import MinimTraining

/// Options of every command that computes with a run's parameters.
struct RunOptions: ParsableArguments {
  @OptionGroup var argument: RunArgument

  @Argument(
    help: ArgumentHelp(
      "Where the data are now, if they were moved: data.path=FILE, data.labels=FILE.", valueName: "key=value"))
  var places: [String] = []

  @Option(help: "Number of threads; results do not depend on it.")
  var workers: Int?

  @Option(help: ArgumentHelp("Use the checkpoint of this step instead of the kept one.", valueName: "n"))
  var step: Int?

  /// The run's experiment and its kept parameters.
  ///
  /// - Parameter seed: the seed of draws; nil for the run's.
  func load(
    seed: UInt64? = nil
  ) throws -> (directory: RunDirectory, experiment: Experiment, trained: Trained, kept: KeptParameters) {
    if let workers, !WorkerCount.allowed.contains(workers) {
      throw CommandError("--workers: expected 1 to \(WorkerCount.allowed.upperBound), got \(workers)", exit: .usage)
    }
    if let word = places.first(where: { !ConfigFiles.isPlace($0) }) {
      throw CommandError("\"\(word)\": expected data.path=FILE or data.labels=FILE after the run", exit: .usage)
    }
    let directory = try argument.locate()
    let experiment = try ConfigFiles.experiment(of: directory, overrides: places)
    let kept = try experiment.keptParameters(in: directory, step: step)
    let pool = WorkerPool(workers: workers)
    if let shortage = pool.shortage { Terminal.write("\(shortage)\n", to: 2) }
    let trained = Trained(
      parameters: kept.parameters, data: experiment.data, pool: pool,
      level: try ConfigFiles.level(), seed: seed ?? experiment.configuration.seed, rule: experiment.configuration.rule)
    return (directory, experiment, trained, kept)
  }
}
