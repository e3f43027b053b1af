import MinimFiles
import MinimNN

/// Dots with error bars in a square, with ticks at round numbers.
enum ScatterPlot {
  private static let side = 480
  private static let margin = (left: 70, right: 20, top: 40, bottom: 50)
  private static let dotColor = Image.Color(31, 119, 180)
  private static let gridColor = Image.Color.grey(225)

  /// The picture, with both axes alike where its diagonal matters.
  static func draw(_ picture: Picture) -> Image {
    var canvas = Canvas(width: margin.left + side + margin.right, height: margin.top + side + margin.bottom)
    let xs = picture.points.map(\.x), ys = picture.points.flatMap { [$0.y - $0.error, $0.y + $0.error] }
    let x = Axis(picture.hasDiagonal ? xs + ys : xs), y = Axis(picture.hasDiagonal ? xs + ys : ys)
    func place(_ point: (x: Double, y: Double)) -> (x: Int, y: Int) {
      (
        margin.left + Int((x.share(point.x) * Double(side)).rounded()),
        margin.top + side - Int((y.share(point.y) * Double(side)).rounded())
      )
    }
    for tick in x.ticks {
      let at = place((tick, y.range.lowerBound))
      canvas.fill(.init(x: at.x, y: margin.top, width: 1, height: side), gridColor)
      let label = x.label(tick)
      canvas.text(label, x: at.x - Canvas.width(of: label) / 2, y: margin.top + side + 8)
    }
    for tick in y.ticks {
      let at = place((x.range.lowerBound, tick))
      canvas.fill(.init(x: margin.left, y: at.y, width: side, height: 1), gridColor)
      let label = y.label(tick)
      canvas.text(label, x: margin.left - 8 - Canvas.width(of: label), y: at.y - 4)
    }
    if picture.hasDiagonal {
      for offset in 0...side {
        canvas.fill(.init(x: margin.left + offset, y: margin.top + side - offset, width: 1, height: 1), .grey(120))
      }
    }
    canvas.frame(.init(x: margin.left, y: margin.top, width: side + 1, height: side + 1), .grey(120))
    for point in picture.points {
      let at = place((point.x, point.y))
      let (top, bottom) = (place((point.x, point.y + point.error)).y, place((point.x, point.y - point.error)).y)
      canvas.fill(.init(x: at.x, y: top, width: 1, height: bottom - top + 1), dotColor)
      canvas.fill(.init(x: at.x - 2, y: at.y - 2, width: 5, height: 5), dotColor)
    }
    canvas.text(picture.title, x: margin.left, y: 16)
    canvas.text(
      picture.xLabel, x: margin.left + (side - Canvas.width(of: picture.xLabel)) / 2, y: margin.top + side + 28)
    canvas.text(picture.yLabel, x: 4, y: 26)
    return canvas.image
  }

  /// A range a little wider than its values, with ticks at multiples of 1, 2 or 5 times a power of ten.
  struct Axis {
    let range: ClosedRange<Double>
    let step: Double

    init(_ values: [Double]) {
      let finite = values.filter(\.isFinite)
      let (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
      let spread = most > least ? most - least : max(abs(most), 1)
      range = least - 0.06 * spread...most + 0.06 * spread
      // The largest power of ten of which at least two fit, then the largest of its parts with four.
      var power = 1.0
      while power * 2 < spread { power *= 10 }
      while power * 2 > spread { power /= 10 }
      step = [5.0, 2, 1, 0.5].first { spread / ($0 * power) >= 4 }.map { $0 * power } ?? power / 2
    }

    func share(_ value: Double) -> Double {
      min(1, max(0, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
    }

    var ticks: [Double] {
      let first = (range.lowerBound / step).rounded(.up), last = (range.upperBound / step).rounded(.down)
      return first <= last ? (Int(first)...Int(last)).map { Double($0) * step } : []
    }

    func label(_ tick: Double) -> String { Readable.significant(tick, digits: 3) }
  }
}
