import MinimFiles

/// Draws on an image in whole pixels: rectangles, frames and hatching, and text, for maps and for titles of panels.
package struct Canvas: Sendable {
  /// The image that is drawn on.
  package internal(set) var image: Image

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
}
