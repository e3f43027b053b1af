import MinimFiles

/// Reads a configuration by being asked for its keys. A request declares the key with its type, range, default and
/// help. Problems are collected while defaults stand in, and `finish` throws all of them at once.
///
/// ```swift
/// let reader = ConfigurationReader(try ConfigurationSource(files: ["pixelcnn.json"], overrides: ["seed=7"]))
/// let run = RunConfiguration(reader.root)
/// try reader.finish()
/// ```
public final class ConfigurationReader {
  /// A declared key, its value and the value's origin; nil is the default.
  struct Entry {
    let declaration: ConfigurationDeclaration
    let value: JSON
    let origin: ConfigurationOrigin?
  }

  private(set) var entries: [Entry] = []
  private var indices: [String: Int] = [:]  // of the entries by path; never iterated
  private(set) var sections: [(path: String, node: ConfigurationNode)] = []
  /// The keys that no longer apply, each once, in the order in which they were found.
  private(set) var leftBehind: [LeftBehind] = []
  private var problems: [ConfigurationProblem] = []
  private var known: Set<ConfigurationProblem> = []  // the same problem is reported once; never iterated
  private let source: ConfigurationSource

  /// Creates a reader that has read nothing yet.
  public init(_ source: ConfigurationSource) {
    self.source = source
    sections.append((path: "", node: source.root))
  }

  /// The whole configuration as a section.
  public var root: ConfigurationSection {
    ConfigurationSection(reader: self, path: "", node: source.root, origin: source.root.origin, affectsResult: true)
  }

  /// The declared keys, in the order of reading.
  public var declarations: [ConfigurationDeclaration] { entries.map(\.declaration) }

  /// Ends the reading.
  /// - Throws: every problem found, including keys that nobody asked for.
  public func finish() throws(ConfigurationErrors) {
    reportUnknownKeys()
    guard problems.isEmpty else {
      throw ConfigurationErrors(problems, knownPaths: Set(entries.map(\.declaration.path)))
    }
  }

  func report(_ problem: ConfigurationProblem) {
    if known.insert(problem).inserted { problems.append(problem) }
  }

  /// The value of a key in its canonical form; if it is wrong, its default or something of the right type.
  func read(_ declaration: ConfigurationDeclaration, in section: ConfigurationSection) -> JSON {
    if let index = indices[declaration.path] {
      let entry = entries[index]
      if entry.declaration == declaration { return entry.value }
      let message = "declared twice, as \(entry.declaration.type.expected) and as \(declaration.type.expected); a bug"
      report(ConfigurationProblem(at: section.origin, path: declaration.path, message))
    }
    let member = section.node?.member(declaration.key).flatMap { fitting($0, declaration, in: section) }
    let value = member.flatMap { canonicalValue(of: $0, declaration) }
    if member == nil, let message = missing(declaration, at: section.origin) {
      report(ConfigurationProblem(at: section.origin, path: declaration.path, message))
    }
    let entry = Entry(
      declaration: declaration, value: value ?? declaration.defaultValue ?? declaration.type.neutral,
      origin: member?.origin)
    if indices[declaration.path] == nil {
      indices[declaration.path] = entries.count
      entries.append(entry)
      if declaration.isSection, value != nil, let node = member?.value, node.members != nil {
        sections.append((path: declaration.path, node: node))
      }
    }
    return entry.value
  }

  /// The problem with a missing value, if any. A default may lie outside of a range that depends on other keys.
  private func missing(_ declaration: ConfigurationDeclaration, at origin: ConfigurationOrigin) -> String? {
    guard let value = declaration.defaultValue else { return "required; \(declaration.type.expected)" }
    guard declaration.type.canonical(ConfigurationNode(value, at: origin)).value == nil else { return nil }
    return "required; \(declaration.type.expected); the default \(value.inline) does not fit"
  }

  /// The member, or nil if it was written for a former name of its section and has no value of this type.
  private func fitting(
    _ member: ConfigurationNode.Member, _ declaration: ConfigurationDeclaration, in section: ConfigurationSection
  ) -> ConfigurationNode.Member? {
    guard let node = section.node, let owner = formerOwner(of: member, in: section.path, node),
      declaration.type.canonical(member.value).value == nil
    else { return member }
    leaveBehind(LeftBehind(section: section.path, path: declaration.path, owner: owner))
    return nil
  }

  func leaveBehind(_ key: LeftBehind) {
    if !leftBehind.contains(key) { leftBehind.append(key) }
  }

  private func canonicalValue(of member: ConfigurationNode.Member, _ declaration: ConfigurationDeclaration) -> JSON? {
    let (value, mismatches) = declaration.type.canonical(member.value)
    for mismatch in mismatches {
      let path = declaration.path + mismatch.suffix
      report(ConfigurationProblem(at: mismatch.origin, path: path, mismatch.message))
    }
    return value
  }
}

extension ConfigurationReader {
  private func reportUnknownKeys() {
    let candidates = entries.map { (declaration: $0.declaration, letters: Spelling.fold($0.declaration.key)) }
    for (path, node) in sections {
      let declared = Set(entries.lazy.map(\.declaration).filter { $0.parent == path }.map(\.key))
      for member in node.members ?? [] where !declared.contains(member.key) {
        let fullPath = ConfigurationDeclaration.join(path, member.key)
        if path.isEmpty, member.key == "$schema" {
          reportSchema(member)
        } else if let owner = formerOwner(of: member, in: path, node) {
          leaveBehind(LeftBehind(section: path, path: fullPath, owner: owner))
        } else if !leftBehind.contains(where: { $0.path == fullPath }) {
          // Thousands of unknown keys are not typing errors.
          let hint = problems.count < 1000 ? hint(member.key, in: path, candidates) : ""
          let message = "unknown key\(hint)"
          report(ConfigurationProblem(at: member.origin, path: fullPath, message))
        }
      }
    }
  }

  private func reportSchema(_ member: ConfigurationNode.Member) {
    for mismatch in ConfigurationType.string.canonical(member.value).mismatches {
      report(ConfigurationProblem(at: mismatch.origin, path: member.key, mismatch.message))
    }
  }

  /// Advice about an unknown key: the most similar declared key, those of the same section first; else the keys
  /// that there are.
  private func hint(
    _ key: String, in section: String, _ candidates: [(declaration: ConfigurationDeclaration, letters: [UInt8])]
  ) -> String {
    if indices[key] != nil, key.utf8.contains(UInt8(ascii: ".")), let dot = key.lastIndex(of: ".") {
      return ". Write \"\(key[key.index(after: dot)...])\" inside of \"\(key[..<dot])\""
    }
    let letters = Spelling.fold(key)
    var best: (path: String, score: Int)?
    for (declaration, candidate) in candidates {
      guard let distance = Spelling.distance(letters, candidate) else { continue }
      let score = 2 * distance + (declaration.parent == section ? 0 : 1)
      if score < best?.score ?? .max { best = (declaration.path, score) }
    }
    if let best { return ". Did you mean \"\(best.path)\"?" }
    return choiceHint(section) + known(in: section)
  }

  /// The hint about "name" in a section with a choice: its keys are those of what is chosen.
  private func choiceHint(_ section: String) -> String {
    let path = ConfigurationDeclaration.join(section, "name")
    guard let index = indices[path], case .choice = entries[index].declaration.type else { return "" }
    return " when \(path) is \(entries[index].value.compact)"
  }

  private func known(in section: String) -> String {
    let keys = entries.map(\.declaration).filter { $0.parent == section }.map(\.key)
    guard !keys.isEmpty else { return "" }
    return ". Known here: \(keys.prefix(12).joined(separator: ", "))\(keys.count > 12 ? ", ..." : "")"
  }
}

extension ConfigurationDeclaration {
  package var isSection: Bool { type == .section || type == .optionalSection }
}
