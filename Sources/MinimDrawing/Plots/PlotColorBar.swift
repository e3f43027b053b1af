import MinimFiles

extension Plot.Field {
  /// The values of the first and the last color.
  var shades: ClosedRange<Double> {
    if let range { return range }
    let finite = values.filter(\.isFinite)
    let least = finite.min() ?? 0
    return least...max(least, finite.max() ?? 1)
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

/// The colors of a field next to the frame, with their values.
struct PlotColorBar {
  private let field: Plot.Field
  private let axis: PlotAxis
  private let size: Double
  private static let gap = 12.0, thickness = 12.0, room = 6.0

  init(_ field: Plot.Field, height: Double, size: Double) {
    (self.field, self.size) = (field, size)
    let shades = field.shades
    // A field of one value has one color.
    let ends = shades.lowerBound < shades.upperBound ? shades : shades.lowerBound - 0.5...shades.lowerBound + 0.5
    axis = PlotAxis(exactly: ends, most: 5)
  }

  /// The words above the bar, if its labels leave out a power of ten.
  private var factor: String { axis.title("") }

  /// The width from the frame on.
  var width: Double {
    let widest = axis.labels.map { Typeface.width(of: $0, size: size) }.max() ?? 0
    return Self.gap + Self.thickness + Self.room + max(widest, Typeface.width(of: factor, size: size) - Self.thickness)
  }

  func draw(beside frame: Box, on drawing: inout Drawing) {
    let top = frame.top + (factor.isEmpty ? 0 : 2 * size)
    let box = Box(
      left: frame.right + Self.gap, top: top, right: frame.right + Self.gap + Self.thickness, bottom: frame.bottom)
    var image = Image(width: 1, height: 256, rgb: true)
    for y in 0..<256 { image[0, y] = field.palette.color(1 - Double(y) / 255) }
    drawing.parts.append(.image(image, box))
    drawing.parts.append(.stroke(.rectangle(box), .init(.soft, width: 1)))
    for (tick, label) in zip(axis.ticks, axis.labels) {
      let y = box.bottom - axis.share(tick) * box.height + Typeface.capHeight * size / 2
      drawing.write(label, x: box.right + Self.room, y: y, size: size)
    }
    drawing.write(factor, x: box.left, y: frame.top + size, size: size)
  }
}
