/// The names of a few lines at their right ends, where a reader looks for them, in place of a legend.
struct PlotEndLabels {
  private let labels: [(name: String, y: Double, style: PlotStyle)]
  private let size: Double
  /// The room that the labels take to the right of the frame.
  let width: Double

  private static let lead = 20.0, gap = 4.0
  /// The most lines: more have ends that are too near each other.
  private static let most = 5
  /// The widest name. A longer one is better above.
  private static let widest = 130.0

  /// - Parameters:
  ///   - axes: the axes of the plot.
  ///   - size: the size of the letters.
  /// - Returns: nil if the plot has anything else with a name, or a line that does not reach the right end.
  init?(_ plot: Plot, _ styles: [PlotStyle], axes: (x: PlotAxis, y: PlotAxis), size: Double) {
    let named = zip(plot.series, styles).compactMap { series, style in series.name.map { ($0, series.layer, style) } }
    // The colors of a field have their names there.
    guard (2...Self.most).contains(named.count), !plot.hasField else { return nil }
    let last = plot.series.compactMap { if case .line(let points) = $0.layer { points.last?.x } else { nil } }.max()
    var labels: [(name: String, y: Double, style: PlotStyle)] = []
    for (name, layer, style) in named {
      guard case .line(let points) = layer, let end = points.last, let last, axes.x.share(end.x) > 0.9,
        axes.x.share(last) - axes.x.share(end.x) < 0.02, axes.y.range.contains(end.y),
        Typeface.width(of: name, size: size) <= Self.widest
      else { return nil }
      labels.append((name, 1 - axes.y.share(end.y), style))
    }
    self.labels = labels.enumerated().sorted { ($0.element.y, $0.offset) < ($1.element.y, $1.offset) }.map(\.element)
    self.size = size
    width = Self.lead + Self.gap + (labels.map { Typeface.width(of: $0.name, size: size) }.max() ?? 0)
  }

  /// Draws the labels next to a frame, apart from each other, with a line from the end of the curve to its name.
  func draw(beside frame: Box, on drawing: inout Drawing) {
    let ends = labels.map { frame.top + $0.y * frame.height }
    for (label, (end, y)) in zip(labels, zip(ends, Self.apart(ends, by: 1.15 * size, in: frame))) {
      let path = Shape([
        .init([
          .init(x: frame.right + 1, y: end), .init(x: frame.right + 5, y: y), .init(x: frame.right + Self.lead, y: y),
        ])
      ])
      drawing.parts.append(.stroke(path, .init(label.style.ink, width: 1.8, dashes: label.style.dashes)))
      drawing.write(
        label.name, x: frame.right + Self.lead + Self.gap, y: y + Typeface.capHeight * size / 2, size: size)
    }
  }

  /// Ascending places moved as little as is needed to keep a distance, within a frame: those that are too near form a group around
  /// their mean.
  static func apart(_ places: [Double], by distance: Double, in frame: Box) -> [Double] {
    func within(_ group: (middle: Double, count: Int)) -> (middle: Double, count: Int) {
      let half = distance * Double(group.count) / 2
      return (min(max(group.middle, frame.top + half), frame.bottom - half), group.count)
    }
    var groups: [(middle: Double, count: Int)] = []
    for place in places {
      var group = within((place, 1))
      while let before = groups.last,
        group.middle - before.middle < distance * Double(group.count + before.count) / 2
      {
        groups.removeLast()
        let sum: Double = Double(group.count) * group.middle + Double(before.count) * before.middle
        group = within((sum / Double(group.count + before.count), group.count + before.count))
      }
      groups.append(group)
    }
    return groups.flatMap { group in
      (0..<group.count).map { group.middle + distance * (Double($0) - Double(group.count - 1) / 2) }
    }
  }
}
