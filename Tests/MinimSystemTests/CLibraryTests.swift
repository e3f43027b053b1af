import Foundation
import TestSupport
import Testing

/// A system with another C library needs changes in one module only.
@Suite struct CLibraryTests {
  private static let libraries = ["Glibc", "Darwin", "Musl"]

  /// The names of C libraries that a source imports, or names in front of a function.
  private static func libraries(in text: String) -> [String] {
    libraries.filter { name in
      text.contains("import \(name)\n") || text.contains("\(name).") || text.contains("canImport(\(name))")
    }
  }

  @Test func onlyOneModuleNamesIt() throws {
    let folder = Project.folder.appendingPathComponent("Sources")
    let all = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
    let files = all.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    let naming = try files.filter { try !Self.libraries(in: String(contentsOf: $0, encoding: .utf8)).isEmpty }
    #expect(Set(naming.map { $0.deletingLastPathComponent().lastPathComponent }) == ["MinimSystem"])
    #expect(files.count > 100)
  }

  @Test func aNameIsSeen() {
    #expect(Self.libraries(in: "import Glibc\n") == ["Glibc"])
    #expect(Self.libraries(in: "let code = Darwin.open(path, flags)") == ["Darwin"])
    #expect(Self.libraries(in: "import MinimSystem\n").isEmpty)
  }
}
