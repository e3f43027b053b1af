import ArgumentParser
import MinimConfiguration
import MinimDrawing
import MinimFiles

/// `minim explain KEY`.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain a config key: its meaning, allowed values and default.",
    discussion: """
      Example:
        minim explain optimizer.learningRate
        minim explain model --config vae.json

      Without --config, all models, data sets and optimizers are considered: "with" says which of them have the key.
      """)

  @Argument(
    help: ArgumentHelp(
      "A key such as optimizer.learningRate, or a section such as model. Default: the sections.", valueName: "key"))
  var key: String?

  @Argument(help: ArgumentHelp("Overrides of the config.", valueName: "key=value"))
  var overrides: [String] = []

  @Option(help: "The config whose keys to explain.", completion: .config)
  var config: String?

  func run() throws {
    try reporting {
      if config == nil, let override = overrides.first {
        throw CommandError("\"\(override)\" needs a config to override: add --config FILE", exit: .usage)
      }
      let keys = try config.map { try Self.keys(ofConfig: $0, overrides) } ?? ConfigurationKeys.all.keys
      let found = key.map { key in keys.filter { $0.path == key || $0.path.hasPrefix(key + ".") } }
      let shown = found ?? keys.filter { !$0.path.contains(".") }
      guard !shown.isEmpty else { throw unknown(keys) }
      // Lines for a person wrap between words; lines for a script stay whole.
      let terminal = Terminal.current(1), width = terminal.isInteractive ? max(40, terminal.width) : .max
      let lines = shown.flatMap { Self.lines($0, width: width) }
      let start = try config.map { ["In \(try ConfigFiles.files([$0])[0]):", ""] } ?? []
      let more = config.map { " --config \($0)" } ?? ""
      let end = key == nil ? ["", "The keys of a section: \(Program.current.tool) explain model\(more)"] : []
      try Terminal.print((start + lines + end).joined(separator: "\n") + "\n")
    }
  }

  private static func keys(ofConfig name: String, _ overrides: [String]) throws -> [ConfigurationKeys.Key] {
    try ConfigFiles.experiment([name], overrides: overrides).declarations.map { .init(declaration: $0, conditions: []) }
  }

  /// The nearest keys: with the same last word, or one like it, or by the whole path.
  private func unknown(_ keys: [ConfigurationKeys.Key]) -> CommandError {
    let key = key ?? ""
    let paths = keys.map(\.path).unique()
    func leaf(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? path }
    func ending(in word: String) -> [String] { paths.filter { leaf($0) == word } }
    let same = ending(in: leaf(key))
    let near =
      same.isEmpty
      ? Spelling.nearest(to: key, among: paths).map { [$0] }
        ?? Spelling.nearest(to: leaf(key), among: paths.map(leaf)).map(ending(in:)) : same
    let hint = near.map { paths in
      " Did you mean \(paths.prefix(4).map { "\"\($0)\"" }.joined(separator: " or "))?"
    }
    let all = " To see the sections: \(Program.current.tool) explain"
    let place = config.map { "\($0) has no key" } ?? "no config has a key"
    return CommandError("\(place) \"\(key)\".\(hint ?? all)", exit: .usage)
  }

  private static func lines(_ key: ConfigurationKeys.Key, width: Int) -> [String] {
    let declaration = key.declaration
    let type = [declaration.type.name, declaration.type.range].filter { !$0.isEmpty }.joined(separator: " ")
    let value =
      declaration.defaultValue.map { declaration.isSection ? "" : "; default \($0.compact)" }
      ?? (declaration.isSection ? "" : "; required")
    let effect = declaration.affectsResult || declaration.isSection ? "" : "; does not affect results"
    let conditions = key.conditions.map { condition in
      "with " + condition.map { "\($0.key) \($0.values.joined(separator: ", "))" }.joined(separator: " and ")
    }
    let first = TextTable.wrap("\(declaration.path): \(type)\(value)\(effect)", width: width)
    let text = ([declaration.help] + conditions).flatMap { TextTable.wrap($0, width: width - 4) }
    return first + text.map { "    \($0)" }
  }
}

extension ConfigurationKeys {
  /// The keys that configs of this program can have.
  static var all: ConfigurationKeys {
    // Many of the configs that are read have the same data.
    let loader = ConfigFiles.loader(capacity: 64)
    return ConfigurationKeys { overrides in
      (try? ConfigurationSource(texts: [], overrides: overrides)).map { ConfigFiles.declarations($0, loader).keys }
        ?? []
    }
  }
}

extension ConfigurationKeys.Key {
  /// The dotted path.
  fileprivate var path: String { declaration.path }
}
