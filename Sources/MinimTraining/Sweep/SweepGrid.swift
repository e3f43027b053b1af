import MinimFiles
import MinimConfiguration
import MinimKernels

/// The runs of a sweep: every combination of the values of some keys, with the last key varying fastest, or draws of
/// them.
package struct SweepGrid: Sendable, Equatable {
  /// One run: its number, from 1, and its values.
  package struct Member: Sendable, Equatable {
    package let number: Int
    package let settings: [(key: String, value: String)]

    /// "0007": the name of its folder.
    package var id: String { Self.id(number) }

    package static func id(_ number: Int) -> String { "\(number)".zeroPadded(to: 4) }

    /// The number of the member with this id; nil for any other word.
    package static func number(_ id: String) -> Int? {
      guard let number = Int(id), number > 0, Self.id(number) == id else { return nil }
      return number
    }

    package var overrides: [String] { settings.map { "\($0.key)=\($0.value)" } }

    package static func == (a: Member, b: Member) -> Bool { a.number == b.number && a.overrides == b.overrides }
  }

  package let axes: [Axis]
  /// Draws of one value per axis instead of all combinations; nil for all combinations.
  package let draws: Int?

  /// The most runs that a sweep may have.
  package static let most = 100_000

  package init(axes: [Axis], draws: Int? = nil) {
    self.axes = axes
    self.draws = draws
  }

  /// Reads the words of a command line: `seed=0..19` for whole numbers, `key=a,b,c` for a list whose commas are outside
  /// of brackets and quotes, `key=value` for one value, and for draws `key=uniform(0,1)` or
  /// `key=loguniform(1e-4,1e-1)`.
  ///
  /// - Throws: `SweepError` for anything else, or for too many runs.
  package init(_ words: [String], draws: Int? = nil) throws(SweepError) {
    var axes: [Axis] = []
    for word in words {
      guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
        throw SweepError("\"\(word)\": expected key=value, key=a,b,c, key=0..19 or key=uniform(0,1)")
      }
      let key = String(word[..<equals])
      guard !axes.contains(where: { $0.key == key }) else { throw SweepError("\"\(key)\" is given twice") }
      axes.append(Axis(key: key, try Choices(String(word[word.index(after: equals)...]))))
      if draws == nil, axes[axes.count - 1].values.isEmpty {
        throw SweepError("\"\(word)\": an interval needs --draws N, the number of runs")
      }
    }
    self.init(axes: axes, draws: draws)
    guard count <= Self.most else { throw SweepError("\(count) runs: a sweep has at most \(Self.most)") }
  }

  /// The number of runs; `Int.max` on overflow.
  package var count: Int {
    if let draws { return draws }
    return axes.reduce(1) { product, axis in
      let (next, overflows) = product.multipliedReportingOverflow(by: axis.values.count)
      return overflows ? .max : next
    }
  }

  /// The keys that do not have the same value in all runs.
  package var variedKeys: [String] { axes.filter { $0.values.count != 1 }.map(\.key) }

  /// The keys to compare runs by, joined by commas: those with a list of values, except for the seed. If there are
  /// none, all runs are one group, by the name of their config.
  package var comparedKeys: String {
    let keys = axes.filter { $0.values.count > 1 && $0.key != "seed" }.map(\.key)
    return keys.isEmpty ? "name" : keys.joined(separator: ",")
  }

  /// Whether there are several seeds.
  package var hasSeeds: Bool { axes.contains { $0.key == "seed" && $0.values.count > 1 } }

  /// The key to group runs by: one with several values, and the seed only if there is no other.
  package var groupKey: String {
    let several = axes.filter { $0.values.count > 1 }.map(\.key)
    return several.last { $0 != "seed" } ?? several.last ?? "seed"
  }

  /// The run at a place, from 0: a function of the grid alone.
  package func member(_ index: Int) -> Member {
    if draws != nil {
      let key = RandomKey(seed: 0).folding(UInt64(index))
      return Member(
        number: index + 1,
        settings: axes.enumerated().map { axis, it in
          (it.key, it.choices.value(key, at: UInt64(axis)))
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
}

/// An error in the words of a sweep: a usage error, or a bad configuration if they are in a file.
package struct SweepError: ReportedError, Equatable {
  package let description: String
  package let exit: ExitStatus

  init(_ description: String, exit: ExitStatus = .usage) {
    self.description = description
    self.exit = exit
  }
}
