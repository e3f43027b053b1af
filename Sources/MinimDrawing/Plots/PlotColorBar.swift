import MinimFiles

extension Plot.Field {
  /// The values of the first and the last color.
  var shades: ClosedRange<Double> {
    if let range { return range }
    let finite = values.filter(\.isFinite)
    let least = finite.min() ?? 0, most = max(least, finite.max() ?? 1)
    // A scale that begins a little above 0 would have no tick there.
    return (least > 0 && least < 0.05 * most ? 0 : least)...most
  }

  /// One pixel for each value, the first row below; a value that is not a number is magenta.
  var image: Image {
    var image = Image(width: columns, height: rows, rgb: true)
    let shades = shades
    let spread = max(shades.upperBound - shades.lowerBound, .leastNormalMagnitude)
    for (index, value) in values.enumerated() {
      image[index % columns, rows - 1 - index / columns] =
        value.isFinite ? palette.color((value - shades.lowerBound) / spread) : .magenta
    }
    return image
  }
}

/// The colors of a field next to the frame, with their values and their name. An arrow says that values lie beyond an end.
struct PlotColorBar {
  private let field: Plot.Field
  private let axis: PlotAxis
  private let size: Double
  private let names: [String]
  private let exceeds: (below: Bool, above: Bool)
  private static let gap = 12.0, thickness = 12.0, room = 6.0, arrow = 10.0

  init(_ field: Plot.Field, height: Double, size: Double) {
    (self.field, self.size) = (field, size)
    let shades = field.shades
    exceeds = (
      field.values.contains { $0 < shades.lowerBound }, field.values.contains { $0 > shades.upperBound }
    )
    // A field of one value has one color.
    let ends = shades.lowerBound < shades.upperBound ? shades : shades.lowerBound - 0.5...shades.lowerBound + 0.5
    axis = PlotAxis(exactly: ends, most: 5)
    names = PlotLayout.wrapped(axis.title(field.name), width: height, size)
  }

  /// The width of the labels, with the gap before them.
  private var labelWidth: Double { Self.room + (axis.labels.map { Typeface.width(of: $0, size: size) }.max() ?? 0) }

  /// The width from the frame on.
  var width: Double {
    Self.gap + Self.thickness + labelWidth + Self.room / 2 + Double(names.count) * size * Typeface.lineHeight
  }

  func draw(beside frame: Box, on drawing: inout Drawing) {
    let box = Box(
      left: frame.right + Self.gap, top: frame.top + (exceeds.above ? Self.arrow : 0),
      right: frame.right + Self.gap + Self.thickness, bottom: frame.bottom - (exceeds.below ? Self.arrow : 0))
    let ends =
      [(isBeyond: exceeds.above, y: box.top, tip: frame.top, share: 1.0)]
      + [(isBeyond: exceeds.below, y: box.bottom, tip: frame.bottom, share: 0.0)]
    for end in ends where end.isBeyond {
      let arrow = Shape([.polygon([(box.left, end.y), ((box.left + box.right) / 2, end.tip), (box.right, end.y)])])
      drawing.parts.append(.fill(arrow, .color(field.palette.color(end.share))))
      drawing.parts.append(.stroke(arrow, .init(.soft, width: 1)))
    }
    var image = Image(width: 1, height: 256, rgb: true)
    for y in 0..<256 { image[0, y] = field.palette.color(1 - Double(y) / 255) }
    drawing.parts.append(.image(image, box))
    drawing.parts.append(.stroke(.rectangle(box), .init(.soft, width: 1)))
    for (tick, label) in zip(axis.ticks, axis.labels) {
      let y = box.bottom - axis.share(tick) * box.height + Typeface.capHeight * size / 2
      drawing.write(label, x: box.right + Self.room, y: y, size: size)
    }
    for (line, text) in names.enumerated() {
      let x = box.right + labelWidth + Self.room / 2 + (Double(line) * Typeface.lineHeight + 0.85) * size
      drawing.write(text, x: x, y: (frame.top + frame.bottom) / 2, size: size, .middle, isUpright: true)
    }
  }
}
