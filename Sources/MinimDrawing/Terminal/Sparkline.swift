/// A curve in one line of text.
package enum Sparkline {
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Draws values from the least to the greatest. A value that is not finite is a cross; equal values lie in the
  /// middle.
  ///
  /// - Parameters:
  ///   - values: the values in order of time.
  ///   - width: the most characters to use; longer series are averaged in groups.
  package static func draw(_ values: [Double], width: Int = .max) -> String {
    let points = condensed(values, width: max(1, width))
    // Halves, so that the distance of the largest numbers is finite too.
    let finite = points.filter(\.isFinite).map { $0 / 2 }
    guard let least = finite.min(), let greatest = finite.max() else {
      return String(repeating: "×", count: points.count)
    }
    let line = points.map { point -> Character in
      guard point.isFinite else { return "×" }
      guard greatest > least else { return blocks[3] }
      return blocks[min(7, Int(8 * ((point / 2 - least) / (greatest - least))))]
    }
    return String(line)
  }

  /// Means of `width` groups as equal as possible; a group with a value that is not finite shows that value.
  private static func condensed(_ values: [Double], width: Int) -> [Double] {
    guard values.count > width else { return values }
    return (0..<width).map { group in
      let members = values[group * values.count / width..<(group + 1) * values.count / width]
      return members.first { !$0.isFinite } ?? members.reduce(0) { $0 + $1 / Double(members.count) }
    }
  }
}
