import Foundation
import MinimTraining
import TestSupport
import Testing

/// The version, wherever it is written.
@Suite struct VersionTests {
  @Test("programs, the citation and the changelog agree on the version")
  func agree() throws {
    for name in ["train", "minim"] {
      let first = try Program(name).run(["--version"], in: "/").output.split(separator: "\n").first
      #expect(first == "minim \(minimVersion)")
    }
    func text(_ name: String) throws -> String {
      try String(contentsOfFile: Project.home + "/" + name, encoding: .utf8)
    }
    let citation = try text("CITATION.cff").split(separator: "\n").filter { $0.hasPrefix("version:") }
    #expect(citation == ["version: \(minimVersion)"])
    let changelog = try text("CHANGELOG.md")
    #expect(changelog.contains("## [\(minimVersion)]") || changelog.contains("What will be \(minimVersion)"))
  }
}
