import MinimConfiguration
import MinimKernels

/// Binary images whose rows are constant (bars) or whose columns are (stripes): a distribution small enough to know
/// exactly (MacKay 2003, "Information Theory, Inference, and Learning Algorithms", section 43).
public struct BarsAndStripes: Sendable {
  /// The two usual distributions over the patterns.
  public enum Distribution: String, CaseIterable, Sendable {
    /// Every distinct pattern once: 62 of them on 5x5.
    case distinct
    /// A fair coin for the orientation, then one for each line: the two constant images count double if both
    /// orientations have equally many lines.
    case generator
  }

  /// Rows and columns of an image.
  public let height: Int, width: Int
  /// The weights of the patterns.
  public let distribution: Distribution

  /// The most lines per orientation: 2^14 patterns.
  public static let maximalLines = 14

  /// Creates the patterns of the given extents, each at most `maximalLines`.
  public init(height: Int, width: Int, distribution: Distribution) {
    self.height = height
    self.width = width
    self.distribution = distribution
  }

  /// Reads the section "data" of a config.
  public init(_ section: ConfigurationSection) {
    self.init(
      height: section.integer("height", default: 5, in: 1...Self.maximalLines, "Rows of an image."),
      width: section.integer("width", default: 5, in: 1...Self.maximalLines, "Columns of an image."),
      distribution: section.choice(
        "distribution", default: .distinct,
        "distinct: every pattern once. generator: an orientation, then each line, by fair coins."))
  }

  /// The extents of an image.
  public var exampleShape: [Int] { [height, width, 1] }

  /// The number of rows of the data set, computed without making it.
  public var count: Int {
    let (bars, stripes) = (1 << height, 1 << width)
    switch distribution {
    case .generator: return 2 * max(bars, stripes)
    // The two constant images are both; with a single row or column one orientation contains the other.
    case .distinct: return min(height, width) == 1 ? max(bars, stripes) : bars + stripes - 2
    }
  }

  /// Every pattern of one orientation: bit i of the code is line i.
  private func patterns(rows: Bool) -> [[Float]] {
    (0..<(1 << (rows ? height : width))).map { code in
      (0..<height * width).map { pixel in
        Float((code >> (rows ? pixel / width : pixel % width)) & 1)
      }
    }
  }

  /// The patterns with equal weights. They are the distribution itself, so there is nothing to hold out.
  public func dataset() -> Dataset {
    let bars = patterns(rows: true)
    let stripes = patterns(rows: false)
    var rows: [[Float]] = []
    switch distribution {
    case .distinct:
      var seen: Set<[Float]> = []
      rows = (bars + stripes).filter { seen.insert($0).inserted }
    case .generator:
      // Each orientation has half the mass, so the one with fewer patterns is repeated.
      let most = max(bars.count, stripes.count)
      for (patterns, repeats) in [(bars, most / bars.count), (stripes, most / stripes.count)] {
        rows += patterns.flatMap { [[Float]](repeating: $0, count: repeats) }
      }
    }
    return Dataset(
      name: "bars and stripes \(height)x\(width), \(distribution.rawValue)", exampleShape: exampleShape,
      values: rows.flatMap { $0 }, entropy: Self.entropy(of: rows))
  }

  /// Whether an image is a bar or a stripe pattern.
  public func contains(_ image: ArraySlice<Float>) -> Bool {
    let pixels = Array(image)
    guard pixels.count == height * width else { return false }
    let isBars = pixels.indices.allSatisfy { pixels[$0] == pixels[$0 / width * width] }
    let isStripes = pixels.indices.allSatisfy { pixels[$0] == pixels[$0 % width] }
    return isBars || isStripes
  }

  private static func entropy(of rows: [[Float]]) -> Double {
    var counts: [[Float]: Int] = [:]
    for row in rows { counts[row, default: 0] += 1 }
    // Sorted: the order of a dictionary must not reach a number.
    return counts.values.sorted().reduce(0) { sum, count in
      let p = Double(count) / Double(rows.count)
      return sum - p * Elementary.log(p)
    }
  }
}
