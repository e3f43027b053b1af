import ArgumentParser
import MinimTraining

/// The two programs, `train` and `minim`. A first word picks the command here, because a command that takes words of its
/// own (overrides) would take the sub-command's name for one of them.
public enum Programs {
  /// `train [resume|sweep] ...`
  public static func train() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == ResumeTraining.word {
      ResumeTraining.main(Array(arguments.dropFirst()))
    } else if arguments.first == SweepTraining.word {
      SweepTraining.main(Array(arguments.dropFirst()))
    } else {
      TrainCommand.main(arguments)
    }
  }

  /// `minim SUBCOMMAND ...`
  public static func minim() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let known = MinimTool.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if let word = arguments.first, !word.hasPrefix("-"), !known.contains(word) {
      let error = CommandError.unknownCommand(
        word, program: "minim", known: known, otherwise: "It has \(known.joined(separator: ", "))")
      Terminal.write("\(error)\n", to: 2)
      MinimTool.exit(withError: ExitCode(error.exitCode))
    }
    MinimTool.main(arguments)
  }
}
