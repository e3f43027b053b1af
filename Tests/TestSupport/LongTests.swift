import Foundation

/// The long tests, which `./test --all` runs.
package enum LongTests {
  /// Whether they are wanted now: then a test tries every case, otherwise a few.
  package static let areWanted = ProcessInfo.processInfo.environment["MINIM_ALL_TESTS"] != nil
}
