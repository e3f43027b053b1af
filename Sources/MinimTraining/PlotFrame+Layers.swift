import MinimFiles
import MinimNN

// What a plot draws in its frame.

extension PlotFrame {
  /// A dot with its error bar.
  mutating func draw(_ dot: (x: Double, y: Double, error: Double), _ color: Image.Color) {
    line(from: (dot.x, dot.y - dot.error), to: (dot.x, dot.y + dot.error), color)
    let at = place(dot.x, dot.y)
    canvas.fill(.init(x: at.x - 2, y: at.y - 2, width: 5, height: 5), color)
  }

  /// Straight lines between those neighbours that both have a place.
  mutating func draw(_ points: [(x: Double, y: Double)], _ color: Image.Color) {
    for (start, end) in zip(points, points.dropFirst()) where (start.x + start.y + end.x + end.y).isFinite {
      line(from: start, to: end, thickness: 2, color)
    }
  }

  /// Shades from the smallest value, white, to the largest; magenta where there is no number.
  mutating func draw(_ field: Plot.Field) {
    let finite = field.values.filter(\.isFinite)
    let least = finite.min() ?? 0, spread = max((finite.max() ?? 1) - least, Double.leastNormalMagnitude)
    func edge(_ range: ClosedRange<Double>, _ index: Int, of count: Int) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count)
    }
    for (index, value) in field.values.enumerated() {
      let (row, column) = (index / field.columns, index % field.columns)
      let low = place(edge(field.x, column, of: field.columns), edge(field.y, row, of: field.rows))
      let high = place(edge(field.x, column + 1, of: field.columns), edge(field.y, row + 1, of: field.rows))
      canvas.fill(
        .init(x: low.x, y: high.y, width: high.x - low.x + 1, height: low.y - high.y + 1),
        value.isFinite ? Self.shade((value - least) / spread) : .magenta)
    }
    canvas.frame(Self.square, .grey(120))
  }

  /// From white over blue to nearly black, ever darker.
  private static func shade(_ share: Double) -> Image.Color {
    let stops: [(Double, Double, Double)] = [
      (255, 255, 255), (198, 219, 239), (107, 174, 214), (33, 113, 181), (8, 48, 107),
    ]
    let place = min(1, max(0, share)) * Double(stops.count - 1)
    let below = min(stops.count - 2, Int(place))
    let part = place - Double(below)
    func mix(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + (b - a) * part).rounded()) }
    let (low, high) = (stops[below], stops[below + 1])
    return Image.Color(mix(low.0, high.0), mix(low.1, high.1), mix(low.2, high.2))
  }

  mutating func draw(mark x: Double) {
    guard x.isFinite else { return }
    line(from: (x, y.range.lowerBound), to: (x, y.range.upperBound), .grey(150))
  }

  mutating func drawDiagonal() {
    let least = max(x.range.lowerBound, y.range.lowerBound), most = min(x.range.upperBound, y.range.upperBound)
    guard least < most else { return }
    line(from: (least, least), to: (most, most), .grey(120))
  }

  /// A straight line of the given thickness.
  private mutating func line(
    from start: (x: Double, y: Double), to end: (x: Double, y: Double), thickness: Int = 1, _ color: Image.Color
  ) {
    let (a, b) = (place(start.x, start.y), place(end.x, end.y))
    let steps = max(abs(b.x - a.x), abs(b.y - a.y), 1)
    for step in 0...steps {
      let x = a.x + (b.x - a.x) * step / steps, y = a.y + (b.y - a.y) * step / steps
      canvas.fill(
        .init(x: x - thickness / 2, y: y - thickness / 2, width: thickness, height: thickness), color)
    }
  }

  /// A word for a colour, below the top edge, on a plate that keeps it readable over shades.
  mutating func legend(_ words: [(text: String, color: Image.Color)]) {
    for (row, word) in words.enumerated() {
      let top = Self.margin.top + 10 + 16 * row
      let left = Self.margin.left + Self.side - 12 - Canvas.width(of: word.text)
      canvas.fill(.init(x: left - 26, y: top - 3, width: Canvas.width(of: word.text) + 30, height: 16), .white)
      canvas.fill(.init(x: left - 22, y: top + 3, width: 16, height: 3), word.color)
      canvas.text(word.text, x: left, y: top)
    }
  }
}
