// Clips a layer to a frame whose axes do not show all values.

extension PlotFrame {
  /// Whether a point lies in the frame.
  func shows(_ horizontal: Double, _ vertical: Double) -> Bool {
    x.range.contains(horizontal) && y.range.contains(vertical)
  }

  /// The part of a straight line between two points that lies in the frame; nil if none does. Each axis bounds the
  /// share of the way (Liang and Barsky 1984, "A New Concept and Method for Line Clipping").
  func clipped(
    _ start: (x: Double, y: Double), _ end: (x: Double, y: Double)
  ) -> (start: (x: Double, y: Double), end: (x: Double, y: Double))? {
    if shows(start.x, start.y), shows(end.x, end.y) { return (start, end) }
    var (first, last) = (0.0, 1.0)
    for (range, from, to) in [(x.range, start.x, end.x), (y.range, start.y, end.y)] {
      guard from != to else {
        guard range.contains(from) else { return nil }
        continue
      }
      // Half distances, which are always finite.
      let way = to / 2 - from / 2
      let ends = [(range.lowerBound / 2 - from / 2) / way, (range.upperBound / 2 - from / 2) / way].sorted()
      (first, last) = (max(first, ends[0]), min(last, ends[1]))
    }
    guard first <= last else { return nil }
    func point(_ share: Double) -> (x: Double, y: Double) {
      ((1 - share) * start.x + share * end.x, (1 - share) * start.y + share * end.y)
    }
    return (point(first), point(last))
  }
}
