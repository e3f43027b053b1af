/// The shapes of lines, as closed contours of one direction.
enum Outline {
  /// The shapes of a line of a width: a rectangle for each piece, and a disk for each joint of a line that is not thin.
  static func stroke(_ contour: Shape.Contour, width: Double) -> [[Shape.Point]] {
    let points = contour.points + (contour.isClosed ? contour.points.prefix(1) : [])
    let pieces = zip(points, points.dropFirst()).compactMap { rectangle($0, $1, width: width) }
    guard width > 1, points.count > 2 else { return pieces }
    let joints = contour.isClosed ? points[...] : points.dropFirst().dropLast()
    return pieces
      + joints.map { joint in disk.map { .init(x: joint.x + width / 2 * $0.x, y: joint.y + width / 2 * $0.y) } }
  }

  private static let disk = Mark.disk.contours[0]

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
  ///
  /// - Parameter lengths: of dashes and gaps in turn; empty for the whole contour.
  static func dashes(_ contour: Shape.Contour, _ lengths: [Double]) -> [Shape.Contour] {
    guard var left = lengths.first else { return [contour] }
    var dashes: [Shape.Contour] = [], dash: [Shape.Point] = []
    // The place in the lengths: dashes are at even ones.
    var place = 0
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
        if place % 2 == 0 { dashes.append(.init(dash + [at])) }
        place = (place + 1) % lengths.count
        (dash, left) = ([at], lengths[place])
      }
      left -= whole - done
      dash.append(end)
    }
    if place % 2 == 0, dash.count > 1 { dashes.append(.init(dash)) }
    return dashes
  }
}
