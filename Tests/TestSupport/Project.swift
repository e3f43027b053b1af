import Foundation

/// Where the project lies on the machine that tests it.
package enum Project {
  /// The folder of Package.swift.
  package static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  /// Its path.
  package static var home: String { folder.path }
  /// The folder of the tests.
  package static let tests = folder.appendingPathComponent("Tests")
}
