/// Runs, or whatever has several numbers, as lines across parallel axes, one for each number (Inselberg 1985, "The Plane with
/// Parallel Coordinates"). The last axis says which are the best: those with the least numbers stand out.
package struct ParallelCoordinates: Sendable {
  /// The values of one kind, one for each line.
  package struct Axis: Sendable {
    package let name: String
    package let values: [Double]
    /// The names of the values 1, 2, 3 and so on; empty for numbers.
    package let names: [String]
    package let scale: Plot.Scale

    package init(_ name: String, _ values: [Double], names: [String] = [], scale: Plot.Scale = .linear) {
      (self.name, self.values, self.names, self.scale) = (name, values, names, scale)
    }
  }

  private let axes: [Axis]
  private let scales: [PlotAxis]
  private let count: Int

  /// Creates a figure of axes with as many values each; nil for fewer than two axes, or for no lines.
  package init?(_ axes: [Axis]) {
    guard axes.count > 1, let count = axes.map(\.values.count).min(), count > 0 else { return nil }
    (self.axes, self.count) = (axes, count)
    scales = axes.map { axis in
      axis.names.isEmpty
        ? PlotAxis(axis.values, axis.scale, most: 6)
        : PlotAxis(exactly: 0.5...Double(axis.names.count) + 0.5, names: axis.names, most: 12)
    }
  }

  private static let gap = 150.0, height = 260.0, margin = 12.0, size = 11.0

  /// The figure.
  package var drawing: Drawing {
    let (size, margin) = (Self.size, Self.margin)
    let titles = zip(axes, scales).map { axis, scale in
      Typeface.shortened(scale.title(axis.name), width: Self.gap - margin, size: size)
    }
    let left = margin + (labels(0).map { Typeface.width(of: $0, size: size) }.max() ?? 0) + 8
    let half = Typeface.width(of: titles[titles.count - 1], size: size) / 2
    let first = max(left, margin + Typeface.width(of: titles[0], size: size) / 2)
    let frame = Box(
      left: first, top: margin + 2 * size, right: first + Double(axes.count - 1) * Self.gap,
      bottom: margin + 2 * size + Self.height)
    var drawing = Drawing(width: frame.right + max(half, 8) + margin, height: frame.bottom + 3 * size + margin)
    drawLines(frame, on: &drawing)
    for index in axes.indices { drawAxis(index, titles[index], frame, on: &drawing) }
    let words = Typeface.shortened(legend, width: drawing.width - 2 * margin, size: size)
    drawing.write(words, x: margin, y: frame.bottom + 2.5 * size, size: size)
    return drawing
  }

  private func labels(_ index: Int) -> [String] {
    scales[index].labels.map { Typeface.shortened($0, width: Self.gap - 2 * Self.margin, size: Self.size) }
  }

  // MARK: - Lines

  /// The lines with the least last numbers: a tenth of them, and those that are as good.
  private var best: Double? {
    let last = axes[axes.count - 1].values.prefix(count).filter(\.isFinite).sorted()
    return last.isEmpty ? nil : last[(last.count - 1) / 10]
  }

  private var legend: String {
    let last = axes[axes.count - 1]
    let lost = last.values.prefix(count).count { !$0.isFinite }
    return "blue: the tenth with the least \(last.name)" + (lost > 0 ? "; orange: without one" : "")
  }

  private func drawLines(_ frame: Box, on drawing: inout Drawing) {
    let best = best
    var kinds: [(ink: Drawing.Ink, width: Double, lines: [Shape.Contour])] = [
      (.soft, 0.6, []), (.color(Plot.colors[1]), 1, []), (.color(Plot.colors[0]), 1.8, []),
    ]
    for line in 0..<count {
      let last = axes[axes.count - 1].values[line]
      let kind = !last.isFinite ? 1 : best.map { last <= $0 } == true ? 2 : 0
      let points = axes.indices.filter { axes[$0].values[line].isFinite }.map {
        place(axes[$0].values[line], $0, frame)
      }
      kinds[kind].lines.append(.init(points))
    }
    for kind in kinds where !kind.lines.isEmpty {
      drawing.parts.append(.stroke(Shape(kind.lines), .init(kind.ink, width: kind.width)))
    }
  }

  private func place(_ value: Double, _ index: Int, _ frame: Box) -> Shape.Point {
    .init(
      x: frame.left + Double(index) * Self.gap, y: frame.bottom - scales[index].share(value) * frame.height)
  }

  // MARK: - Axes

  private func drawAxis(_ index: Int, _ title: String, _ frame: Box, on drawing: inout Drawing) {
    let size = Self.size, x = frame.left + Double(index) * Self.gap
    drawing.parts.append(.stroke(.line(x, frame.top, x, frame.bottom), .init(.foreground, width: 1)))
    drawing.write(title, x: x, y: frame.top - size, size: size, .middle)
    for (tick, label) in zip(scales[index].ticks, labels(index)) {
      let y = place(tick, index, frame).y
      let width = Typeface.width(of: label, size: size)
      // Lines would cross the words.
      let plate = Box(left: x - width - 7, top: y - 0.6 * size, right: x - 4, bottom: y + 0.6 * size)
      drawing.parts.append(.fill(.rectangle(plate), .background))
      drawing.parts.append(.stroke(.line(x - 3, y, x, y), .init(.foreground, width: 1)))
      drawing.write(label, x: x - 5, y: y + Typeface.capHeight * size / 2, size: size, .end)
    }
  }
}
