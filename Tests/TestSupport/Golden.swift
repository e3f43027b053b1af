import Foundation
import MinimConfiguration
import MinimFiles

/// Numbers that were computed by other means, once, with more digits than are compared: `Fixtures/golden.json`.
package enum Golden {
  /// A value by its path, as in `Golden["pixel_rf", "receptive_fields"]`.
  package static subscript(path: String...) -> JSON { file[path] }

  private static let file = GoldenFile("golden.json")
}

/// A file of such numbers.
package struct GoldenFile: Sendable {
  private let name: String
  private let root: JSON

  package init(_ name: String) {
    let file = fixture(name)
    self.name = name
    do {
      root = try JSONParser.parse([UInt8](Data(contentsOf: file))).json
    } catch {
      // Without its numbers no test of them means anything.
      fatalError("\(file.path): \(error)")
    }
  }

  /// A value by its path.
  package subscript(path: String...) -> JSON { self[path] }

  subscript(path: [String]) -> JSON {
    path.reduce(root) { value, key in
      // A wrong path is a mistake of the test; it must not pass for an absent value.
      guard let member = value[key] else { fatalError("\(name) has no \(path.joined(separator: "."))") }
      return member
    }
  }
}

extension JSON {
  /// The members of an object in order; none if it is no object.
  package var members: [(key: String, value: JSON)] { (object?.members ?? []).map { ($0.key, $0.value) } }

  /// The integers of an array; nil if it is none or holds anything else.
  package var integers: [Int]? {
    guard let integers = array?.map(\.integer), !integers.contains(nil) else { return nil }
    return integers.compactMap { $0 }
  }

  /// The numbers of an array; nil if it is none or holds anything else.
  package var numbers: [Double]? {
    guard let numbers = array?.map(\.number), !numbers.contains(nil) else { return nil }
    return numbers.compactMap { $0 }
  }

  /// The numbers of an array of arrays; nil if it is none or holds anything else.
  package var matrix: [[Double]]? {
    guard let rows = array?.map(\.numbers), !rows.contains(nil) else { return nil }
    return rows.compactMap { $0 }
  }
}
