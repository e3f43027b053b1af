import Foundation
import Testing

/// A file below `Tests/Fixtures`.
package func fixture(_ path: String) -> URL { Project.tests.appendingPathComponent("Fixtures/\(path)") }

/// Expects a text to be the one on file. With MINIM_WRITE_FIXTURES set it is written instead: read the difference before
/// you commit it.
package func expectFixture(_ path: String, _ text: String) throws {
  let url = fixture(path)
  if ProcessInfo.processInfo.environment["MINIM_WRITE_FIXTURES"] != nil {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try (text + "\n").write(to: url, atomically: true, encoding: .utf8)
  }
  #expect(try String(contentsOf: url, encoding: .utf8) == text + "\n", "differs from Tests/Fixtures/\(path)")
}
