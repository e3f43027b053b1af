import MinimFiles

extension Drawing {
  /// The drawing as SVG: words are words, which can be found and read aloud.
  ///
  /// - Parameters:
  ///   - title: the accessible name.
  ///   - isAlone: whether it is a file of its own, with its colors, and not a part of a page, whose style sheet has them.
  package func svg(title: String, isAlone: Bool = false) -> Markup {
    let size: Markup = "viewBox=\"0 0 \(Self.short(width)) \(Self.short(height))\" width=\"\(Self.short(width))\""
    // Whoever wants one panel of a file finds it by these boxes: x, y, width and height.
    let boxes = panels.map { [$0.left, $0.top, $0.width, $0.height].map(Self.short).joined(separator: " ") }
    let places: Markup = boxes.isEmpty ? .none : " data-panels=\"\(boxes.joined(separator: ", "))\""
    let head: Markup =
      isAlone
      ? "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) height=\"\(Self.short(height))\"\(places) role=\"img\" aria-label=\"\(title)\">\n<style>\(Self.colors)</style>\n"
      : "<svg \(size) role=\"img\" aria-label=\"\(title)\">\n"
    // A rectangle, since not every viewer knows the background of a style sheet.
    let ground: Markup =
      isAlone ? "<rect width=\"\(Self.short(width))\" height=\"\(Self.short(height))\" class=\"back\"/>\n" : .none
    let content = ground + parts.map(markup).joined(separator: "\n")
    return head + "<title>\(title)</title>\n" + content + "\n</svg>"
  }

  /// The colors of a file of its own, as on white.
  private static var colors: Markup {
    let rules = [
      "text { fill: \(hexadecimal(Ink.foreground.onWhite)) }",
      ".axis { stroke: \(hexadecimal(Ink.foreground.onWhite)) }", ".frame { stroke: \(hexadecimal(Ink.soft.onWhite)) }",
      ".grid { stroke: \(hexadecimal(Ink.grid.onWhite)) }", ".back { fill: \(hexadecimal(Ink.background.onWhite)) }",
    ]
    return Markup(verbatim: rules.joined(separator: " "))
  }

  /// A color as SVG writes it.
  static func hexadecimal(_ color: Image.Color) -> String {
    func two(_ value: UInt8) -> String { (value < 16 ? "0" : "") + String(value, radix: 16) }
    return "#" + two(color.red) + two(color.green) + two(color.blue)
  }

  private func markup(_ part: Part) -> Markup {
    switch part {
    case .stroke(let path, let stroke):
      let lengths = stroke.dashes.map { Self.short($0) }.joined(separator: " ")
      let dash: Markup = lengths.isEmpty ? .none : "stroke-dasharray=\"\(lengths)\" "
      return
        "<path d=\"\(Self.data(path))\" fill=\"none\" \(Self.ink(stroke.ink, "stroke")) stroke-width=\"\(Self.short(stroke.width))\" \(dash)stroke-linejoin=\"round\"/>"
    case .fill(let path, let ink): return "<path d=\"\(Self.data(path))\" \(Self.ink(ink, "fill"))/>"
    case .dots(let points, .disk, let radius, let ink):
      // Lines of no length with round ends: a tenth of the bytes of circles.
      let data = points.map { "M\(Self.short($0.x)) \(Self.short($0.y))h0" }.joined()
      return
        "<path d=\"\(Markup(verbatim: data))\" fill=\"none\" \(Self.ink(ink, "stroke")) stroke-width=\"\(Self.short(2 * radius))\" stroke-linecap=\"round\"/>"
    case .dots(let points, let mark, let radius, let ink):
      let steps = Self.steps(mark, radius: radius)
      let data = points.flatMap { point in steps.map { "M\(Self.short(point.x)) \(Self.short(point.y))\($0)" } }
        .joined()
      return "<path d=\"\(Markup(verbatim: data))\" \(Self.ink(ink, "fill"))/>"
    case .words(let words): return Self.markup(words)
    case .image(let image, let box):
      guard let png = try? PNG.encode(Self.enlarged(image)) else { return .none }
      return
        "<image x=\"\(Self.short(box.left))\" y=\"\(Self.short(box.top))\" width=\"\(Self.short(box.width))\" height=\"\(Self.short(box.height))\" preserveAspectRatio=\"none\" style=\"image-rendering: pixelated\" href=\"data:image/png;base64,\(Markup(verbatim: HTML.base64(png)))\"/>"
    }
  }

  /// A small image with each pixel as a block: viewers that smooth images would let a cell bleed into its neighbors.
  private static func enlarged(_ image: Image) -> Image {
    let factor = 256 / max(1, image.width, image.height)
    guard factor > 1, image.width > 1, image.height > 1 else { return image }
    var large = Image(width: factor * image.width, height: factor * image.height, rgb: image.channels == 3)
    for y in 0..<large.height {
      for x in 0..<large.width { large[x, y] = image[x / factor, y / factor] }
    }
    return large
  }

  private static func markup(_ words: Words) -> Markup {
    let anchor: Markup =
      switch words.anchor {
      case .start: .none
      case .middle: " text-anchor=\"middle\""
      case .end: " text-anchor=\"end\""
      }
    let (x, y) = (short(words.x), short(words.y))
    let turn: Markup = words.isUpright ? " transform=\"rotate(-90 \(x) \(y))\"" : .none
    let ink: Markup = words.ink == .foreground ? .none : " \(Self.ink(words.ink, "fill"))"
    return
      "<text x=\"\(x)\" y=\"\(y)\" font-family=\"\(Typeface.family)\" font-size=\"\(short(words.size))\"\(anchor)\(turn)\(ink)>\(words.text)</text>"
  }

  /// An attribute for a color, or a class for one that follows the page.
  private static func ink(_ ink: Ink, _ attribute: String) -> Markup {
    switch ink {
    case .foreground: "class=\"axis\""
    case .soft: "class=\"frame\""
    case .grid: "class=\"grid\""
    case .background: "class=\"back\""
    case .color(let color): "\(Markup(verbatim: attribute))=\"\(hexadecimal(color))\""
    case .tint(let color):
      "\(Markup(verbatim: attribute))=\"\(hexadecimal(color))\" opacity=\"\(Double(Drawing.Ink.tintShare))\""
    }
  }

  /// The contours of a mark, each from the mark's center.
  private static func steps(_ mark: Mark, radius: Double) -> [String] {
    func rounded(_ point: Shape.Point) -> Shape.Point {
      .init(x: (radius * point.x * 10).rounded() / 10, y: (radius * point.y * 10).rounded() / 10)
    }
    return mark.contours.map { contour in
      var place = Shape.Point(x: 0, y: 0)
      let steps = contour.map { corner in
        // From rounded place to rounded place, so that what rounding leaves out does not add up.
        let next = rounded(corner)
        defer { place = next }
        return "\(short(next.x - place.x)) \(short(next.y - place.y))"
      }
      return "m" + steps.joined(separator: "l") + "z"
    }
  }

  private static func data(_ path: Shape) -> Markup {
    let contours = path.contours.map { contour in
      contour.points.enumerated().map { "\($0 == 0 ? "M" : "L")\(short($1.x)) \(short($1.y))" }.joined()
        + (contour.isClosed ? "Z" : "")
    }
    return Markup(verbatim: contours.joined())
  }

  /// A number to a tenth of a pixel, which is enough.
  static func short(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }
}
