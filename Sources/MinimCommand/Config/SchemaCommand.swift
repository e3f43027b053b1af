import ArgumentParser
import MinimDrawing
import MinimFiles

/// `minim schema CONFIG`.
struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of a config for editors, with the keys of its model and data.")

  @OptionGroup var options: ConfigOptions

  func run() throws {
    try reporting { Terminal.write(try options.experiment(for: "schema").declarations.schema.pretty + "\n", to: 1) }
  }
}
