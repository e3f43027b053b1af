import MinimFiles

extension Plot {
  /// The colors of series, in order: those of Okabe and Ito (2008, "Color Universal Design") that are dark enough for
  /// lines on white and that eyes of all kinds can tell apart, and gray; then that of the background, and more for
  /// classes.
  package static let colors = [
    Image.Color(0, 114, 178), Image.Color(213, 94, 0), Image.Color(0, 158, 115), Image.Color(204, 121, 167),
    Image.Color(230, 159, 0), Image.Color.gray(90), Image.Color.gray(180), Image.Color(86, 180, 233),
    Image.Color(140, 20, 60), Image.Color(120, 180, 40), Image.Color(110, 60, 200),
  ]

  /// The colors of the four parts of a cloud of points: they differ in gray too, and small points have no shape that could.
  package static let parts = [8, 4, 2, 0]

  /// The marks of dots by their color, so that classes can be told apart without colors.
  package static let marks: [Mark] = [
    .disk, .square, .triangle, .diamond, .cross, .plus, .disk, .ring, .openSquare, .openTriangle, .openDiamond,
  ]
}

extension Plot.Field.Palette {
  /// The color of a share between the smallest value, 0, and the largest, 1; shares beyond are clamped.
  package func color(_ share: Double) -> Image.Color {
    let stops = stops
    let place = min(1, max(0, share)) * Double(stops.count - 1)
    let below = min(stops.count - 2, Int(place))
    let part = place - Double(below)
    func mix(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + (b - a) * part).rounded()) }
    let (low, high) = (stops[below], stops[below + 1])
    return Image.Color(mix(low.0, high.0), mix(low.1, high.1), mix(low.2, high.2))
  }

  /// Colors at equal distances; those between are interpolated.
  private var stops: [(Double, Double, Double)] {
    switch self {
    case .blues: [(255, 255, 255), (198, 219, 239), (107, 174, 214), (33, 113, 181), (8, 48, 107)]
    case .viridis:
      [
        (68, 1, 84), (71, 45, 123), (59, 82, 139), (44, 114, 142), (33, 144, 140), (39, 173, 129), (93, 200, 99),
        (170, 220, 50), (253, 231, 37),
      ]
    }
  }
}
