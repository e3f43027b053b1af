/// The shapes of lines and dots, as closed contours of one direction.
enum Outline {
  /// A disk, as a polygon of 24 corners, whose coordinates are constants: no sine may differ between machines.
  static func disk(_ center: Shape.Point, radius: Double) -> [Shape.Point] {
    corners.map { .init(x: center.x + radius * $0.x, y: center.y + radius * $0.y) }
  }

  /// The corners of a regular polygon on a circle, from products of the first one.
  private static let corners: [Shape.Point] = {
    // The cosine and the sine of 15 degrees.
    let (cosine, sine) = (0.9659258262890683, 0.25881904510252074)
    var (x, y) = (1.0, 0.0)
    return (0..<24).map { _ in
      defer { (x, y) = (x * cosine - y * sine, x * sine + y * cosine) }
      return .init(x: x, y: y)
    }
  }()

  /// The shapes of a line of a width: a rectangle for each piece, and a disk for each joint of a line that is not thin.
  static func stroke(_ contour: Shape.Contour, width: Double) -> [[Shape.Point]] {
    let points = contour.points + (contour.isClosed ? contour.points.prefix(1) : [])
    let pieces = zip(points, points.dropFirst()).compactMap { rectangle($0, $1, width: width) }
    guard width > 1, points.count > 2 else { return pieces }
    let joints = contour.isClosed ? points[...] : points.dropFirst().dropLast()
    return pieces + joints.map { disk($0, radius: width / 2) }
  }

  private static func rectangle(_ a: Shape.Point, _ b: Shape.Point, width: Double) -> [Shape.Point]? {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0, length.isFinite else { return nil }
    let (nx, ny) = (-dy / length * width / 2, dx / length * width / 2)
    // In the direction of the corners of a disk.
    return [
      .init(x: a.x - nx, y: a.y - ny), .init(x: b.x - nx, y: b.y - ny), .init(x: b.x + nx, y: b.y + ny),
      .init(x: a.x + nx, y: a.y + ny),
    ]
  }

  /// A contour as dashes.
  static func dashes(_ contour: Shape.Contour, length: Double) -> [Shape.Contour] {
    var dashes: [Shape.Contour] = [], dash: [Shape.Point] = []
    var (left, isDrawn) = (length, true)
    let points = contour.points + (contour.isClosed ? contour.points.prefix(1) : [])
    if let first = points.first { dash = [first] }
    for (start, end) in zip(points, points.dropFirst()) {
      let whole = ((end.x - start.x) * (end.x - start.x) + (end.y - start.y) * (end.y - start.y)).squareRoot()
      guard whole.isFinite, whole > 0, whole < 1e5 else { continue }
      var done = 0.0
      while whole - done > left {
        done += left
        let at = Shape.Point(
          x: start.x + (end.x - start.x) * done / whole, y: start.y + (end.y - start.y) * done / whole)
        if isDrawn { dashes.append(.init(dash + [at])) }
        (dash, left) = ([at], length)
        isDrawn.toggle()
      }
      left -= whole - done
      dash.append(end)
    }
    if isDrawn, dash.count > 1 { dashes.append(.init(dash)) }
    return dashes
  }
}
