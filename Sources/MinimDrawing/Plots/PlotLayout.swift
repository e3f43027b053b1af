import MinimFiles

/// A plot as a drawing: the frame has a fixed size, and words take the room around it that they need, so that none can meet
/// another.
struct PlotLayout {
  private let plot: Plot
  private let entries: [Entry]
  let area: PlotArea
  private(set) var drawing: Drawing

  /// A name in the legend.
  private struct Entry {
    let name: String
    let style: PlotStyle

    /// The room for the sample, the name, and the gap to the next entry.
    var width: Double {
      style.swatchWidth + PlotLayout.swatchGap + Typeface.width(of: name, size: PlotLayout.tickSize) + 14
    }
  }

  /// Sizes of type.
  private static let titleSize = 13.0, nameSize = 12.0, tickSize = 11.0
  private static let gap = 6.0

  /// The sizes of frames: the side of a plane, and the width and the height of curves.
  struct Frames {
    let side: Double, width: Double, height: Double

    static let usual = Frames(side: 320, width: 360, height: 260)
    /// Of a row with planes and curves.
    static let mixed = Frames(side: 320, width: 360, height: 320)
    /// Of many panels side by side: type stays as large, so that it can be read where the whole is as wide as a page.
    static let small = Frames(side: 210, width: 236, height: 210)
  }

  init(_ plot: Plot, _ frames: Frames = .usual) {
    self.plot = plot
    let styles = PlotStyle.all(of: plot)
    let isSmall = frames.side < Frames.usual.side
    let axes = isSmall ? (x: plot.axes.x.withTicks(atMost: 5), y: plot.axes.y.withTicks(atMost: 5)) : plot.axes
    let ends = PlotEndLabels(plot, styles, axes: axes, size: Self.tickSize)
    let named =
      ends == nil
      ? zip(plot.series, styles).compactMap { series, style in series.name.map { (name: $0, style: style) } } : []
    let field = plot.series.lazy.compactMap { if case .field(let field) = $0.layer { field } else { nil } }.first
    let size =
      plot.isPlane ? (width: frames.side, height: frames.side) : (width: frames.width, height: frames.height)
    let names = (x: axes.x.title(plot.xLabel), y: axes.y.title(plot.yLabel))
    // Upright, the name of an axis is a line or more, as high as the frame.
    let sideNames = Self.wrapped(names.y, width: size.height, Self.nameSize)
    let widest = axes.y.labels.map { Typeface.width(of: $0, size: Self.tickSize) }.max() ?? 0
    let left = Self.gap + Double(sideNames.count) * Self.nameSize * Typeface.lineHeight + widest + 2 * Self.gap
    let bar = field.map { PlotColorBar($0, height: size.height, size: Self.tickSize) }
    // Half of the last label may stand beyond the frame.
    let overhang = zip(axes.x.ticks, axes.x.labels).map { tick, label in
      Typeface.width(of: label, size: Self.tickSize) / 2 - (1 - axes.x.share(tick)) * size.width
    }
    let right = (bar?.width ?? 0) + max(Self.gap, ends?.width ?? 0, overhang.max() ?? 0) + Self.gap
    let width = left + size.width + right
    let titles = Self.balanced(plot.title, width: width - left - Self.gap, Self.titleSize)
    let legend = width - left - Self.gap
    entries = named.map {
      let room = legend - $0.style.swatchWidth - Self.swatchGap
      return Entry(name: Typeface.shortened($0.name, width: room, size: Self.tickSize), style: $0.style)
    }
    let rows = Self.rows(entries, width: legend)
    let top =
      Self.gap + Double(titles.count) * Self.titleSize * Typeface.lineHeight + Double(rows.count) * Self.rowHeight
      + Self.gap
    let bottomNames = Self.wrapped(names.x, width: width - 2 * Self.gap, Self.nameSize)
    let notes = Self.wrapped(Self.note(plot, axes), width: width - 2 * Self.gap, Self.tickSize)
    let below =
      Self.gap + Self.tickSize * Typeface.lineHeight + Double(bottomNames.count) * Self.nameSize * Typeface.lineHeight
      + Double(notes.count) * Self.tickSize * Typeface.lineHeight + Self.gap
    let box = Box(left: left, top: top, right: left + size.width, bottom: top + size.height)
    area = PlotArea(x: axes.x, y: axes.y, box: box)
    drawing = Drawing(width: width, height: top + size.height + below)
    drawGrid()
    PlotLayers(area, of: plot).draw(zip(plot.series, styles).map { ($0.layer, $1) }, on: &drawing)
    drawing.parts.append(.stroke(.rectangle(box), .init(.soft, width: 1)))
    drawTicks()
    bar?.draw(beside: box, on: &drawing)
    ends?.draw(beside: box, on: &drawing)
    writeLines(titles, x: left, y: Self.gap, Self.titleSize, .start)
    drawLegend(rows, top: top - Self.gap - Double(rows.count) * Self.rowHeight, left: left)
    var y = box.bottom + Self.gap + Self.tickSize * Typeface.lineHeight
    y = writeLines(bottomNames, x: (box.left + box.right) / 2, y: y, Self.nameSize, .middle)
    writeLines(notes, x: box.right, y: y, Self.tickSize, .end)
    for (line, text) in sideNames.enumerated() {
      let x = Self.gap + (Double(line) * Typeface.lineHeight + 0.85) * Self.nameSize
      drawing.write(text, x: x, y: (box.top + box.bottom) / 2, size: Self.nameSize, .middle, isUpright: true)
    }
  }

  // MARK: - Words

  private static let rowHeight = tickSize * 1.45
  private static let swatchGap = 6.0

  /// Writes lines below a place, and returns the place below them.
  @discardableResult private mutating func writeLines(
    _ lines: [String], x: Double, y: Double, _ size: Double, _ anchor: Drawing.Words.Anchor
  ) -> Double {
    for (line, text) in lines.enumerated() {
      // Of a middle or an end that would leave the picture, the start stays in it.
      let width = Typeface.width(of: text, size: size)
      let lead = anchor == .start ? 0 : anchor == .middle ? width / 2 : width
      let left = max(Self.gap, min(x - lead, drawing.width - Self.gap - width))
      drawing.write(text, x: left, y: y + (Double(line) * Typeface.lineHeight + 0.95) * size, size: size)
    }
    return y + Double(lines.count) * Typeface.lineHeight * size
  }

  /// A text as lines that fit a width: between words, or in a word that is too long for a line. What needs more than six lines
  /// ends with an ellipsis.
  static func wrapped(_ text: String, width: Double, _ size: Double) -> [String] {
    var lines: [String] = [], line = ""
    func fits(_ text: String) -> Bool { Typeface.width(of: text, size: size) <= width }
    for word in text.split(separator: " ").map(String.init) where lines.count < mostLines {
      if fits(line.isEmpty ? word : line + " " + word) {
        line += line.isEmpty ? word : " " + word
        continue
      }
      if !line.isEmpty { lines.append(line) }
      line = ""
      for letter in word where lines.count < mostLines {
        if !line.isEmpty, !fits(line + String(letter)) {
          lines.append(line)
          line = ""
        }
        line.append(letter)
      }
    }
    guard lines.count >= mostLines else { return line.isEmpty ? lines : lines + [line] }
    return lines.prefix(mostLines - 1) + [Typeface.shortened(lines[mostLines - 1] + " …", width: width, size: size)]
  }

  /// A text as lines of about the same width: as few as fit a width, but no word that is alone on the last of them.
  static func balanced(_ text: String, width: Double, _ size: Double) -> [String] {
    let widest = wrapped(text, width: width, size)
    guard (2..<mostLines).contains(widest.count) else { return widest }
    let narrower = stride(from: width / 2, to: width, by: width / 16).lazy.map { wrapped(text, width: $0, size) }
    return narrower.first { $0.count == widest.count } ?? widest
  }

  private static let mostLines = 6

  /// The entries of each row of a legend: as many as fit.
  private static func rows(_ entries: [Entry], width: Double) -> [Range<Int>] {
    var rows: [Range<Int>] = [], start = 0, used = 0.0
    for (index, entry) in entries.enumerated() {
      let own = entry.width
      if index > start, used + own > width {
        rows.append(start..<index)
        (start, used) = (index, 0)
      }
      used += own
    }
    return entries.isEmpty ? [] : rows + [start..<entries.count]
  }

  /// What the frame leaves out.
  private static func note(_ plot: Plot, _ axes: (x: PlotAxis, y: PlotAxis)) -> String {
    let area = PlotArea(x: axes.x, y: axes.y, box: Box(left: 0, top: 0, right: 1, bottom: 1))
    let points = plot.series.flatMap { series -> [(x: Double, y: Double)] in
      switch series.layer {
      case .points(let points): points
      case .dots(let dots): dots.map { ($0.x, $0.y) }
      case .line, .lines, .band, .field, .mark, .level, .diagonal: []
      }
    }
    let beyond = points.count { !area.shows($0) }
    let isCut = plot.series.contains { series in
      if case .line(let points) = series.layer {
        points.contains { ($0.x + $0.y).isFinite && !area.shows($0) }
      } else {
        false
      }
    }
    let words =
      (beyond == 0 ? [] : ["\(Readable.grouped(beyond)) of \(Readable.count(points.count, "point"))"])
      + (isCut ? ["parts of curves"] : [])
    return words.isEmpty ? "" : words.joined(separator: " and ") + " outside of the frame"
  }

  // MARK: - Frame

  private mutating func drawGrid() {
    let box = area.box
    let upright = area.x.ticks.map { tick in area.place((tick, area.y.range.lowerBound)).x }
    let level = area.y.ticks.map { tick in area.place((area.x.range.lowerBound, tick)).y }
    let lines =
      upright.map { Shape.line($0, box.top, $0, box.bottom) } + level.map { Shape.line(box.left, $0, box.right, $0) }
    drawing.parts.append(.stroke(Shape(lines.flatMap(\.contours)), .init(.grid, width: 1)))
  }

  private mutating func drawTicks() {
    let box = area.box
    // A name that would meet the one before it is left out.
    var end = -Double.infinity
    for (tick, label) in zip(area.x.ticks, area.x.labels) {
      let x = area.place((tick, area.y.range.lowerBound)).x
      let half = Typeface.width(of: label, size: Self.tickSize) / 2
      guard x - half > end + Self.gap / 2, x - half > 0 else { continue }
      end = x + half
      drawing.write(label, x: x, y: box.bottom + Self.gap + 0.85 * Self.tickSize, size: Self.tickSize, .middle)
    }
    for (tick, label) in zip(area.y.ticks, area.y.labels) {
      let y = area.place((area.x.range.lowerBound, tick)).y + Typeface.capHeight * Self.tickSize / 2
      drawing.write(label, x: box.left - Self.gap, y: y, size: Self.tickSize, .end)
    }
  }

  private mutating func drawLegend(_ rows: [Range<Int>], top: Double, left: Double) {
    for (row, indices) in rows.enumerated() {
      var x = left
      let y = top + (Double(row) + 0.75) * Self.rowHeight, middle = y - 0.36 * Self.tickSize
      for entry in entries[indices] {
        entry.style.drawSwatch(from: x, y: middle, on: &drawing)
        drawing.write(entry.name, x: x + entry.style.swatchWidth + Self.swatchGap, y: y, size: Self.tickSize)
        x += entry.width
      }
    }
  }
}
