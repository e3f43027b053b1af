import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimTraining

/// `minim explain KEY`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain a config key: its meaning, allowed values and default.")

  @Argument(
    help: ArgumentHelp("A key such as optimizer.learningRate, or a section such as model.", valueName: "key"))
  var key: String

  @Argument(help: ArgumentHelp("Overrides of the config.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "The config whose keys to explain. Default: all that come with Minim.")
  var config: String?

  func run() throws {
    try reporting {
      if config == nil, let override = overrides.first {
        throw CommandError("\"\(override)\" needs a config to override: add --config FILE", exit: .usage)
      }
      var known: [String] = []
      for name in config.map({ [$0] }) ?? ConfigFiles.all {
        let declarations = try ConfigFiles.experiment([name], overrides: overrides).declarations
        let found = declarations.filter { $0.path == key || $0.path.hasPrefix(key + ".") }
        if !found.isEmpty {
          let lines = found.flatMap(Self.lines)
          Terminal.write((["In \(name):", ""] + lines).joined(separator: "\n") + "\n", to: 1)
          return
        }
        known += declarations.map(\.path)
      }
      let hint = Spelling.nearest(to: key, among: known).map { " Did you mean \"\($0)\"?" } ?? ""
      throw CommandError("no config has a key \"\(key)\".\(hint)", exit: .usage)
    }
  }

  private static func lines(_ declaration: ConfigurationDeclaration) -> [String] {
    let type = [declaration.type.name, declaration.type.range].filter { !$0.isEmpty }.joined(separator: " ")
    let value =
      declaration.defaultValue.map { "; default \($0.compact)" } ?? (declaration.isSection ? "" : "; required")
    let effect = declaration.affectsResult || declaration.isSection ? "" : "; does not affect results"
    return ["\(declaration.path): \(type)\(value)\(effect)", "    \(declaration.help)"]
  }
}
