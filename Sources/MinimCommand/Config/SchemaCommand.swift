import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimTraining

/// `minim schema [CONFIG]`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema for editors: of one config, or of all that there can be.",
    discussion: """
      Example:
        minim schema > minim.schema.json

      The schema of a config has the keys of its model and data. Without a config it has the keys of all of them.
      """)

  @Argument(help: "Configs, merged left to right. Default: the keys of all models and data sets.", completion: .config)
  var config: [String] = []

  @Option(name: .customLong("set"), help: ArgumentHelp("An override of the config.", valueName: "key=value"))
  var overrides: [String] = []

  func run() throws {
    try reporting {
      if config.isEmpty, !overrides.isEmpty {
        throw CommandError("--set overrides keys of a config: name one, such as pixelcnn.json", exit: .usage)
      }
      let schema =
        try config.isEmpty
        ? ConfigurationKeys.all.schema : ConfigFiles.experiment(config, overrides: overrides).declarations.schema
      Terminal.write(schema.pretty + "\n", to: 1)
    }
  }
}
