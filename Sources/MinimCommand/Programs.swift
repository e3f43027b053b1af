import ArgumentParser
import MinimTraining

/// The two programs, `train` and `minim`. A first word picks the command here, because a command that takes words of its
/// own (overrides) would take the sub-command's name for one of them.
public enum Programs {
  /// `train [resume|sweep] ...`
  public static func train() {
    let arguments = words()
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
    let arguments = words()
    let known = MinimTool.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if let word = arguments.first, !word.hasPrefix("-"), !known.contains(word) {
      let error = CommandError.unknownCommand(
        word, program: "minim", known: known, otherwise: "It has \(known.joined(separator: ", "))")
      Terminal.write("\(error)\n", to: 2)
      MinimTool.exit(withError: ExitCode(error.exitCode))
    }
    MinimTool.main(arguments)
  }

  /// What follows the program's name. Without `/proc`, where Swift reads both, there is not even a name.
  private static func words() -> [String] {
    if CommandLine.arguments.isEmpty {
      Terminal.write("There is no /proc, where programs read their arguments. Try: mount -t proc proc /proc\n", to: 2)
      MinimTool.exit(withError: ExitCode(66))
    }
    return Array(CommandLine.arguments.dropFirst())
  }
}
