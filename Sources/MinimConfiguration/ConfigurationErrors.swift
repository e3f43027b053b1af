import MinimFiles

/// One thing wrong with a configuration.
public struct ConfigurationProblem: Sendable, Hashable {
  /// The kinds of problems, by what the caller has to do. They decide the exit code.
  public enum Kind: Sendable, Hashable {
    /// A file says something impossible.
    case configuration
    /// A file is missing or cannot be read.
    case missingInput
    /// An override on the command line is not `key.path=value`.
    case usage
  }

  /// The kind of the problem.
  public let kind: Kind
  /// The place where it was written.
  public let origin: ConfigurationOrigin
  /// The dotted path of the key concerned, `model.masks[1]` for an element; empty if it is about a whole file.
  public let path: String
  /// The problem in words.
  public let message: String
  /// Whether it was reported by the code that uses the value, not by the key's declaration.
  let isReported: Bool

  init(
    _ kind: Kind = .configuration, at origin: ConfigurationOrigin, path: String = "", _ message: String,
    isReported: Bool = false
  ) {
    self.kind = kind
    self.origin = origin
    self.path = path
    self.message = message
    self.isReported = isReported
  }

  /// The message, preceded by its key. An override names its key already.
  fileprivate var sentence: String {
    if case .override(let text, _) = origin, text.hasPrefix(path + "=") { return message }
    return path.isEmpty ? message : "\(path.printable): \(message)"
  }
}

/// Everything wrong with a configuration, at once and in order: files from top to bottom, then overrides.
public struct ConfigurationErrors: ReportedError, Sendable {
  /// The problems, in order.
  public let problems: [ConfigurationProblem]
  /// The keys that were declared, which `minim explain` knows.
  let knownPaths: Set<String>

  init(_ problems: [ConfigurationProblem], knownPaths: Set<String> = []) {
    // Problems at one place keep their order, which the standard library's sort does not promise.
    self.problems = problems.enumerated()
      .sorted { ($0.element.origin.rank + [$0.offset]).lexicographicallyPrecedes($1.element.origin.rank + [$1.offset]) }
      .map(\.element)
    self.knownPaths = knownPaths
  }

  /// The error for a file that is in none of the folders that were searched.
  public static func notFound(_ name: String, in folders: [String]) -> ConfigurationErrors {
    let places = name.utf8.contains(UInt8(ascii: "/")) ? "" : "; looked in \(folders.joined(separator: ", "))"
    let origin = ConfigurationOrigin.file(name: name, index: 0, position: nil)
    return ConfigurationErrors([ConfigurationProblem(.missingInput, at: origin, "not found\(places)")])
  }

  /// Usage if an override is malformed, else missing input if a file is missing, else bad configuration.
  public var exit: ExitStatus {
    if problems.contains(where: { $0.kind == .usage }) { return .usage }
    return problems.contains { $0.kind == .missingInput } ? .missingInput : .badConfiguration
  }

  /// All problems as text, without the hint.
  public var description: String { text() }

  /// All problems, one per line, and a last line that counts them. With `explainHint` that line names a key whose
  /// explanation helps: one that was reported by the code using it, else the first that is a key at all.
  public func text(explainHint: Bool = false) -> String {
    let shown = problems.prefix(Self.mostShown)
    var lines = Self.aligned(shown)
    if problems.count > shown.count { lines.append("... and \(problems.count - shown.count) more") }
    var last = "\(problems.count) \(problems.count == 1 ? "error" : "errors"). Nothing was started."
    if explainHint, let path = explainedPath { last += " `minim explain \(path)` explains more." }
    return (lines + [last]).joined(separator: "\n")
  }

  private static let mostShown = 100

  private static func aligned(_ problems: ArraySlice<ConfigurationProblem>) -> [String] {
    func width(_ isOverride: Bool) -> Int {
      problems.filter { $0.isOverride == isOverride }.map { $0.origin.place.unicodeScalars.count }.max() ?? 0
    }
    let (fileWidth, overrideWidth) = (width(false), width(true))
    return problems.map { problem in
      let place = problem.origin.place
      let padding = (problem.isOverride ? overrideWidth : fileWidth) - place.unicodeScalars.count
      let padded = place + String(repeating: " ", count: padding)
      return (problem.isOverride ? "override   \(padded)  " : "\(padded) ") + "error  \(problem.sentence)"
    }
  }

  private var explainedPath: String? {
    let known = problems.filter { knownPaths.contains($0.path) }
    return (known.first(where: \.isReported) ?? known.first)?.path
  }
}

extension ConfigurationProblem {
  fileprivate var isOverride: Bool {
    if case .override = origin { true } else { false }
  }
}
