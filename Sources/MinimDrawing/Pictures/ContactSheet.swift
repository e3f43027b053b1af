import MinimFiles

/// Many small images side by side, each pixel enlarged to a square: nothing is blurred.
package struct ContactSheet: Equatable, Sendable {
  /// Images per row.
  package let columns: Int
  /// Rows of images.
  package let rows: Int
  /// Screen pixels per pixel of an image, in each direction.
  package let zoom: Int
  /// The width of the lines between and around the images.
  package let line: Int
  /// The number of adjacent images that belong together; the line after each group is three times as wide.
  package let group: Int
  /// The size of one image, in its own pixels.
  package let imageWidth: Int
  package let imageHeight: Int

  /// Plans a sheet.
  ///
  /// - Parameters:
  ///   - count: the number of images.
  ///   - width: the width of one image.
  ///   - height: the height of one image.
  ///   - group: the number of images that belong together, side by side.
  ///   - columns: images per row, a multiple of `group`; nil makes the sheet about square.
  ///   - zoom: nil makes the sheet at most 900 pixels wide and high, and no pixel larger than 64.
  package init(count: Int, width: Int, height: Int, group: Int = 1, columns: Int? = nil, zoom: Int? = nil) {
    let square = (1...max(1, count)).first { $0 * $0 * width >= count * height } ?? 1
    self.group = group
    self.columns = max(1, min(columns ?? (square + group - 1) / group * group, max(1, count)))
    rows = max(1, (count + self.columns - 1) / self.columns)
    imageWidth = width
    imageHeight = height
    let (columns, rows) = (self.columns, rows)
    let gaps = Self.gaps(columns, group)
    let fitting = (1...64).last { zoom in
      let line = Self.line(zoom, width, height)
      return max(line + columns * (width * zoom + line) + gaps * line, line + rows * (height * zoom + line))
        <= Self.largestSide
    }
    self.zoom = max(1, zoom ?? fitting ?? 1)
    line = Self.line(self.zoom, width, height)
  }

  /// Sheets fit on a screen.
  private static let largestSide = 900

  /// The width of a line: enough for the eye to separate black-and-white images, and thin next to them.
  private static func line(_ zoom: Int, _ width: Int, _ height: Int) -> Int { max(2, zoom * min(width, height) / 14) }

  /// The extra lines in the gaps before the image of a column, or in all gaps of a row.
  private static func gaps(_ column: Int, _ group: Int) -> Int { group > 1 ? (column - 1) / group * 2 : 0 }

  /// The width of the sheet, in pixels.
  package var width: Int { line + columns * (imageWidth * zoom + line) + Self.gaps(columns, group) * line }
  /// The height of the sheet, in pixels.
  package var height: Int { line + rows * (imageHeight * zoom + line) }

  /// The area of an image, without the lines around it.
  package func cell(_ index: Int) -> Canvas.Rectangle {
    let (row, column) = index.quotientAndRemainder(dividingBy: columns)
    return Canvas.Rectangle(
      x: line + column * (imageWidth * zoom + line) + (group > 1 ? column / group * 2 * line : 0),
      y: line + row * (imageHeight * zoom + line),
      width: imageWidth * zoom, height: imageHeight * zoom)
  }

  /// Draws images on a sheet.
  ///
  /// - Parameters:
  ///   - values: [count, height, width, channels]; 0 is black and 1 is white. Values beyond are clamped, and NaN is
  ///     magenta.
  ///   - channels: 1 or 3.
  ///   - framed: indices of images to frame in red, such as invalid samples.
  /// - Precondition: `values` has as many numbers as its shape says, and the images are not empty.
  package static func draw(
    _ values: [Float], count: Int, height: Int, width: Int, channels: Int = 1, group: Int = 1, columns: Int? = nil,
    zoom: Int? = nil, framed: [Int] = []
  ) -> Image {
    precondition(values.count == count * height * width * channels, "values do not fill the images")
    precondition(channels == 1 || channels == 3, "an image has 1 or 3 channels")
    let sheet = ContactSheet(
      count: count, width: width, height: height, group: group, columns: columns, zoom: zoom)
    // A gray sheet takes a third of the bytes; colors are used if something needs them.
    let rgb = channels == 3 || !framed.isEmpty || values.contains { $0.isNaN }
    var canvas = Canvas(Image(width: sheet.width, height: sheet.height, rgb: rgb, fill: Self.lineColor))
    for index in 0..<count {
      let cell = sheet.cell(index)
      for y in 0..<height {
        for x in 0..<width {
          let start = ((index * height + y) * width + x) * channels
          let pixel = Canvas.Rectangle(
            x: cell.x + x * sheet.zoom, y: cell.y + y * sheet.zoom, width: sheet.zoom, height: sheet.zoom)
          canvas.fill(pixel, color(values[start..<start + channels]))
        }
      }
    }
    // In the lines only: a frame hides no pixel.
    let thickness = max(2, sheet.line * 2 / 3)
    for index in framed where (0..<count).contains(index) {
      canvas.frame(sheet.cell(index).inset(by: -thickness), thickness: thickness, .red)
    }
    return canvas.image
  }

  /// Distinct from both black and white.
  package static let lineColor = Image.Color.gray(160)

  private static func color(_ values: ArraySlice<Float>) -> Image.Color {
    if values.contains(where: { $0.isNaN }) { return .magenta }
    let pixels = values.map { UInt8(intensity: $0) }
    return pixels.count == 3 ? Image.Color(pixels[0], pixels[1], pixels[2]) : .gray(pixels[0])
  }
}
