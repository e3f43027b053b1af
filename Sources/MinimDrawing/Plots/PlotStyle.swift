import MinimFiles

/// How a series looks: its color, and its dashes or marks, which tell it from others in print too.
struct PlotStyle {
  let ink: Drawing.Ink
  /// Of lines.
  let dashes: [Double]
  /// Of dots.
  let mark: Mark
  private let swatch: Swatch

  private init(_ ink: Drawing.Ink, _ swatch: Swatch, dashes: [Double] = [], mark: Mark = .disk) {
    (self.ink, self.swatch, self.dashes, self.mark) = (ink, swatch, dashes, mark)
  }

  /// What stands for a series in the legend.
  private enum Swatch { case line, dot, area }

  /// The styles of a plot's series, in order.
  static func all(of plot: Plot) -> [PlotStyle] {
    var next = 0
    return plot.series.map { series in
      let index = (series.color ?? next % Plot.background) % Plot.colors.count
      switch series.layer {
      case .field, .mark, .level, .diagonal: return PlotStyle(.soft, .line, dashes: [4, 4])
      case .line, .lines, .points, .dots, .band: break
      }
      if series.color == nil { next += 1 }
      let ink = Drawing.Ink.color(Plot.colors[index])
      switch series.layer {
      case .line: return PlotStyle(ink, .line, dashes: dashes[index % dashes.count])
      case .lines: return PlotStyle(ink, .line, dashes: dashes[index % dashes.count])
      case .band: return PlotStyle(.tint(Plot.colors[index]), .area)
      case .dots: return PlotStyle(ink, .dot, mark: Plot.marks[index])
      default: return PlotStyle(ink, .dot)
      }
    }
  }

  /// The dashes and gaps of lines, by color. Gaps are short, so that a bend in a line always shows.
  private static let dashes: [[Double]] = [
    [], [6, 3], [2, 2], [9, 2.5, 2, 2.5], [1.2, 1.8], [6, 2, 2, 2, 2, 2], [],
  ]

  /// The length of a line in the legend: two of the longest dashes.
  static let swatchLength = 30.0

  /// The width of the sample in the legend.
  var swatchWidth: Double { swatch == .line ? Self.swatchLength : 12 }

  /// Draws a sample for the legend.
  func drawSwatch(from left: Double, y: Double, on drawing: inout Drawing) {
    let right = left + swatchWidth
    switch swatch {
    case .line: drawing.parts.append(.stroke(.line(left, y, right, y), .init(ink, width: 2.2, dashes: dashes)))
    case .dot: drawing.parts.append(.dots([.init(x: (left + right) / 2, y: y)], mark, radius: 3.5, ink))
    case .area: drawing.parts.append(.fill(.rectangle(Box(left: left, top: y - 4, right: right, bottom: y + 4)), ink))
    }
  }
}

/// Draws the layers of a plot in its frame.
struct PlotLayers {
  private let area: PlotArea
  /// The radius of points, the same for all series: thousands of large ones would hide each other.
  private let radius: Double
  /// Whether lines lie on shades, where thin ones would be lost.
  private let isOnField: Bool

  init(_ area: PlotArea, of plot: Plot) {
    self.area = area
    isOnField = plot.hasField
    let points = plot.series.reduce(0) { if case .points(let points) = $1.layer { $0 + points.count } else { $0 } }
    radius = points > 1000 ? 1 : 1.6
  }

  /// Draws all layers. Lines on shades, which may be as dark as they are, have white edges, under all lines.
  func draw(_ layers: [(layer: Plot.Layer, style: PlotStyle)], on drawing: inout Drawing) {
    let last = layers.lastIndex { if case .field = $0.layer { true } else { false } } ?? -1
    for (layer, style) in layers[...last] { draw(layer, style, on: &drawing) }
    for (layer, style) in layers[(last + 1)...] where last >= 0 {
      guard let (lines, stroke) = lines(of: layer, style) else { continue }
      line(lines, .init(.color(.gray(255)), width: stroke.width + 2), on: &drawing)
    }
    for (layer, style) in layers[(last + 1)...] { draw(layer, style, on: &drawing) }
  }

  private func lines(
    of layer: Plot.Layer, _ style: PlotStyle
  ) -> (lines: [[(x: Double, y: Double)]], stroke: Drawing.Stroke)? {
    switch layer {
    case .line(let points): ([points], .init(style.ink, width: 1.8, dashes: style.dashes))
    case .lines(let lines): (lines, .init(style.ink, width: isOnField ? 1.8 : 0.8, dashes: style.dashes))
    default: nil
    }
  }

  private func draw(_ layer: Plot.Layer, _ style: PlotStyle, on drawing: inout Drawing) {
    switch layer {
    case .line, .lines: if let (lines, stroke) = lines(of: layer, style) { line(lines, stroke, on: &drawing) }
    case .points(let points):
      let shown = points.filter(area.shows).map(area.place)
      drawing.parts.append(.dots(shown, .disk, radius: radius, style.ink))
    case .dots(let dots):
      let shown = dots.filter { Plot.isDrawn($0) && area.shows(($0.x, $0.y)) }
      let bars = shown.map { [(x: $0.x, y: $0.y - $0.error), (x: $0.x, y: $0.y + $0.error)] }
      line(bars, .init(style.ink, width: 1.2), on: &drawing)
      drawing.parts.append(.dots(shown.map { area.place(($0.x, $0.y)) }, style.mark, radius: 2.8, style.ink))
    case .band(let band):
      let shapes = area.contours(of: band)
      if !shapes.isEmpty { drawing.parts.append(.fill(Shape(shapes), style.ink)) }
    case .field(let field): drawing.parts.append(.image(field.image, area.box(of: field)))
    case .mark(let x):
      guard x.isFinite else { return }
      let ends = [(x: x, y: area.y.range.lowerBound), (x: x, y: area.y.range.upperBound)]
      line([ends], .init(style.ink, width: 1, dashes: style.dashes), on: &drawing)
    case .level(let y):
      guard y.isFinite else { return }
      let ends = [(x: area.x.range.lowerBound, y: y), (x: area.x.range.upperBound, y: y)]
      line([ends], .init(style.ink, width: 1, dashes: style.dashes), on: &drawing)
    case .diagonal:
      let least = max(area.x.range.lowerBound, area.y.range.lowerBound)
      let most = min(area.x.range.upperBound, area.y.range.upperBound)
      guard least < most else { return }
      line([[(least, least), (most, most)]], .init(style.ink, width: 1, dashes: style.dashes), on: &drawing)
    }
  }

  private func line(_ lines: [[(x: Double, y: Double)]], _ stroke: Drawing.Stroke, on drawing: inout Drawing) {
    let contours = lines.flatMap(area.contours)
    if !contours.isEmpty { drawing.parts.append(.stroke(Shape(contours), stroke)) }
  }
}

extension PlotArea {
  /// The place of a field.
  fileprivate func box(of field: Plot.Field) -> Box {
    let low = place((field.x.lowerBound, field.y.lowerBound)), high = place((field.x.upperBound, field.y.upperBound))
    return Box(left: low.x, top: high.y, right: high.x, bottom: low.y)
  }

  /// The parts of a band that lie in the frame, from left to right; it is interrupted where it has no room that is a number.
  fileprivate func contours(of band: [(x: Double, low: Double, high: Double)]) -> [Shape.Contour] {
    let isShown = { (part: (x: Double, low: Double, high: Double)) -> Bool in
      x.range.contains(part.x) && part.low <= y.range.upperBound && part.high >= y.range.lowerBound
    }
    let pieces = band.split(omittingEmptySubsequences: true) { !isShown($0) }
    return pieces.filter { $0.count > 1 }.map { piece in
      let low = piece.map { place(($0.x, max($0.low, y.range.lowerBound))) }
      let high = piece.map { place(($0.x, min($0.high, y.range.upperBound))) }
      return .init(low + high.reversed(), isClosed: true)
    }
  }
}
