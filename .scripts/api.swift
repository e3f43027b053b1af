// Lists the public types and functions by topic, one line each, from the symbol graphs of the modules: docs/api.md.
// swift .scripts/api.swift FOLDER_OF_SYMBOL_GRAPHS > docs/api.md
import Foundation

/// The modules in the order that a reader needs them, and what each is about.
let modules = [
  ("MinimNN", "Models, layers and training"), ("MinimAutodiff", "Tensors and gradients"),
  ("MinimData", "Data sets"), ("MinimConfiguration", "Configs"), ("MinimModels", "The models that come with Minim"),
  ("MinimTraining", "Runs"), ("MinimCommand", "Commands"), ("MinimDrawing", "Plots and pictures"),
  ("MinimFiles", "Files"), ("MinimKernels", "Kernels and random numbers"), ("MinimParallel", "Threads"),
]

struct Graph: Decodable {
  struct Symbol: Decodable {
    struct Kind: Decodable { let identifier: String }
    struct Names: Decodable { let title: String }
    struct Comment: Decodable {
      struct Line: Decodable { let text: String }
      let lines: [Line]
    }
    struct Location: Decodable { let uri: String }

    let kind: Kind, names: Names, pathComponents: [String], docComment: Comment?, location: Location?
  }
  let symbols: [Symbol]
}

/// The first sentence of a comment: up to a period before a space and a capital letter, but not that of "et al."; without the papers that
/// it names, which the full comment has.
func firstSentence(_ comment: Graph.Symbol.Comment?) -> String {
  let text = (comment?.lines ?? []).map { $0.text.trimmingCharacters(in: .whitespaces) }.prefix { !$0.isEmpty }
    .joined(separator: " ").replacingOccurrences(of: "``", with: "`")
    .replacingOccurrences(of: " \\([^()]*[12][0-9]{3}[^()]*\\)", with: "", options: .regularExpression)  // sources
  let end = text.range(of: "(?<!et al)[.](?= [A-Z])", options: .regularExpression)?.lowerBound ?? text.endIndex
  // What leads to a formula or a list, which are left out here, ends all the same.
  return text[..<end].trimmingCharacters(in: CharacterSet(charactersIn: ".,: ")) + "."
}

/// One entry: its name, and where in the sources it is.
struct Entry {
  let name: String, path: String, summary: String

  init?(_ symbol: Graph.Symbol) {
    let kinds = ["class", "struct", "enum", "protocol", "typealias", "func", "macro"].map { "swift." + $0 }
    guard symbol.pathComponents.count == 1, kinds.contains(symbol.kind.identifier), let uri = symbol.location?.uri,
      let sources = uri.range(of: "/Sources/", options: .backwards)
    else { return nil }
    name = symbol.names.title
    path = "Sources/" + uri[sources.upperBound...]
    summary = firstSentence(symbol.docComment)
  }

  /// The folder of the file below the module's own; empty for none.
  var folder: String { path.split(separator: "/").dropFirst(2).dropLast().joined(separator: ", ") }
  var line: String { "- [`\(name)`](../\(path)): \(summary)" }
}

let folder = CommandLine.arguments.dropFirst().first ?? "."
print(
  """
  # The public types and functions

  What `import Minim` and `import MinimCommand` bring, each with the first sentence of its documentation. Everything else about
  them is in the comments of the file that the name leads to. `.scripts/document.sh --update` writes this page.
  """)
for (module, title) in modules {
  let data = try Data(contentsOf: URL(fileURLWithPath: folder).appendingPathComponent("\(module).symbols.json"))
  let entries = try JSONDecoder().decode(Graph.self, from: data).symbols.compactMap(Entry.init)
  if entries.isEmpty { continue }
  print("\n## \(title) (`\(module)`)")
  for (folder, entries) in Dictionary(grouping: entries, by: \.folder).sorted(by: { $0.key < $1.key }) {
    print("\n" + (folder.isEmpty ? "" : "### \(folder)\n\n"), terminator: "")
    for entry in entries.sorted(by: { ($0.name, $0.path) < ($1.name, $1.path) }) { print(entry.line) }
  }
}
