import ArgumentParser
import MinimDrawing
import MinimTraining

/// `minim check CONFIG`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a config without starting a run. All problems are reported at once.")

  @OptionGroup var options: ConfigOptions

  func run() throws {
    try reporting {
      let experiment = try options.experiment(for: "check")
      Terminal.write(
        "\(options.config.joined(separator: " + ")) is valid: \(experiment.model.parameters.parameterCount) parameters, "
          + "\(experiment.configuration.steps) steps on \(experiment.data.name)\n", to: 1)
    }
  }
}
