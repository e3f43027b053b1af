import ArgumentParser
import MinimConfiguration
import MinimFiles
import MinimKernels
import MinimNN
import MinimParallel
import MinimTraining

/// Options of every command that computes with a run's parameters.
struct RunOptions: ParsableArguments {
  @OptionGroup var argument: RunArgument

  @Option(help: "Threads to work with; changes no result.")
  var workers: Int?

  @Option(help: ArgumentHelp("Use the checkpoint of this step instead of the one that the run keeps.", valueName: "n"))
  var step: Int?

  /// The run's experiment and the parameters that it keeps.
  func load() throws -> (directory: RunDirectory, experiment: Experiment, trained: Trained, kept: KeptParameters) {
    if let workers, !WorkerCount.allowed.contains(workers) {
      throw CommandError("--workers: expected 1 to \(WorkerCount.allowed.upperBound), got \(workers)", exitCode: 64)
    }
    let directory = try argument.locate()
    let experiment = try ConfigFiles.experiment(of: directory)
    let kept = try experiment.keptParameters(in: directory, step: step)
    let trained = Trained(
      parameters: kept.parameters, data: experiment.data, pool: WorkerPool(workers: workers),
      level: try ConfigFiles.level(), seed: experiment.configuration.seed, rule: experiment.configuration.rule)
    return (directory, experiment, trained, kept)
  }
}

/// Options of every command that reads a config.
struct ConfigOptions: ParsableArguments {
  @Argument(help: "Configs, merged left to right.", completion: .config)
  var config: [String]

  @Option(name: .customLong("set"), help: ArgumentHelp("An override of the config.", valueName: "key=value"))
  var overrides: [String] = []

  func experiment() throws -> Experiment { try ConfigFiles.experiment(config, overrides: overrides) }
}

/// `minim sample RUN`.
struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Draw samples from the parameters that a run keeps into a PNG.")

  @OptionGroup var options: RunOptions

  @Option(help: "How many samples.")
  var count = 64

  @Option(help: "The PNG to write.")
  var output: String?

  func run() throws {
    try reporting {
      guard (1...1_000_000).contains(count) else {
        throw CommandError("--count: expected 1 to 1000000, got \(count)", exitCode: 64)
      }
      let (directory, experiment, trained, kept) = try options.load()
      let samples = try experiment.model.samples(count, from: trained)
      let png = try samples.png(step: kept.step, seed: experiment.configuration.seed, configHash: experiment.configHash)
      let path = output ?? Path.join(directory.samples, "samples-\(count).png")
      try FileStore().writeAtomically(png, to: path)
      let valid = samples.sheet?.invalid.map { "\(count - $0.count) of \(count) samples are valid\n" } ?? ""
      Terminal.write("\(kept.description)\n\(valid)Look at: \(path)\n", to: 1)
    }
  }
}

/// `minim eval RUN`.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "eval", abstract: "Evaluate the parameters that a run keeps exactly.")

  @OptionGroup var options: RunOptions

  @Flag(help: "Also sum the probabilities of all images: minutes on 5x5.")
  var exact = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reporting {
      let (_, experiment, trained, kept) = try options.load()
      if exact { Terminal.write("Evaluating exactly: a sum over all images of 5x5 takes minutes ...\n", to: 2) }
      let evaluation = try experiment.model.evaluate(trained, exact: exact)
      if json {
        var result: JSON = [
          "step": .integer(kept.step), "weights": .string(kept.averageDecay == nil ? "raw" : "averaged"),
        ]
        for figure in evaluation.figures { result[figure.name] = .number(figure.value) }
        if !evaluation.tables.isEmpty { result["tables"] = .array(evaluation.tables.map(\.json)) }
        result["claims"] = .array(evaluation.claims.map(\.json))
        Terminal.write(result.pretty + "\n", to: 1)
      } else {
        let claims =
          evaluation.claims.isEmpty ? [] : [""] + ClaimsTable.lines(evaluation.claims, width: Terminal.current(1).width)
        Terminal.write(
          ([kept.description, ""] + EvaluationText.figures(evaluation) + claims).joined(separator: "\n") + "\n", to: 1)
      }
      if evaluation.claims.contains(where: \.provesBug) { throw ExitCode(70) }
    }
  }
}

/// `minim check CONFIG`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a config and start nothing: all its problems at once.")

  @OptionGroup var options: ConfigOptions

  func run() throws {
    try reporting {
      let experiment = try options.experiment()
      Terminal.write(
        "\(options.config.joined(separator: " + ")): right. \(experiment.model.parameters.parameterCount) parameters, "
          + "\(experiment.configuration.steps) steps on \(experiment.data.name)\n", to: 1)
    }
  }
}
