import ArgumentParser
import MinimFiles
import MinimTraining

/// Options of every command that reads a config without training it.
struct ConfigOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Configs, merged left to right, and overrides key=value.", valueName: "config or key=value"),
    completion: .config)
  var words: [String] = []

  @Option(
    name: .customLong("set"), help: ArgumentHelp("An override, the same as one without --set.", valueName: "key=value"))
  var more: [String] = []

  /// The names of the configs.
  var config: [String] { words.filter { !Self.isOverride($0) } }

  /// The overrides.
  var overrides: [String] { words.filter(Self.isOverride) + more }

  /// The valid experiment of the configs and overrides.
  ///
  /// - Parameter command: the command's name, for the hint.
  func experiment(for command: String) throws -> Experiment {
    guard !config.isEmpty else {
      throw CommandError("no config given. Try: \(Program.current.tool) \(command) pixelcnn.json", exit: .usage)
    }
    return try ConfigFiles.experiment(config, overrides: overrides)
  }

  private static func isOverride(_ word: String) -> Bool { word.contains("=") && !FileStore().exists(word) }
}
