import MinimFiles

// Draws the layers of a plot in its frame.

extension PlotFrame {
  /// Draws a dot with its error bar, if the dot lies in the frame.
  mutating func draw(_ dot: (x: Double, y: Double, error: Double), _ color: Image.Color) {
    guard shows(dot.x, dot.y) else { return }
    line(from: (dot.x, dot.y - dot.error), to: (dot.x, dot.y + dot.error), color)
    let at = place(dot.x, dot.y)
    canvas.fill(.init(x: at.x - 2, y: at.y - 2, width: 5, height: 5), color)
  }

  /// Draws the points that lie in the frame, each two pixels wide and high.
  mutating func draw(dots points: [(x: Double, y: Double)], _ color: Image.Color) {
    let (right, bottom) = (Self.square.x + Self.side, Self.square.y + Self.side)
    for point in points where shows(point.x, point.y) {
      let at = place(point.x, point.y)
      canvas.fill(.init(x: min(at.x, right - 1), y: min(at.y, bottom - 1), width: 2, height: 2), color)
    }
  }

  /// Draws straight lines between neighbors that are both numbers, as far as they lie in the frame.
  mutating func draw(_ points: [(x: Double, y: Double)], thickness: Int = 2, _ color: Image.Color) {
    for (start, end) in zip(points, points.dropFirst()) where (start.x + start.y + end.x + end.y).isFinite {
      guard let (a, b) = clipped(start, end) else { continue }
      line(from: a, to: b, thickness: thickness, color)
    }
  }

  /// Draws a field in the colors of its palette; NaN is magenta.
  mutating func draw(_ field: Plot.Field) {
    let finite = field.values.filter(\.isFinite)
    let least = field.range?.lowerBound ?? finite.min() ?? 0
    let spread = max((field.range?.upperBound ?? finite.max() ?? 1) - least, Double.leastNormalMagnitude)
    func edge(_ range: ClosedRange<Double>, _ index: Int, of count: Int) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(count)
    }
    for (index, value) in field.values.enumerated() {
      let (row, column) = (index / field.columns, index % field.columns)
      let low = place(edge(field.x, column, of: field.columns), edge(field.y, row, of: field.rows))
      let high = place(edge(field.x, column + 1, of: field.columns), edge(field.y, row + 1, of: field.rows))
      canvas.fill(
        .init(x: low.x, y: high.y, width: high.x - low.x + 1, height: low.y - high.y + 1),
        value.isFinite ? field.palette.color((value - least) / spread) : .magenta)
    }
    canvas.frame(Self.square, .gray(120))
  }

  mutating func draw(mark x: Double) {
    guard x.isFinite else { return }
    line(from: (x, y.range.lowerBound), to: (x, y.range.upperBound), .gray(150))
  }

  mutating func drawDiagonal() {
    let least = max(x.range.lowerBound, y.range.lowerBound), most = min(x.range.upperBound, y.range.upperBound)
    guard least < most else { return }
    line(from: (least, least), to: (most, most), .gray(120))
  }

  /// Draws a straight line of the given thickness.
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

  /// Draws the legend's names in their colors below the top edge, on plates that keep them readable over shades.
  mutating func legend(_ words: [(text: String, color: Image.Color)]) {
    for (row, word) in words.enumerated() {
      let top = Self.margin.top + 10 + 16 * row
      let left = Self.margin.left + Self.side - 12 - Canvas.width(of: word.text)
      canvas.fill(.init(x: left - 26, y: top - 3, width: Canvas.width(of: word.text) + 30, height: 16), .white)
      draw(word, x: left, y: top)
    }
  }

  /// Draws the legend in one line above the frame, where it hides nothing; returns false if it does not fit.
  mutating func legend(above words: [(text: String, color: Image.Color)], beside label: String) -> Bool {
    let width = words.reduce(0) { $0 + 38 + Canvas.width(of: $1.text) }
    var left = Self.margin.left + Self.side - width + 12
    guard left > 4 + Canvas.width(of: label) else { return false }
    for word in words {
      draw(word, x: left + 26, y: Self.margin.top - 16)
      left += 38 + Canvas.width(of: word.text)
    }
    return true
  }

  /// Draws a name with its upper left corner at (`x`, `y`), and a piece of a line to its left.
  private mutating func draw(_ word: (text: String, color: Image.Color), x: Int, y: Int) {
    canvas.fill(.init(x: x - 22, y: y + 3, width: 16, height: 3), word.color)
    canvas.text(word.text, x: x, y: y)
  }
}
