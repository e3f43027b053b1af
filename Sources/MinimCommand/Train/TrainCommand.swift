import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimParallel
import MinimTraining

/// `train`: trains a model as a config says.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a tiny generative model on the CPU and check it against its theory.",
    discussion: """
      Example:
        train --config pixelcnn.json optimizer.learningRate=0.001 seed=7

      A config named without a folder is looked for in the working directory, its configs/, and the configs/ that come with \
      Minim. Several --config merge left to right. key=value overrides a key; values are JSON, bare words are strings.

      train resume RUN resumes a run that was stopped or killed; see train resume --help.
      train sweep --config FILE seed=0..19 key=a,b trains all combinations; see train sweep --help.
      """,
    version: minimVersion)

  @Option(name: .long, help: "A config; several are merged left to right.", completion: .config)
  var config: [String] = []

  @Argument(help: ArgumentHelp("Overrides of the config.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(
    help: ArgumentHelp(
      "Start from the kept parameters of this run, as far as paths and shapes match.",
      discussion: "A run's folder, a unique prefix of its name, or latest.", valueName: "run"), completion: .run)
  var from: String?

  @Option(
    help: ArgumentHelp(
      "Train in this folder: begin the run, continue it, or find it done. Default: a new folder in --runs.",
      discussion:
        "The same command can be repeated. A run of another config in the folder is left alone (exit code 78).",
      valueName: "folder"), completion: .directory)
  var into: String?

  @Flag(help: "Print the config with every default and exit.")
  var printConfig = false

  @OptionGroup var options: TrainingOptions

  func run() throws {
    try reporting {
      try checkOverrides()
      guard !config.isEmpty else {
        throw CommandError("no config given. Try: \(Program.current.train) --config pixelcnn.json", exit: .usage)
      }
      if !printConfig { try ProcessGroup.join() }
      // A run that has begun reads the same data.
      let loader = ConfigFiles.loader()
      let experiment = try ConfigFiles.experiment(config, overrides: overrides, loader)
      if printConfig {
        try Terminal.print(experiment.resolved.pretty + "\n")
        return
      }
      if let group = ProcessGroup.current, !group.isFirst {
        return try FollowingSession(experiment: experiment, options: options, group: group).run()
      }
      let origin = try from.map { try RunDirectory.locate($0, in: options.runs) }
      if let into {
        let run = try NamedRun(experiment, in: into, options)
        return try run.run(
          from: origin?.name, { try origin.map { try initialParameters(of: $0, for: experiment) } }, loader)
      }
      // Before the new folder is made: it will be the latest.
      let initial = try origin.map { try initialParameters(of: $0, for: experiment) }
      let directory = try RunDirectory.create(
        in: options.runs, name: experiment.configuration.name, seed: experiment.configuration.seed,
        remark: { Terminal.write("\($0)\n", to: 2) })
      try TrainingSession(experiment, in: directory, options, preparing: initial).run()
    }
  }

  private func initialParameters(of directory: RunDirectory, for experiment: Experiment) throws -> InitialParameters {
    let other = try ConfigFiles.experiment(of: directory)
    let kept = try other.keptParameters(in: directory)
    let initial = try InitialParameters(kept, of: directory.name, configHash: other.configHash, for: experiment)
    if !options.quiet {
      let lines = InitialParametersText.lines(initial, kept, of: directory.name, configHash: other.configHash)
      Terminal.write(lines.joined(separator: "\n") + "\n", to: 2)
    }
    return initial
  }

  /// Checks for a word that is not an override: it may be a mistyped sub-command.
  private func checkOverrides() throws {
    guard let word = overrides.first(where: { !$0.contains("=") }) else { return }
    if word.hasSuffix(".json") || ConfigFiles.file(word) != nil {
      throw CommandError(
        "\"\(word)\" is not an override; overrides are key=value. Did you mean --config \(word)?", exit: .usage)
    }
    throw CommandError.unknownCommand(
      word, program: Program.current.train, known: [ResumeTraining.word, SweepTraining.word],
      otherwise: "Overrides are key=value")
  }
}
