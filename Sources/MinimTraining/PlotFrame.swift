import MinimFiles

/// A square with two axes, on which a plot draws.
struct PlotFrame {
  var canvas: Canvas
  let x: Axis, y: Axis

  private static let side = 480
  private static let margin = (left: 70, right: 20, top: 40, bottom: 50)

  /// A frame with grid, ticks and words; nothing is drawn in it yet.
  init(title: String, xLabel: String, yLabel: String, x: Axis, y: Axis) {
    let (side, margin) = (Self.side, Self.margin)
    canvas = Canvas(width: margin.left + side + margin.right, height: margin.top + side + margin.bottom)
    self.x = x
    self.y = y
    for tick in x.ticks {
      let (at, label) = (place(tick, y.range.lowerBound), x.label(tick))
      canvas.fill(.init(x: at.x, y: margin.top, width: 1, height: side), .grey(225))
      canvas.text(label, x: at.x - Canvas.width(of: label) / 2, y: margin.top + side + 8)
    }
    for tick in y.ticks {
      let (at, label) = (place(x.range.lowerBound, tick), y.label(tick))
      canvas.fill(.init(x: margin.left, y: at.y, width: side, height: 1), .grey(225))
      canvas.text(label, x: margin.left - 8 - Canvas.width(of: label), y: at.y - 4)
    }
    canvas.frame(.init(x: margin.left, y: margin.top, width: side + 1, height: side + 1), .grey(120))
    canvas.text(title, x: margin.left, y: 8)
    canvas.text(xLabel, x: margin.left + (side - Canvas.width(of: xLabel)) / 2, y: margin.top + side + 28)
    canvas.text(yLabel, x: 4, y: 24)
  }

  /// Where a point lies on the canvas; outside points lie on the edge.
  func place(_ horizontal: Double, _ vertical: Double) -> (x: Int, y: Int) {
    (
      Self.margin.left + Int((x.share(horizontal) * Double(Self.side)).rounded()),
      Self.margin.top + Self.side - Int((y.share(vertical) * Double(Self.side)).rounded())
    )
  }

  mutating func dot(_ horizontal: Double, _ vertical: Double, _ color: Image.Color) {
    let at = place(horizontal, vertical)
    canvas.fill(.init(x: at.x - 2, y: at.y - 2, width: 5, height: 5), color)
  }

  /// A straight line of the given thickness.
  mutating func line(
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

  /// A word for a colour, below the top edge.
  mutating func legend(_ words: [(text: String, color: Image.Color)]) {
    for (row, word) in words.enumerated() {
      let top = Self.margin.top + 10 + 16 * row
      let left = Self.margin.left + Self.side - 12 - Canvas.width(of: word.text)
      canvas.fill(.init(x: left - 22, y: top + 3, width: 16, height: 3), word.color)
      canvas.text(word.text, x: left, y: top)
    }
  }

  /// A range a little wider than its values, with ticks at multiples of 1, 2 or 5 times a power of ten.
  struct Axis {
    let range: ClosedRange<Double>
    private let step: Double

    /// Values that are not finite do not count.
    init(_ values: [Double]) {
      let finite = values.filter { $0.isFinite && abs($0) < 1e300 }
      let (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
      let spread = most > least ? most - least : max(abs(most), 1)
      range = least - 0.06 * spread...most + 0.06 * spread
      var power = 1.0
      while power * 10 <= spread { power *= 10 }
      while power > spread { power /= 10 }
      // The spread has 1 to 10 of them: the largest part of which it has four or more.
      step = ([2, 1, 0.5].first { spread >= 4 * $0 * power } ?? 0.2) * power
    }

    /// Where a value lies from 0, the lower end, to 1.
    func share(_ value: Double) -> Double {
      guard value.isFinite else { return value > 0 ? 1 : 0 }
      return min(1, max(0, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
    }

    var ticks: [Double] {
      let first = (range.lowerBound / step).rounded(.up), last = (range.upperBound / step).rounded(.down)
      guard first <= last, abs(first) < 1e15, abs(last) < 1e15 else { return [] }
      return (Int(first)...Int(last)).map { Double($0) * step }
    }

    /// Three digits, more where the ticks differ in later ones only.
    func label(_ tick: Double) -> String {
      let size = max(abs(range.lowerBound), abs(range.upperBound))
      var digits = 3
      while digits < 9, step * 100 < size * 10 / Self.power(digits - 2) { digits += 1 }
      let text = Readable.significant(tick, digits: digits)
      guard text.contains("."), !text.contains("e") else { return text }
      let trimmed = text.reversed().drop { $0 == "0" }
      return String((trimmed.first == "." ? trimmed.dropFirst() : trimmed).reversed())
    }

    private static func power(_ exponent: Int) -> Double { (0..<exponent).reduce(1) { value, _ in value * 10 } }
  }
}
