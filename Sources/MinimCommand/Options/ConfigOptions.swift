import ArgumentParser
import MinimTraining

/// Options of every command that reads a config.
struct ConfigOptions: ParsableArguments {
  @Argument(help: "Configs, merged left to right.", completion: .config)
  var config: [String]

  @Option(name: .customLong("set"), help: ArgumentHelp("An override of the config.", valueName: "key=value"))
  var overrides: [String] = []

  func experiment() throws -> Experiment { try ConfigFiles.experiment(config, overrides: overrides) }
}
