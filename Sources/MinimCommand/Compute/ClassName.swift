import MinimConfiguration
import MinimFiles

/// A class of a run's data as a user writes it: its name, or its number from 0 if names are not numbers.
enum ClassName {
  /// The number of a class.
  ///
  /// - Throws: `CommandError` (64) that lists the classes.
  static func index(of text: String, among names: [String], _ option: String) throws -> Int {
    if let index = names.firstIndex(of: text) { return index }
    let areNumbers = names.contains { Int($0) != nil }
    if !areNumbers, let number = Int(text), names.indices.contains(number) { return number }
    let listed = areNumbers ? names : names.enumerated().map { "\($0.element) (\($0.offset))" }
    let hint = Spelling.nearest(to: text, among: names).map { " Did you mean \($0)?" } ?? ""
    throw CommandError(
      "\(option): no class \"\(text)\"; there are \(listed.joined(separator: ", ")).\(hint)", exit: .usage)
  }

  /// The classes of examples in a file of whole numbers.
  ///
  /// - Throws: `CommandError` if their number is not that of the examples, or if one is not a class; the errors of reading
  ///   the file.
  static func labels(_ path: String, count: Int, among names: [String]) throws -> [Int] {
    let values = try NumericArray.read(path).values
    guard values.count == count else {
      throw CommandError("\(path): it has \(values.count) labels for \(count) examples", exit: .badData)
    }
    return try values.map { value in
      try index(of: Int(exactly: value).map(String.init) ?? "\(value)", among: names, path)
    }
  }
}
