import ArgumentParser
import MinimDrawing
import MinimTraining

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
