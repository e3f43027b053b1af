import Glibc
import MinimFiles

/// A square with two axes, in which a plot is drawn.
package struct PlotFrame {
  var canvas: Canvas
  let x: Axis, y: Axis

  static let side = 480
  static let margin = (left: 70, right: 20, top: 40, bottom: 50)
  /// The square, including its edge.
  package static let square = Canvas.Rectangle(x: margin.left, y: margin.top, width: side + 1, height: side + 1)

  /// Creates a frame with grid, ticks and words, and nothing drawn in it yet.
  init(title: String, xLabel: String, yLabel: String, x: Axis, y: Axis) {
    let (side, margin) = (Self.side, Self.margin)
    canvas = Canvas(width: margin.left + side + margin.right, height: margin.top + side + margin.bottom)
    self.x = x
    self.y = y
    for tick in x.ticks {
      let (at, label) = (place(tick, y.range.lowerBound), x.label(tick))
      canvas.fill(.init(x: at.x, y: margin.top, width: 1, height: side), .gray(225))
      canvas.text(label, x: at.x - Canvas.width(of: label) / 2, y: margin.top + side + 8)
    }
    for tick in y.ticks {
      let (at, label) = (place(x.range.lowerBound, tick), y.label(tick))
      canvas.fill(.init(x: margin.left, y: at.y, width: side, height: 1), .gray(225))
      canvas.text(label, x: margin.left - 8 - Canvas.width(of: label), y: at.y - 4)
    }
    canvas.frame(Self.square, .gray(120))
    canvas.text(title, x: margin.left, y: 8)
    canvas.text(xLabel, x: margin.left + (side - Canvas.width(of: xLabel)) / 2, y: margin.top + side + 28)
    canvas.text(yLabel, x: 4, y: 24)
  }

  /// The place of a point on the canvas; a point outside of the frame is moved to its edge.
  func place(_ horizontal: Double, _ vertical: Double) -> (x: Int, y: Int) {
    (
      Self.margin.left + Int((x.share(horizontal) * Double(Self.side)).rounded()),
      Self.margin.top + Self.side - Int((y.share(vertical) * Double(Self.side)).rounded())
    )
  }

  /// A range slightly wider than its values, with ticks at multiples of 1, 2 or 5 times a power of ten.
  package struct Axis {
    package let range: ClosedRange<Double>
    private let step: Double

    package init(_ values: [Double]) {
      let finite = values.filter(\.isFinite)
      var (least, most) = (finite.min() ?? 0, finite.max() ?? 1)
      if least == most {
        // A single value lies in the middle of a range of its own size.
        let half = max(abs(most), 1) / 2
        (least, most) = (least - half, most + half)
      }
      let spread = most - least
      range = least - 0.06 * spread...most + 0.06 * spread
      step = Self.step(spread)
    }

    /// Creates an axis that ends exactly at the range's bounds.
    init(exactly range: ClosedRange<Double>) {
      self.range = range
      step = Self.step(range.upperBound - range.lowerBound)
    }

    /// The distance of ticks: 5, 2, 1 or 0.5 times a power of ten, the largest that gives at least four.
    private static func step(_ spread: Double) -> Double {
      var power = 1.0
      while power * 2 < spread { power *= 10 }
      while power * 2 > spread { power /= 10 }
      return [5.0, 2, 1, 0.5].first { spread / ($0 * power) >= 4 }.map { $0 * power } ?? power / 2
    }

    /// The position of a value between the range's lower end, 0, and its upper, 1; values beyond are clamped.
    package func share(_ value: Double) -> Double {
      min(1, max(0, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
    }

    /// The multiples of the step in the range; none if numbers are so near each other, or so large, that Double has no
    /// multiple between them.
    package var ticks: [Double] {
      let first = (range.lowerBound / step).rounded(.up), last = (range.upperBound / step).rounded(.down)
      guard first <= last, max(abs(first), abs(last)) < 0x1p53 else { return [] }
      return (Int(first)...Int(last)).map { Double($0) * step }
    }

    /// A tick's label, with as many digits as distinguish it from the next one, and at least three.
    package func label(_ tick: Double) -> String {
      let digits = tick == 0 ? 3 : Int(log10(abs(tick)).rounded(.down) - log10(step).rounded(.down)) + 1
      return Readable.significant(tick, digits: max(3, min(digits, 16)))
    }
  }
}
