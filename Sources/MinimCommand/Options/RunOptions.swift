import ArgumentParser
import MinimDrawing
import MinimNN
import MinimParallel
import MinimTraining

/// Options of every command that computes with a run's parameters.
struct RunOptions: ParsableArguments {
  @OptionGroup var run: RunDataArgument

  @OptionGroup var threads: WorkersOption

  @Option(help: ArgumentHelp("Use the checkpoint of this step instead of the kept one.", valueName: "n"))
  var step: Int?

  /// The run's experiment and its kept parameters.
  ///
  /// - Parameters:
  ///   - seed: the seed of draws; nil for the run's.
  ///   - needsData: whether there can be no experiment without the examples.
  func load(
    seed: UInt64? = nil, needsData: Bool = true
  ) throws -> (directory: RunDirectory, experiment: Experiment, trained: Trained, kept: KeptParameters) {
    let workers = try threads.checked()
    let (directory, experiment) = try run.load(needsData: needsData)
    let kept = try experiment.keptParameters(in: directory, step: step)
    let pool = WorkerPool(workers: workers)
    if let shortage = pool.shortage { Terminal.write("\(shortage)\n", to: 2) }
    var trained = Trained(
      parameters: kept.parameters, data: experiment.data, pool: pool,
      level: try ConfigFiles.level(), seed: seed ?? experiment.configuration.seed, rule: experiment.configuration.rule)
    if let group = ProcessGroup.current { trained.group = group }
    return (directory, experiment, trained, kept)
  }
}
