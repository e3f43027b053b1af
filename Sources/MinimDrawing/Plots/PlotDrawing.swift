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

  /// Draws the plot as an image. Points without a finite place are left out.
  package func draw() -> Image {
    var frame = PlotFrame(title: title, xLabel: xLabel, yLabel: yLabel, x: axes.x, y: axes.y)
    var legend: [(String, Image.Color)] = []
    var next = 0
    for series in series {
      let color = Self.colors[(series.color ?? next % Self.background) % Self.colors.count]
      switch series.layer {
      case .dots(let dots): for dot in dots where Self.isDrawn(dot) { frame.draw(dot, color) }
      case .points(let points): frame.draw(dots: points, color)
      case .line(let points): frame.draw(points, color)
      case .lines(let lines): for points in lines { frame.draw(points, thickness: 1, color) }
      case .field(let field): frame.draw(field)
      case .mark(let x): frame.draw(mark: x)
      case .diagonal: frame.drawDiagonal()
      }
      guard series.layer.isColored else { continue }
      if series.color == nil { next += 1 }
      if let name = series.name { legend.append((name, color)) }
    }
    // A given frame has no room for the legend inside.
    if box == nil || !frame.legend(above: legend, beside: yLabel) { frame.legend(legend) }
    return frame.canvas.image
  }

  private static func isDrawn(_ dot: (x: Double, y: Double, error: Double)) -> Bool {
    dot.x.isFinite && dot.y.isFinite && !dot.error.isNaN
  }

  /// The frame if it does not depend on the drawn values: two given ranges, or a field, which fills it.
  private var box: (x: ClosedRange<Double>, y: ClosedRange<Double>)? {
    if let xRange, let yRange { return (xRange, yRange) }
    for series in series { if case .field(let field) = series.layer { return (field.x, field.y) } }
    return nil
  }

  /// The axes for everything that has a place.
  var axes: (x: PlotFrame.Axis, y: PlotFrame.Axis) {
    if let box {
      let (x, y) = isSquare ? Self.squared(box) : box
      return (.init(exactly: x), .init(exactly: y))
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
      case .field, .mark, .diagonal: break
      }
    }
    if let xRange { xs = [xRange.lowerBound, xRange.upperBound] }
    if let yRange { ys = [yRange.lowerBound, yRange.upperBound] }
    // Room for the legend, so that it hides nothing.
    let words = series.count { $0.name != nil }
    if words > 0, let least = ys.min(), let most = ys.max(), most > least {
      ys.append(most + (most - least) * (0.02 + 0.04 * Double(words)))
    }
    return isSquare ? (.init(xs + ys), .init(xs + ys)) : (.init(xs), .init(ys))
  }
}

extension Plot.Layer {
  fileprivate var isColored: Bool {
    switch self {
    case .dots, .points, .line, .lines: true
    case .field, .mark, .diagonal: false
    }
  }
}
