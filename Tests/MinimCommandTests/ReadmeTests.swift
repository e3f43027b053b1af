import Foundation
import MinimConfiguration
import MinimFiles
import TestSupport
import Testing

/// What the README and its pages say, done: every command, every link, every metric of the claims' table.
@Suite struct ReadmeTests {
  static func text(_ name: String) throws -> String {
    try String(contentsOfFile: Project.home + "/" + name, encoding: .utf8)
  }

  /// The fenced blocks of a language, each as its lines.
  static func blocks(_ text: String, _ language: String) -> [[Substring]] {
    var blocks: [[Substring]] = []
    var open: [Substring]?
    var isOther = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let lines = open {
          blocks.append(lines)
          open = nil
        } else if !isOther, line == "```" + language {
          open = []
        } else {
          isOther.toggle()
        }
      } else {
        open?.append(line)
      }
    }
    return blocks
  }

  /// What stands between single backticks.
  private static func inlineCode(_ text: String) -> [Substring] {
    text.split(separator: "\n").filter { !$0.hasPrefix("```") }.flatMap { line in
      line.split(separator: "`", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }
        .map(\.element)
    }
  }

  private static let pages = [
    "README.md", "docs/models.md", "docs/gallery.md", "docs/data.md", "docs/speed.md", "docs/clusters.md",
    "docs/python.md", "CONTRIBUTING.md",
  ]

  private static func run(_ command: Substring, more: [String] = [], in folder: String) throws -> Program.Result {
    let words = command.split(separator: " ").map(String.init)
    let program = Program(String(words[0].dropFirst(2)), environment: ["MINIM_HOME": Project.home])
    return try program.run(Array(words.dropFirst()) + more, in: folder)
  }

  @Test("every command block, line by line, as a newcomer would") func commands() throws {
    let scratch = try Scratch()
    var count = 0
    for line in Self.blocks(try Self.text("README.md"), "sh").joined() where line != "./test" {
      let result = try Self.run(line, in: scratch.path)
      #expect(result.exitCode == 0, "\(line): \(result.errors)")
      count += 1
    }
    #expect(count >= 6)
    // The table of claims is that of the first of them.
    let runs = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/runs")
    let run = try #require(runs.first { $0.contains("-pixelcnn-") })
    let claims = try JSONParser.parse(
      try String(contentsOfFile: scratch.path + "/runs/\(run)/claims.json", encoding: .utf8)
    ).json["claims"]?.array
    var compared = 0
    for claim in try #require(claims) {
      let id = try #require(claim["id"]?.string)
      let row = try #require(try Self.text("README.md").split(separator: "\n").first { $0.hasPrefix("| \(id) ") })
      let cells = row.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      #expect(cells[1] == claim["theorem"]?.string && cells[3] == claim["unit"]?.string ?? "", "\(id)")
      let cell = cells[4]
      guard let said = Double(cell), let measured = claim["measured"]?.number else { continue }
      let digits = cell.split(separator: ".").count == 2 ? cell.split(separator: ".")[1].count : 0
      #expect(abs(said - measured) <= 0.5000001 * pow(10, -Double(digits)), "\(id): \(cell), and it is \(measured)")
      compared += 1
    }
    #expect(compared >= 5)
  }

  @Test("every command block of the other pages", arguments: pages.dropFirst())
  func otherCommands(_ page: String) throws {
    let scratch = try Scratch()
    for line in Self.blocks(try Self.text(page), "sh").joined()
    where line.hasPrefix("./train") || line.hasPrefix("./minim") {
      let result = try Self.run(line, in: scratch.path)
      #expect(result.exitCode == 0, "\(page): \(line): \(result.errors)")
    }
  }

  @Test("every config that a page names can be had, with the values that it gives keys") func configs() throws {
    let scratch = try Scratch()
    var count = 0
    for page in Self.pages {
      for code in Self.inlineCode(try Self.text(page)) where code.hasPrefix("./train --config ") {
        // FILE and N stand for something.
        let isPattern = code.split(separator: " ").contains { word in
          word.split(separator: "=").last.map { !$0.isEmpty && $0.allSatisfy(\.isUppercase) } ?? false
        }
        if isPattern || code.contains("...") { continue }
        let result = try Self.run(code, more: ["--print-config"], in: scratch.path)
        #expect(result.exitCode == 0, "\(page): \(code): \(result.errors)")
        count += 1
      }
    }
    #expect(count >= 5)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test("links and pictures lead somewhere") func links() throws {
    var count = 0
    for page in Self.pages {
      let folder = URL(fileURLWithPath: Project.home + "/" + page).deletingLastPathComponent().path
      for part in try Self.text(page).components(separatedBy: "](").dropFirst() {
        let target = part.prefix { $0 != ")" && $0 != "#" }
        guard !target.isEmpty, !target.hasPrefix("http") else { continue }
        #expect(FileManager.default.fileExists(atPath: folder + "/" + target), "\(page): \(target)")
        count += 1
      }
    }
    #expect(count >= 15)
  }

  @Test("the article's code is that of the example") func article() throws {
    let example = "Examples/OwnModel/"
    let sources = try ["BernoulliMixture.swift", "main.swift"].map { try Self.text(example + "Sources/OwnModel/" + $0) }
    let known = Set(
      (sources + [try Self.text(example + "Package.swift")]).joined(separator: "\n").split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      })
    let lines = Self.blocks(try Self.text("Sources/Minim/Minim.docc/OwnModel.md"), "swift").joined().map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !$0.isEmpty }
    #expect(lines.count > 30)
    for line in lines { #expect(known.contains(line), "\(line)") }
  }
}
