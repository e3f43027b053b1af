import MinimFiles

/// Draws on an image in whole pixels: rectangles, frames, hatching and text, for maps and for titles of panels.
package struct Canvas: Sendable {
  /// The image that is drawn on.
  package private(set) var image: Image

  /// Pixels `x..<x + width`, `y..<y + height`.
  package struct Rectangle: Equatable, Sendable {
    package var x: Int
    package var y: Int
    package var width: Int
    package var height: Int

    package init(x: Int, y: Int, width: Int, height: Int) {
      self.x = x
      self.y = y
      self.width = width
      self.height = height
    }

    /// The rectangle without `margin` pixels at each side.
    package func inset(by margin: Int) -> Rectangle {
      Rectangle(x: x + margin, y: y + margin, width: max(0, width - 2 * margin), height: max(0, height - 2 * margin))
    }
  }

  /// The position of a text in its rectangle.
  package enum Alignment: Sendable { case leading, center, trailing }

  package init(width: Int, height: Int, background: Image.Color = .white) {
    image = Image(width: width, height: height, rgb: true, fill: background)
  }

  package init(_ image: Image) { self.image = image }

  /// Fills a rectangle. Whatever lies outside of the image is left out, here and in all other methods.
  package mutating func fill(_ area: Rectangle, _ color: Image.Color) {
    for y in max(0, area.y)..<max(0, area.y, min(image.height, area.y + area.height)) {
      for x in max(0, area.x)..<max(0, area.x, min(image.width, area.x + area.width)) { image[x, y] = color }
    }
  }

  /// Draws the border of a rectangle, on its inside.
  package mutating func frame(_ area: Rectangle, thickness: Int = 1, _ color: Image.Color) {
    let (right, bottom) = (area.x + area.width - thickness, area.y + area.height - thickness)
    fill(Rectangle(x: area.x, y: area.y, width: area.width, height: thickness), color)
    fill(Rectangle(x: area.x, y: bottom, width: area.width, height: thickness), color)
    fill(Rectangle(x: area.x, y: area.y, width: thickness, height: area.height), color)
    fill(Rectangle(x: right, y: area.y, width: thickness, height: area.height), color)
  }

  /// Fills a rectangle with lines that rise to the right, `spacing` pixels apart. Lines of neighboring rectangles meet.
  package mutating func hatch(_ area: Rectangle, spacing: Int = 6, thickness: Int = 1, _ color: Image.Color) {
    for y in area.y..<area.y + area.height {
      for x in area.x..<area.x + area.width where (x + y) % max(1, spacing) < thickness { image[x, y] = color }
    }
  }

  /// Draws an image with its upper left corner at (`x`, `y`), each pixel `zoom` pixels wide and high.
  package mutating func draw(_ other: Image, x: Int, y: Int, zoom: Int = 1) {
    for row in 0..<other.height {
      for column in 0..<other.width {
        fill(Rectangle(x: x + column * zoom, y: y + row * zoom, width: zoom, height: zoom), other[column, row])
      }
    }
  }

  /// Writes lines of text with the upper left corner at (`x`, `y`), each pixel of a letter `scale` pixels wide and high.
  package mutating func text(_ text: String, x: Int, y: Int, scale: Int = 1, _ color: Image.Color = .black) {
    var (left, top) = (x, y)
    for letter in text.unicodeScalars {
      if letter == "\n" {
        (left, top) = (x, top + BitmapFont.lineHeight * scale)
        continue
      }
      for row in 0..<9 {
        for column in 0..<5 where BitmapFont.covers(letter, x: column, y: row) {
          fill(Rectangle(x: left + column * scale, y: top + row * scale, width: scale, height: scale), color)
        }
      }
      left += BitmapFont.advance * scale
    }
  }

  /// Writes one line of text in a rectangle, its capitals centered vertically.
  ///
  /// - Parameter plate: a color behind the text, so that it can be read over hatching.
  package mutating func text(
    _ text: String, in area: Rectangle, scale: Int = 1, _ alignment: Alignment = .center, _ color: Image.Color = .black,
    plate: Image.Color? = nil
  ) {
    let free = area.width - Self.width(of: text, scale: scale)
    let offset =
      switch alignment {
      case .leading: 0
      case .center: free / 2
      case .trailing: free
      }
    let top = area.y + (area.height - BitmapFont.capHeight * scale) / 2
    if let plate {
      let covered = Rectangle(
        x: area.x + offset, y: top, width: area.width - free, height: BitmapFont.capHeight * scale)
      fill(covered.inset(by: -2 * scale), plate)
    }
    self.text(text, x: area.x + offset, y: top, scale: scale, color)
  }

  /// The width of a line of text, in pixels.
  package static func width(of text: String, scale: Int = 1) -> Int {
    max(0, text.unicodeScalars.count * BitmapFont.advance - 1) * scale
  }

  /// The height of lines of text, in pixels, from the capitals of the first to the baseline of the last.
  package static func height(lines: Int, scale: Int = 1) -> Int {
    max(0, (lines - 1) * BitmapFont.lineHeight + BitmapFont.capHeight) * scale
  }
}
