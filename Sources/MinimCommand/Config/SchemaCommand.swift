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

  @OptionGroup var options: ConfigOptions

  func run() throws {
    try reporting {
      if options.config.isEmpty, let override = options.overrides.first {
        throw CommandError("\"\(override)\" needs a config to override: name one, such as pixelcnn.json", exit: .usage)
      }
      let schema =
        try options.config.isEmpty
        ? ConfigurationKeys.all.schema : options.experiment(for: "schema").declarations.schema
      try Terminal.print(schema.pretty + "\n")
    }
  }
}
