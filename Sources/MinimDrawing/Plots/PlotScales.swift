// The axes of a plot.

extension Plot {
  /// The axes for everything that has a place.
  package var axes: (x: PlotAxis, y: PlotAxis) {
    let (x, y) = numbers
    return (
      xNames.isEmpty ? x : PlotAxis(exactly: x.range, names: xNames),
      yNames.isEmpty ? y : PlotAxis(exactly: y.range, names: yNames)
    )
  }

  private var numbers: (x: PlotAxis, y: PlotAxis) {
    if let box {
      let (x, y) = isSquare ? Self.squared(box) : box
      return (.init(exactly: x, xScale), .init(exactly: y, yScale))
    }
    var (xs, ys): ([Double], [Double]) = ([], [])
    func place(_ points: [(x: Double, y: Double)]) {
      let points = points.filter { $0.x.isFinite && $0.y.isFinite }
      xs += points.map(\.x)
      ys += points.map(\.y)
    }
    for series in series {
      switch series.layer {
      case .dots(let dots):
        let dots = dots.filter { Self.isDrawn($0) }
        xs += dots.map(\.x)
        ys += dots.flatMap { [$0.y, $0.y - $0.error, $0.y + $0.error] }
      case .points(let points), .line(let points): place(points)
      case .lines(let lines): lines.forEach(place)
      case .band(let band):
        place(band.map { (x: $0.x, y: $0.low) })
        place(band.map { (x: $0.x, y: $0.high) })
      case .field, .mark, .level, .diagonal: break
      }
    }
    if let xRange { xs = [xRange.lowerBound, xRange.upperBound] }
    if let yRange { ys = [yRange.lowerBound, yRange.upperBound] }
    return isSquare
      ? (.init(xs + ys, xScale), .init(xs + ys, yScale)) : (.init(xs, xScale), .init(ys, yScale))
  }

  /// Whether a dot has a place.
  static func isDrawn(_ dot: (x: Double, y: Double, error: Double)) -> Bool {
    dot.x.isFinite && dot.y.isFinite && !dot.error.isNaN
  }

  /// The frame if it does not depend on the drawn values: two given ranges, or a field, which fills it.
  private var box: (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    if let xRange, let yRange { return (xRange, yRange) }
    for series in series { if case .field(let field) = series.layer { return (field.x, field.y) } }
    return nil
  }
}

/// The part of the plane that a plot shows, and its place in a drawing.
struct PlotArea {
  let x: PlotAxis, y: PlotAxis
  let box: Box

  /// The place of a point.
  func place(_ point: (x: Double, y: Double)) -> Shape.Point {
    .init(x: box.left + x.share(point.x) * box.width, y: box.bottom - y.share(point.y) * box.height)
  }

  /// Whether a point lies in the frame.
  func shows(_ point: (x: Double, y: Double)) -> Bool { x.range.contains(point.x) && y.range.contains(point.y) }

  /// The parts of a line that lie in the frame; it is interrupted where a point is not a number.
  func contours(_ points: [(x: Double, y: Double)]) -> [Shape.Contour] {
    var contours: [Shape.Contour] = []
    var end: (x: Double, y: Double)?
    for (start, next) in zip(points, points.dropFirst()) {
      guard (start.x + start.y + next.x + next.y).isFinite, let (a, b) = clipped(start, next) else {
        end = nil
        continue
      }
      if let end, end == a {
        contours[contours.count - 1].points.append(place(b))
      } else {
        contours.append(.init([place(a), place(b)]))
      }
      end = b
    }
    return contours
  }

  /// The part of a straight line between two points that lies in the frame; nil if none does. Each axis bounds the
  /// share of the way (Liang and Barsky 1984, "A New Concept and Method for Line Clipping").
  func clipped(
    _ start: (x: Double, y: Double), _ end: (x: Double, y: Double)
  ) -> (start: (x: Double, y: Double), end: (x: Double, y: Double))? {
    if shows(start), shows(end) { return (start, end) }
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
