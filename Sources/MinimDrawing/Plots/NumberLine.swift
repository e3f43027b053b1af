import MinimFiles

/// A few values on one scale, a row for each, next to what is allowed: whether a value is where it should be is seen before a digit
/// is read.
package struct NumberLine: Sendable {
  /// A value with what it should be.
  package struct Row: Sendable {
    package let name: String
    package let value: Double
    /// The right value, or the end of the right ones.
    package let target: Double
    /// The allowed values; an end may be infinite.
    package let allowed: ClosedRange<Double>
    /// The index of the dot's color.
    package let color: Int

    package init(_ name: String, _ value: Double, target: Double, allowed: ClosedRange<Double>, color: Int) {
      (self.name, self.value, self.target, self.allowed, self.color) = (name, value, target, allowed, color)
    }
  }

  private let rows: [Row]
  private let axis: PlotAxis

  /// Creates a number line for rows; nil if one of their values or targets is not finite, or if all are the same, so that there is
  /// no scale.
  package init?(_ rows: [Row]) {
    let values: [Double] = rows.map(\.value) + rows.map(\.target)
    guard let least = values.min(), let most = values.max(), least < most, values.allSatisfy(\.isFinite) else {
      return nil
    }
    self.rows = rows
    // A tolerance that is wider than the values would squeeze them.
    let room: Double = most / 2 - least / 2
    let ends: [Double] = rows.map(\.allowed.lowerBound) + rows.map(\.allowed.upperBound)
    let near: [Double] = ends.filter { $0 >= least - room && $0 <= most + room }
    axis = PlotAxis(values + near, most: 4)
  }

  private static let width = 288.0, rowHeight = 17.0, gap = 6.0, size = 11.0

  /// The rows from the top, and the numbers of the scale below them.
  package var drawing: Drawing {
    let (gap, size) = (Self.gap, Self.size)
    let words = rows.map { Typeface.width(of: $0.name, size: size) }.max() ?? 0
    let (left, right) = (words + 2 * gap, Self.width - gap)
    let bottom = Double(rows.count) * Self.rowHeight
    var drawing = Drawing(width: Self.width, height: bottom + gap + 1.4 * size)
    func place(_ value: Double) -> Double { left + axis.share(value) * (right - left) }
    for (index, row) in rows.enumerated() {
      let middle = (Double(index) + 0.5) * Self.rowHeight
      drawing.write(row.name, x: left - gap, y: middle + Typeface.capHeight * size / 2, size: size, .end)
      line(left, right, y: middle, .init(.grid, width: 1), on: &drawing)
      // At least two pixels: what is not there could not be seen.
      let (from, to) = (place(row.allowed.lowerBound), place(row.allowed.upperBound))
      line(
        min(from, place(row.target) - 1), max(to, place(row.target) + 1), y: middle, .init(.grid, width: 9),
        on: &drawing)
      let target = Shape.line(place(row.target), middle - 6, place(row.target), middle + 6)
      drawing.parts.append(.stroke(target, .init(.soft, width: 1.5)))
      let color = row.color % Plot.colors.count
      drawing.parts.append(
        .dots([.init(x: place(row.value), y: middle)], Plot.marks[color], radius: 3.5, .color(Plot.colors[color])))
    }
    var end = 0.0
    for (tick, label) in zip(axis.ticks, axis.labels) {
      let half = Typeface.width(of: label, size: size) / 2
      let x = min(place(tick), Self.width - half)
      drawing.parts.append(.stroke(.line(place(tick), bottom, place(tick), bottom + 3), .init(.soft, width: 1)))
      // The scale's power of ten stands at the left, in the words' place.
      guard x - half > max(end, axis.power == 0 ? 0 : left) else { continue }
      drawing.write(label, x: x, y: bottom + gap + size, size: size, .middle)
      end = x + half + gap
    }
    drawing.write(axis.title(""), x: gap, y: bottom + gap + size, size: size)
    return drawing
  }

  private func line(_ from: Double, _ to: Double, y: Double, _ stroke: Drawing.Stroke, on drawing: inout Drawing) {
    drawing.parts.append(.stroke(.line(from, y, to, y), stroke))
  }
}
