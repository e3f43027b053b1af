import ArgumentParser
import MinimTraining

/// `train resume RUN`.
struct ResumeTraining: ParsableCommand {
  /// The first argument that means this command.
  static let word = "resume"

  static let configuration = CommandConfiguration(
    commandName: word, _superCommandName: "train",
    abstract: "Resume a run that was stopped or killed. The result is the same as without the interruption.")

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
        throw CommandError("\"\(word)\" is not an override; overrides are key=value", exit: .usage)
      }
      let directory = try RunDirectory.locate(name, in: options.runs)
      let experiment = try ConfigFiles.experiment(of: directory, overrides: overrides)
      try TrainingSession(experiment, in: directory, options).run()
    }
  }
}
