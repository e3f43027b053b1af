import ArgumentParser
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim check CONFIG`.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a config and look at its data without starting a run.",
    discussion: """
      All problems of a config are reported at once. For a valid one the command shows what a run would learn from: the \
      number of examples of each split, duplicates, ranges, levels and classes, the first examples, and notes about likely \
      mistakes.
      """)

  @OptionGroup var options: ConfigOptions

  func run() throws {
    try reporting {
      let experiment = try options.experiment(for: "check")
      let data = DataText(experiment.data, Terminal.current(1)).lines
      try Terminal.print(
        "\(options.config.joined(separator: " + ")) is valid: ".visible
          + "\(Readable.count(experiment.model.parameters.parameterCount, "parameter")), "
          + "\(Readable.count(experiment.configuration.steps, "step")) on \(experiment.data.name.visible)\n\n"
          + data.joined(separator: "\n") + "\n")
    }
  }
}
