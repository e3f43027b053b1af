import MinimConfiguration
import MinimKernels

/// The runs of a sweep: every combination of the values of some keys, the last key's values first to change; or draws of them.
package struct SweepGrid: Sendable, Equatable {
  /// A key with the values that it takes, each as an override has it.
  package struct Axis: Sendable, Equatable {
    package let key: String
    package let values: [String]

    package init(key: String, values: [String]) {
      self.key = key
      self.values = values
    }

    /// The values that show whether all are right: of whole numbers both ends, of others all.
    package var extremes: [String] {
      let isRange = values.count > 2 && values.allSatisfy { Int($0) != nil }
      return isRange ? [values[0], values[values.count - 1]] : values
    }
  }

  /// One run: its number from 1 on, and the values that make it.
  package struct Member: Sendable, Equatable {
    package let number: Int
    package let settings: [(key: String, value: String)]

    /// "0007"
    package var id: String {
      let digits = "\(number)"
      return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    package var overrides: [String] { settings.map { "\($0.key)=\($0.value)" } }

    package static func == (a: Member, b: Member) -> Bool { a.number == b.number && a.overrides == b.overrides }
  }

  package let axes: [Axis]
  /// Draws of one value an axis instead of all combinations; nil for these.
  package let draws: Int?

  /// At most as many runs as a sweep may have.
  package static let most = 100_000

  package init(axes: [Axis], draws: Int? = nil) {
    self.axes = axes
    self.draws = draws
  }

  /// Reads what stands on a command line: `seed=0..19` for whole numbers, `key=a,b,c` for a list whose commas are outside of
  /// brackets and quotes, `key=value` for one value.
  ///
  /// - Throws: `SweepError` for what is none of these, or for too many runs.
  package init(_ words: [String], draws: Int? = nil) throws(SweepError) {
    var axes: [Axis] = []
    for word in words {
      guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
        throw SweepError("\"\(word)\": expected key=value, key=a,b,c or key=0..19")
      }
      let key = String(word[..<equals])
      guard !axes.contains(where: { $0.key == key }) else { throw SweepError("\"\(key)\" is given twice") }
      axes.append(Axis(key: key, values: try Self.values(String(word[word.index(after: equals)...]), word)))
    }
    self.init(axes: axes, draws: draws)
    guard count <= Self.most else { throw SweepError("\(count) runs: a sweep has at most \(Self.most)") }
  }

  /// The number of runs; `Int.max` where it has none.
  package var count: Int {
    if let draws { return draws }
    return axes.reduce(1) { product, axis in
      let (next, overflows) = product.multipliedReportingOverflow(by: axis.values.count)
      return overflows ? .max : next
    }
  }

  /// A key to compare runs by: one with several values, and the seed only where there is no other.
  package var groupKey: String {
    let several = axes.filter { $0.values.count > 1 }.map(\.key)
    return several.last { $0 != "seed" } ?? several.last ?? "seed"
  }

  /// A run by its place from 0 on: a function of the grid alone.
  package func member(_ index: Int) -> Member {
    if draws != nil {
      let key = RandomKey(seed: 0).folding(UInt64(index))
      return Member(
        number: index + 1,
        settings: axes.enumerated().map { axis, it in
          (it.key, it.values[key.index(below: it.values.count, at: UInt64(axis))])
        })
    }
    var rest = index
    var settings: [(key: String, value: String)] = []
    for axis in axes.reversed() {
      settings.append((axis.key, axis.values[rest % axis.values.count]))
      rest /= axis.values.count
    }
    return Member(number: index + 1, settings: settings.reversed())
  }

  private static func values(_ text: String, _ word: String) throws(SweepError) -> [String] {
    let ends = text.split(separator: ".", omittingEmptySubsequences: false)
    if ends.count == 3, ends[1].isEmpty, let first = Int(ends[0]), let last = Int(ends[2]) {
      guard first <= last, last - first < most else {
        throw SweepError("\"\(word)\": expected a range from the smaller to the larger number, at most \(most) of them")
      }
      return (first...last).map(String.init)
    }
    let parts = split(text)
    guard parts.allSatisfy({ !$0.isEmpty }) else { throw SweepError("\"\(word)\": a value is missing") }
    guard Set(parts).count == parts.count else { throw SweepError("\"\(word)\": a value is given twice") }
    return parts
  }

  /// At the commas outside of brackets and quotes.
  private static func split(_ text: String) -> [String] {
    var (parts, depth, isQuoted) = ([""], 0, false)
    for character in text {
      if character == "\"" { isQuoted.toggle() }
      if !isQuoted, "[{".contains(character) { depth += 1 }
      if !isQuoted, "]}".contains(character) { depth -= 1 }
      if character == ",", depth == 0, !isQuoted {
        parts.append("")
      } else {
        parts[parts.count - 1].append(character)
      }
    }
    return parts
  }
}

/// What is wrong with the words of a sweep: exit code 64.
package struct SweepError: Error, Equatable, CustomStringConvertible, Sendable {
  package let description: String
  package var exitCode: Int32 { 64 }

  init(_ description: String) { self.description = description }
}
