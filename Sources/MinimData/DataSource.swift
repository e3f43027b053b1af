import MinimConfiguration

/// The data sets that a config can name: the only list of them.
public enum DataName: String, CaseIterable, Sendable {
  case barsAndStripes
}

/// What a config says about its data: known before anything is loaded.
public struct DataSource: Sendable {
  /// Bars and stripes of any size.
  public let patterns: BarsAndStripes

  /// Reads the section "data".
  public init(_ section: ConfigurationSection) {
    switch section.choice("name", default: DataName.barsAndStripes, "The data set.") {
    case .barsAndStripes: patterns = BarsAndStripes(section)
    }
  }

  /// The extents of one example.
  public var exampleShape: [Int] { patterns.exampleShape }

  /// The number of examples.
  public var count: Int { patterns.count }

  /// The examples.
  public func load() -> Dataset { patterns.dataset() }

  /// Whether an example belongs to the support of the data's distribution, where that is known.
  public func contains(_ example: ArraySlice<Float>) -> Bool { patterns.contains(example) }
}
