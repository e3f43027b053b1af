import MinimFiles

extension Plot {
  /// The plot as inline SVG, with the axes and colors of its picture in pixels. Lines and words take the color of the
  /// surrounding text, so that they are readable on light and on dark. Nil if a layer has shades, which only pixels
  /// have.
  package func svg() -> Markup? {
    let isDrawable = series.allSatisfy { if case .field = $0.layer { false } else { true } }
    return isDrawable ? SVGPlot(self).text : nil
  }
}

extension Plot {
  /// A color of a series, as SVG writes it.
  static func svgColor(_ index: Int) -> String {
    let color = colors[index % colors.count]
    func hexadecimal(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
    return "#" + hexadecimal(color.red) + hexadecimal(color.green) + hexadecimal(color.blue)
  }
}

extension HTML {
  /// Plots next to each other, as many as fit the window; plots with shades as pixels.
  package static func charts(_ plots: [Plot]) -> Markup {
    let drawn = plots.compactMap { plot -> Markup? in
      if let svg = plot.svg() { return svg }
      return (try? PNG.encode(plot.draw())).map { image(png: $0, plot.title) }
    }
    return drawn.isEmpty ? .none : "<div class=\"charts\">\n\(drawn.joined(separator: "\n"))\n</div>\n"
  }
}

/// A plot while it is converted to SVG.
private struct SVGPlot {
  private static let size = (width: 560.0, height: 340.0)
  private static let margin = (left: 66.0, right: 14.0, top: 34.0, bottom: 42.0)
  private let plot: Plot
  private let x: PlotFrame.Axis, y: PlotFrame.Axis

  init(_ plot: Plot) {
    self.plot = plot
    (x, y) = plot.axes
  }

  var text: Markup {
    let (size, margin) = (Self.size, Self.margin)
    let title = plot.title
    var parts: [Markup] = [
      "<svg viewBox=\"0 0 \(Int(size.width)) \(Int(size.height))\" role=\"img\" aria-label=\"\(title)\">",
      "<title>\(title)</title>",
      "<text x=\"\(margin.left)\" y=\"14\" class=\"title\">\(title)</text>",
      "<text x=\"4\" y=\"28\">\(plot.yLabel)</text>",
      "<text x=\"\(size.width / 2)\" y=\"\(size.height - 4)\" text-anchor=\"middle\">\(plot.xLabel)</text>",
    ]
    parts += grid
    var legend: [(String, String)] = []
    var next = 0
    for series in plot.series {
      let color = Plot.svgColor(series.color ?? next % Plot.background)
      let (shape, isColored) = draw(series.layer, color)
      parts.append(shape)
      guard isColored else { continue }
      if series.color == nil { next += 1 }
      if let name = series.name { legend.append((name, color)) }
    }
    for (index, entry) in legend.enumerated() {
      let top = margin.top + 14 + 15 * Double(index)
      parts.append(
        "<text x=\"\(size.width - margin.right - 22)\" y=\"\(top)\" text-anchor=\"end\">\(entry.0)</text>"
          + "<rect x=\"\(size.width - margin.right - 18)\" y=\"\(top - 6)\" width=\"14\" height=\"3\" fill=\"\(entry.1)\"/>"
      )
    }
    return "\(parts.joined(separator: "\n"))\n</svg>"
  }

  private var grid: [Markup] {
    let (size, margin) = (Self.size, Self.margin)
    let (left, right) = (margin.left, size.width - margin.right)
    let (top, bottom) = (margin.top, size.height - margin.bottom)
    let upright = x.ticks.map { tick -> Markup in
      let at = Self.short(horizontal(tick))
      return "<path d=\"M\(at) \(top)V\(bottom)\" class=\"grid\"/>"
        + "<text x=\"\(at)\" y=\"\(bottom + 14)\" text-anchor=\"middle\">\(x.label(tick))</text>"
    }
    let level = y.ticks.map { tick -> Markup in
      let at = Self.short(vertical(tick))
      return "<path d=\"M\(left) \(at)H\(right)\" class=\"grid\"/>"
        + "<text x=\"\(left - 6)\" y=\"\(at)\" dy=\"4\" text-anchor=\"end\">\(y.label(tick))</text>"
    }
    return upright + level + ["<path d=\"M\(left) \(top)V\(bottom)H\(right)V\(top)Z\" class=\"frame\"/>"]
  }

  private func draw(_ layer: Plot.Layer, _ color: String) -> (shape: Markup, isColored: Bool) {
    switch layer {
    case .line(let points): (path([points], color, width: 1.8), true)
    case .lines(let lines): (path(lines, color, width: 0.8), true)
    case .points(let points): (circles(points, color, radius: 1.5), true)
    case .dots(let dots):
      (
        dots.map { path([[($0.x, $0.y - $0.error), ($0.x, $0.y + $0.error)]], color, width: 1) }.joined()
          + circles(dots.map { ($0.x, $0.y) }, color, radius: 2.5), true
      )
    case .mark(let at):
      (
        "<path d=\"M\(Self.short(horizontal(at))) \(Self.margin.top)V\(Self.size.height - Self.margin.bottom)\" class=\"mark\"/>",
        false
      )
    case .diagonal:
      (
        path(
          [[(x.range.lowerBound, x.range.lowerBound), (x.range.upperBound, x.range.upperBound)]], "currentColor",
          width: 0.8), false
      )
    case .field: (.none, false)
    }
  }

  /// Straight lines between neighbors that are both numbers.
  private func path(_ lines: [[(x: Double, y: Double)]], _ color: String, width: Double) -> Markup {
    var data = ""  // letters, numbers and blanks
    for line in lines {
      var isDrawing = false
      for point in line {
        guard point.x.isFinite, point.y.isFinite else {
          isDrawing = false
          continue
        }
        data += "\(isDrawing ? "L" : "M")\(Self.short(horizontal(point.x))) \(Self.short(vertical(point.y)))"
        isDrawing = true
      }
    }
    return
      "<path d=\"\(Markup(verbatim: data))\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"\(width)\" stroke-linejoin=\"round\"/>"
  }

  private func circles(_ points: [(x: Double, y: Double)], _ color: String, radius: Double) -> Markup {
    points.filter { $0.x.isFinite && $0.y.isFinite }.map { point -> Markup in
      "<circle cx=\"\(Self.short(horizontal(point.x)))\" cy=\"\(Self.short(vertical(point.y)))\" r=\"\(radius)\" fill=\"\(color)\"/>"
    }.joined()
  }

  private func horizontal(_ value: Double) -> Double {
    Self.margin.left + x.share(value) * (Self.size.width - Self.margin.left - Self.margin.right)
  }

  private func vertical(_ value: Double) -> Double {
    Self.size.height - Self.margin.bottom - y.share(value) * (Self.size.height - Self.margin.top - Self.margin.bottom)
  }

  /// A number to a tenth of a pixel, which is enough.
  private static func short(_ value: Double) -> String { "\((value * 10).rounded() / 10)" }
}
