import ArgumentParser
import MinimSystem
import MinimData
import MinimDrawing
import MinimFiles
import MinimNN
import MinimTraining

/// The programs `train` and `minim`, and programs that train models of their own with the same commands.
///
/// The first word picks the command here, because a command that takes free words (overrides) would read the
/// sub-command's name as one of them.
public enum Programs {
  /// `train [resume|sweep] ...`. Under the name `minim` it is `minim`: an archive has one program with both names.
  public static func runTrain() -> Never {
    let words = words()
    if Path.name(of: CommandLine.arguments[0]) == "minim" { tool(words) }
    train(words)
  }

  /// `minim SUBCOMMAND ...`
  public static func runMinim() -> Never { tool(words()) }

  /// A program with models, data sets and optimizers of its own in addition to those of Minim: `NAME train --config
  /// FILE`, `NAME list`, and all other commands, with the same loop and the same run folders. An entry with a name that
  /// Minim has replaces Minim's.
  ///
  /// ```swift
  /// Programs.run("own-model", adding: [NamedModel("bernoulli-mixture", BernoulliMixture.init)])
  /// ```
  public static func run(
    _ name: String, adding models: [NamedModel] = [], dataSets: [NamedData] = [], optimizers: [NamedOptimizer] = []
  ) -> Never {
    Program.current.replaceOrAdd(models, dataSets, optimizers)
    (Program.current.train, Program.current.tool) = ("\(name) train", name)
    let arguments = words()
    if arguments.first == "train" { train(Array(arguments.dropFirst())) }
    tool(arguments, also: ["train"])
  }

  private static func train(_ arguments: [String]) -> Never {
    ProcessStart.prepare()
    if TrainCompletions.areAsked(by: arguments) { run(TrainCompletions.self, arguments) }
    switch arguments.first {
    case ResumeTraining.word: run(ResumeTraining.self, Array(arguments.dropFirst()))
    case SweepTraining.word: run(SweepTraining.self, Array(arguments.dropFirst()))
    default: run(TrainCommand.self, arguments)
    }
  }

  private static func tool(_ arguments: [String], also others: [String] = []) -> Never {
    ProcessStart.prepare()
    if arguments.first == RepeatCommand.word { run(RepeatCommand.self, Array(arguments.dropFirst())) }
    let known = others + MinimTool.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    if let word = arguments.first, !word.hasPrefix("-"), !known.contains(word) {
      let error = CommandError.unknownCommand(
        word, program: Program.current.tool, known: known, otherwise: "It has \(known.joined(separator: ", "))")
      Terminal.write("\(error)\n", to: 2)
      end(error.exit.rawValue)
    }
    if let word = arguments.first, !["eval", "gap"].contains(word) {
      do {
        try reporting {
          try ProcessGroup.requireAlone(instead: "Of \(Program.current.tool)'s commands they share eval and gap")
        }
      } catch {
        end(MinimTool.exitCode(for: error).rawValue)
      }
    }
    run(MinimTool.self, arguments)
  }

  /// The words after the program's name. Without `/proc`, where Swift reads both, there is not even a name.
  private static func words() -> [String] {
    if CommandLine.arguments.isEmpty {
      Terminal.write("There is no /proc, where programs read their arguments. Try: mount -t proc proc /proc\n", to: 2)
      end(ExitStatus.missingInput.rawValue)
    }
    let words = Array(CommandLine.arguments.dropFirst())
    // A shell that asks for completions has unfinished words.
    if !TrainCompletions.areAsked(by: words), let error = EmptyWord.error(in: words) {
      Terminal.write("\(error)\n", to: 2)
      MinimTool.exit(withError: ExitCode(error.exit))
    }
    return words
  }

  /// Parses and runs a command. Help, versions and completions are written here and not by the parser, which would not
  /// notice if they cannot be.
  private static func run<Command: ParsableCommand>(_ type: Command.Type, _ arguments: [String]) -> Never {
    do {
      var command = try type.parseAsRoot(arguments)
      try command.run()
      end(EXIT_SUCCESS)
    } catch {
      let status = type.exitCode(for: error)
      let message = type.fullMessage(for: error)
      let text = message == minimVersion ? versionText : message
      if text.isEmpty { end(status.rawValue) }
      guard status.isSuccess else {
        Terminal.write(text + "\n", to: 2)
        end(status.rawValue)
      }
      do {
        try reporting { try Terminal.print(text + "\n") }
        end(EXIT_SUCCESS)
      } catch {
        end(type.exitCode(for: error).rawValue)
      }
    }
  }

  /// Ends the program at once. Nothing is left to write, and a computation that a signal has made the program leave may
  /// still be at work: the libraries that it uses must not be taken down under it.
  private static func end(_ status: Int32) -> Never {
    ProcessGroup.end(status)
    _exit(status)
  }
}
