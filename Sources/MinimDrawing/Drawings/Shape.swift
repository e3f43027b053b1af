/// Contours in the plane, y downward.
package struct Shape: Equatable, Sendable {
  /// A point.
  package struct Point: Equatable, Sendable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Straight lines from point to point.
  package struct Contour: Equatable, Sendable {
    package var points: [Point]
    /// Whether a last line leads back to the first point.
    package var isClosed: Bool

    package init(_ points: [Point], isClosed: Bool = false) {
      self.points = points
      self.isClosed = isClosed
    }

    /// A closed contour.
    static func polygon(_ corners: [(x: Double, y: Double)]) -> Contour {
      Contour(corners.map { Point(x: $0.x, y: $0.y) }, isClosed: true)
    }
  }

  package var contours: [Contour]

  package init(_ contours: [Contour]) { self.contours = contours }

  /// A line from a point to another.
  static func line(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) -> Shape {
    Shape([Contour([Point(x: x0, y: y0), Point(x: x1, y: y1)])])
  }

  /// The edge of a rectangle.
  static func rectangle(_ box: Box) -> Shape {
    Shape([
      .polygon([(box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom)])
    ])
  }

  /// The path after a map of its points.
  func mapped(_ map: (Point) -> Point) -> Shape {
    Shape(contours.map { Contour($0.points.map(map), isClosed: $0.isClosed) })
  }
}

/// A rectangle with its sides along the axes, y downward.
package struct Box: Equatable, Sendable {
  package var left: Double, top: Double, right: Double, bottom: Double

  package init(left: Double, top: Double, right: Double, bottom: Double) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  package var width: Double { right - left }
  package var height: Double { bottom - top }

  /// Whether two boxes share more than an edge.
  package func overlaps(_ other: Box) -> Bool {
    left < other.right && other.left < right && top < other.bottom && other.top < bottom
  }

  /// Whether another box lies inside, edges included.
  package func contains(_ other: Box) -> Bool {
    left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom
  }

  func offset(x: Double, y: Double) -> Box {
    Box(left: left + x, top: top + y, right: right + x, bottom: bottom + y)
  }
}
