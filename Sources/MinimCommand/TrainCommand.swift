import ArgumentParser
import MinimConfiguration
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

      train resume RUN goes on with a run that was stopped or killed; see train resume --help.
      train sweep --config FILE seed=0..19 key=a,b trains all combinations; see train sweep --help.
      """,
    version: versionText)

  @Option(name: .long, help: "A config; several are merged left to right.", completion: .config)
  var config: [String] = []

  @Argument(help: ArgumentHelp("Overrides of the config.", valueName: "key=value"))
  var overrides: [String] = []

  @Flag(help: "Show the config with every default, and start nothing.")
  var printConfig = false

  @OptionGroup var options: TrainingOptions

  func run() throws {
    try reporting {
      try checkOverrides()
      guard !config.isEmpty else {
        throw CommandError("no config given. Try: \(Programs.train) --config pixelcnn.json", exitCode: 64)
      }
      let experiment = try ConfigFiles.experiment(config, overrides: overrides)
      if printConfig { return print(experiment.resolved.pretty) }
      let directory = try RunDirectory.create(
        in: options.runs, name: experiment.configuration.name, seed: experiment.configuration.seed)
      try TrainingSession(experiment, in: directory, options).run()
    }
  }

  /// A word that is no override may be a mistyped sub-command.
  private func checkOverrides() throws {
    guard let word = overrides.first(where: { !$0.contains("=") }) else { return }
    if word.hasSuffix(".json") {
      throw CommandError("\"\(word)\" is no override key=value. Did you mean --config \(word)?", exitCode: 64)
    }
    throw CommandError.unknownCommand(
      word, program: Programs.train, known: [ResumeTraining.word, SweepTraining.word],
      otherwise: "An override is key=value")
  }
}

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

/// `train resume RUN`.
struct ResumeTraining: ParsableCommand {
  /// The first argument that means this command.
  static let word = "resume"

  static let configuration = CommandConfiguration(
    commandName: word, _superCommandName: "train",
    abstract: "Go on with a run that was stopped or killed, exactly as if it had not been.")

  @Argument(
    help: ArgumentHelp("A run's folder, a unique prefix of its name, or latest.", valueName: "run"), completion: .run)
  var name: String

  @Argument(
    help: ArgumentHelp("Overrides of keys that do not affect the result, such as intervals.", valueName: "key=value"))
  var overrides: [String] = []

  @OptionGroup var options: TrainingOptions

  func run() throws {
    try reporting {
      if let word = overrides.first(where: { !$0.contains("=") }) {
        throw CommandError("\"\(word)\" is no override: expected key=value", exitCode: 64)
      }
      let directory = try RunDirectory.locate(name, in: options.runs)
      let experiment = try ConfigFiles.experiment(of: directory, overrides: overrides)
      try TrainingSession(experiment, in: directory, options).run()
    }
  }
}
