/// The shape of a dot: in print without colors, it tells one series from another.
package enum Mark: CaseIterable, Equatable, Sendable {
  case disk, square, triangle, diamond, cross, plus, ring, openSquare, openTriangle, openDiamond

  /// The closed contours around the origin, for a disk of radius 1: all marks look about as large. A hole runs against its edge.
  var contours: [[Shape.Point]] {
    switch self {
    case .disk: [Self.corners(24)]
    case .square: [Self.box(0.9)]
    case .triangle: [Self.upward(1.3)]
    case .diamond: [Self.corners(4).scaled(1.3)]
    case .cross: [Self.arms.map { .init(x: ($0.x - $0.y) * Self.diagonal, y: ($0.x + $0.y) * Self.diagonal) }]
    case .plus: [Self.arms]
    case .ring: [Self.corners(24).scaled(1.1), Self.corners(24).scaled(0.6).reversed()]
    case .openSquare: [Self.box(1), Self.box(0.5).reversed()]
    case .openTriangle: [Self.upward(1.5), Self.upward(0.6).reversed()]
    case .openDiamond: [Self.corners(4).scaled(1.45), Self.corners(4).scaled(0.75).reversed()]
    }
  }

  /// The corners of a regular polygon on the unit circle, 24 or a divisor of it: products of the first one, so that no sine can
  /// differ between machines.
  private static func corners(_ count: Int) -> [Shape.Point] {
    // The cosine and the sine of 15 degrees.
    let (cosine, sine) = (0.9659258262890683, 0.25881904510252074)
    var (x, y) = (1.0, 0.0)
    let all = (0..<24).map { _ in
      defer { (x, y) = (x * cosine - y * sine, x * sine + y * cosine) }
      return Shape.Point(x: x, y: y)
    }
    return stride(from: 0, to: 24, by: 24 / count).map { all[$0] }
  }

  private static func box(_ half: Double) -> [Shape.Point] {
    [.init(x: -half, y: -half), .init(x: half, y: -half), .init(x: half, y: half), .init(x: -half, y: half)]
  }

  private static func upward(_ radius: Double) -> [Shape.Point] {
    let side = 0.8660254037844386 * radius
    return [.init(x: 0, y: -radius), .init(x: side, y: radius / 2), .init(x: -side, y: radius / 2)]
  }

  /// A cross of upright arms.
  private static let arms: [Shape.Point] = {
    let (long, thin) = (1.25, 0.38)
    let corner = [(thin, -long), (thin, -thin), (long, -thin)]
    // Each quarter is the one before it, turned.
    var quarter = corner.map { Shape.Point(x: $0.0, y: $0.1) }
    return (0..<4).flatMap { _ in
      defer { quarter = quarter.map { .init(x: -$0.y, y: $0.x) } }
      return quarter
    }
  }()

  /// The cosine of 45 degrees.
  private static let diagonal = 0.7071067811865476
}

extension [Shape.Point] {
  /// The points at another distance from the origin.
  fileprivate func scaled(_ factor: Double) -> [Shape.Point] { map { .init(x: factor * $0.x, y: factor * $0.y) } }
}
