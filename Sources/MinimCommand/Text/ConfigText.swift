import MinimConfiguration
import MinimDrawing
import MinimFiles
import MinimTraining

/// The config of a run for the terminal.
struct ConfigText {
  private let directory: RunDirectory
  private let settings: [(key: String, value: JSON)]
  /// Where each value came from, by its key; nil if the run does not say.
  private let sources: JSON?

  init(_ directory: RunDirectory, _ record: RunRecord) {
    self.directory = directory
    settings = record.settings
    var files = RunFileReader()
    sources = files.json(directory.sources)
    say(files.remarks)
  }

  /// Every key with its value and where it came from.
  var all: [String] {
    guard !settings.isEmpty else { return [] }
    var table = TextTable([.init("key"), .init("value"), .init("from")])
    for setting in settings { table.append([setting.key, Self.text(setting.value), source(setting.key)]) }
    return table.lines(width: 120)
  }

  /// The keys whose values are not their defaults, with both and where the value came from.
  var changes: [String] {
    guard !settings.isEmpty else { return [] }
    let defaults = self.defaults
    let changed = settings.filter { setting in
      // What the run calls a default is one, even if it is another one by now.
      source(setting.key) != "default" && defaults[setting.key] != .some(setting.value)
    }
    guard !changed.isEmpty else { return ["All \(settings.count) keys of the config have their defaults."] }
    var table = TextTable([.init("changed key"), .init("value"), .init("default"), .init("from")])
    for setting in changed {
      let value = defaults[setting.key].map { $0.map(Self.text) ?? "required" } ?? "-"
      table.append([setting.key, Self.text(setting.value), value, source(setting.key)])
    }
    let others = settings.count - changed.count
    let rest = others == 1 ? "The other key has its default" : "The other \(others) keys have their defaults"
    return table.lines(width: 120) + (others > 0 ? ["\(rest); --all shows every key."] : [])
  }

  /// The default of each key as this program has it, nil for a required key. Of runs whose data are missing nothing is
  /// known: some defaults depend on them.
  private var defaults: [String: JSON?] {
    guard let source = try? ConfigurationSource(files: [directory.config]) else { return [:] }
    let (keys, hasData) = ConfigFiles.declarations(source)
    guard hasData else { return [:] }
    return Dictionary(keys.map { ($0.path, $0.defaultValue) }) { first, _ in first }
  }

  /// Where a value came from; an entry of an object, such as `expect.P2`, came with the object.
  private func source(_ key: String) -> String {
    if let source = sources?[key]?.string { return source }
    return key.lastIndex(of: ".").map { source(String(key[..<$0])) } ?? ""
  }

  /// A value as in an override; a long one is cut.
  private static func text(_ value: JSON) -> String {
    let text = RunRecord.text(value)
    return text.count > 48 ? text.prefix(45) + "..." : text
  }
}
