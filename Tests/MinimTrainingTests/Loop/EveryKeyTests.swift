import MinimConfiguration
import MinimData
import MinimFiles
import MinimModels
import MinimNN
import MinimTraining
import TestSupport
import Testing

/// Wrong configs of every kind, made from the keys that models, data sets and optimizers declare: each is told with its key,
/// at its line and column.
@Suite struct EveryKeyTests {
  private static let loader = DataLoader(capacity: 64)

  private static func declarations(_ overrides: [String]) -> [ConfigurationDeclaration] {
    // An override that is made of a declared choice is well-formed.
    guard let source = try? ConfigurationSource(texts: [], overrides: overrides) else { return [] }
    return Experiment.declarations(
      of: source, models: NamedModel.all, dataSets: NamedData.all, optimizers: NamedOptimizer.all, loader: loader
    ).keys
  }

  private static let keys = ConfigurationKeys(read: declarations).keys

  /// Everything wrong with a config; empty if nothing is.
  private static func problems(_ text: String) throws -> [ConfigurationProblem] {
    do {
      let source = try ConfigurationSource(texts: [(name: "a.json", text: text)])
      _ = try Experiment(source, models: NamedModel.all, loader: loader)
      return []
    } catch let errors as ConfigurationErrors {
      return errors.problems
    } catch is any ReportedError {
      // Nothing is wrong with the config: a file that it names is not there.
      return []
    }
  }

  private static func place(_ problem: ConfigurationProblem) -> String {
    if case .file(_, _, let position?) = problem.origin { position.description } else { "nowhere" }
  }

  // MARK: Documents

  /// A config with one key in question, one key per line, whose places are counted while it is written.
  private struct Document {
    private(set) var lines = ["{"]
    private(set) var key = "", value = "", second = ""

    /// - Parameters:
    ///   - path: the key's path.
    ///   - name: what is written for its last part.
    ///   - text: its value.
    ///   - isDouble: whether it is there twice.
    ///   - settings: the choices on which the key depends.
    init(_ path: String, as name: String, _ text: String, isDouble: Bool = false, _ settings: [(String, String)]) {
      // A choice is not written next to what is inside of it, or around it.
      let others = settings.filter { !"\(path).".hasPrefix("\($0.0).") && !$0.0.hasPrefix(path + ".") }
      var members = others.map { ($0.0, $0.1, false) }
      members.append((path, text, true))
      if isDouble { members.append((path, text, true)) }
      write(members.map { ($0.0.split(separator: ".").map(String.init), $0.1, $0.2) }, name, depth: 1)
      lines.append("}")
    }

    var text: String { lines.joined(separator: "\n") }

    private mutating func write(_ members: [(path: [String], text: String, isTarget: Bool)], _ name: String, depth: Int)
    {
      var sections: [String] = []
      for member in members where member.path.count > 1 && !sections.contains(member.path[0]) {
        sections.append(member.path[0])
      }
      let leaves = members.filter { $0.path.count == 1 }
      let indentation = String(repeating: " ", count: 2 * depth)
      for (index, leaf) in leaves.enumerated() {
        let shown = leaf.isTarget ? name : leaf.path[0]
        let place = "\(lines.count + 1):\(2 * depth + 1)"
        if leaf.isTarget, !key.isEmpty { second = place }
        if leaf.isTarget, key.isEmpty {
          (key, value) = (place, "\(lines.count + 1):\(2 * depth + shown.unicodeScalars.count + 5)")
        }
        let isLast = index == leaves.count - 1 && sections.isEmpty
        lines.append("\(indentation)\"\(shown)\": \(leaf.text)\(isLast ? "" : ",")")
      }
      for (index, section) in sections.enumerated() {
        lines.append("\(indentation)\"\(section)\": {")
        let inside = members.filter { $0.path.count > 1 && $0.path[0] == section }
        write(inside.map { (Array($0.path.dropFirst()), $0.text, $0.isTarget) }, name, depth: depth + 1)
        lines.append("\(indentation)}\(index == sections.count - 1 ? "" : ",")")
      }
    }
  }

  private typealias Case = (declaration: ConfigurationDeclaration, settings: [(String, String)])

  /// Each key with choices that it needs, as JSON: once for each model, or other part, that has it.
  private static let cases: [Case] = keys.flatMap { key in
    let conditions = key.conditions.isEmpty ? [[]] : key.conditions
    return conditions.flatMap { condition -> [[(String, String)]] in
      let others = condition.dropFirst().compactMap { choice in choice.values.first.map { (choice.key, json($0)) } }
      guard let first = condition.first else { return [[]] }
      return first.values.map { [(first.key, json($0))] + others }
    }.map { (key.declaration, $0) }
  }

  /// A value of a choice: a word, unless it is JSON.
  private static func json(_ value: String) -> String {
    (try? JSONParser.parse(value).json.compact) ?? JSON.string(value).compact
  }

  private static func name(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? path }

  // MARK: Wrong values

  /// Values of other types, or out of range.
  private static func wrong(_ type: ConfigurationType) -> [String] {
    switch type {
    case .integer(let range):
      let large = JSONParser.largestInteger
      let (low, high) = (range.lowerBound, range.upperBound)
      return [#""3""#, "true", "null", "[3]", "{}", "0.5"] + (low > -large ? ["\(low - 1)"] : [])
        + (high < large ? ["\(high + 1)"] : [])
    case .number(let range, let excludesLowerBound):
      let (low, high) = (range.lowerBound, range.upperBound)
      return [#""0.1""#, "true", "null", "[]", "{}"] + (low.isFinite ? ["\(low - 1)"] : [])
        + (excludesLowerBound ? ["\(low)"] : []) + (high.isFinite ? ["\(2 * abs(high) + 1)"] : [])
    case .boolean: return ["0", #""true""#, "null", "[]", "{}"]
    case .string: return ["3", "true", "null", "[]", "{}"]
    case .nameOrNumber: return ["true", "null", "[]", "{}", "0.5"]
    case .extents(let range): return [#""8""#, "true", "null", "{}", "[8]", "[8, 8, 8]", "\(range.lowerBound - 1)"]
    case .optional(let type): return wrong(type).filter { $0 != "null" }
    case .choice: return ["3", "true", "null", "[]", "{}", #""nothing like it""#]
    case .list(_, let count): return [#""x""#, "true", "null", "{}"] + (count.lowerBound > 0 ? ["[]"] : [])
    case .map: return ["3", "true", "null", "[]", #""x""#]
    case .section: return ["3", "true", "null", "[]", #""x""#]
    case .optionalSection: return ["3", "true", "[]", #""x""#]
    }
  }

  @Test("values of other types and out of range are told with their key, at their place")
  func values() throws {
    var count = 0
    for (declaration, settings) in Self.cases {
      let path = declaration.path
      for value in Self.wrong(declaration.type) {
        let document = Document(path, as: Self.name(path), value, settings)
        let found = try Self.problems(document.text).filter { $0.path == path && Self.place($0) == document.value }
        #expect(found.count == 1 && found[0].message.hasPrefix("expected "), "\(path) = \(value)\n\(document.text)")
        count += 1
      }
    }
    #expect(count >= Self.least.values, "\(count)")
    Reliability.record(12, "values of another type or out of range", count)
  }

  // MARK: Wrong names

  /// One letter omitted, doubled, swapped with the next, and replaced, at a place that differs from key to key.
  private static func typos(_ name: String, _ index: Int) -> [String] {
    let letters = Array(name), place = index % max(1, letters.count - 1)
    guard letters.count > 2 else { return [] }
    let (head, tail) = (letters[..<place], letters[(place + 1)...])
    var swapped = letters
    swapped.swapAt(place, place + 1)
    let forms: [ArraySlice<Character>] = [
      head + tail, head + [letters[place], letters[place]] + tail, swapped[...], head + ["q"] + tail,
    ]
    return forms.map { String($0) }.filter { $0 != name }
  }

  @Test("a key with one wrong letter is told at its place, with the right one")
  func names() throws {
    let paths = Set(Self.keys.map(\.declaration.path))
    var (count, understood) = (0, 0)
    for (index, (declaration, settings)) in Self.cases.enumerated() {
      let path = declaration.path, name = Self.name(path)
      let parent = String(path.dropLast(name.count))
      for typo in Self.typos(name, index) where !paths.contains(parent + typo) {
        let document = Document(path, as: typo, "1", settings)
        let found = try Self.problems(document.text).filter { Self.place($0) == document.key }
        #expect(found.map(\.path) == [parent + typo], "\(document.text)")
        count += 1
        if found.first?.message == "unknown key. Did you mean \"\(path)\"?" { understood += 1 }
      }
    }
    #expect(count >= Self.least.names, "\(count)")
    #expect(Double(understood) >= 0.95 * Double(count), "\(understood) of \(count)")
    Reliability.record(12, "keys with one wrong letter", count)
    Reliability.record(12, "of these, with the right key suggested", understood)
  }

  @Test("a key that is there twice is told at its second place")
  func twice() throws {
    for (declaration, settings) in Self.cases {
      let path = declaration.path
      let document = Document(path, as: Self.name(path), "1", isDouble: true, settings)
      let found = try Self.problems(document.text)
      #expect(found.map(Self.place) == [document.second], "\(document.text)")
      // The file cannot be read on, so the problem is the file's: its message has the key and the first place.
      let message = "duplicate key \"\(Self.name(path))\", first given at \(document.key)"
      #expect(found.allSatisfy { $0.message.contains(message) }, "\(found.map(\.message))")
    }
    #expect(Self.cases.count >= Self.least.twice, "\(Self.cases.count)")
    Reliability.record(12, "keys that are there twice", Self.cases.count)
  }

  /// The least numbers of cases: together more than 2,000.
  private static let least = (values: 1400, names: 800, twice: 200)
}
