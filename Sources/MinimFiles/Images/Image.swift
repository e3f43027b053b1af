/// A raster of 8-bit pixels, gray or RGB: rows from the top, pixels from the left, channels last.
package struct Image: Equatable, Sendable {
  package let width: Int
  package let height: Int
  /// 1 (gray) or 3 (red, green, blue).
  package let channels: Int
  /// [height, width, channels]
  package var pixels: [UInt8]

  /// A color; its red component is also its gray level in gray images.
  package struct Color: Equatable, Sendable {
    package let red: UInt8
    package let green: UInt8
    package let blue: UInt8

    package init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
      self.red = red
      self.green = green
      self.blue = blue
    }

    package static func gray(_ value: UInt8) -> Color { Color(value, value, value) }
    package static let black = gray(0)
    package static let white = gray(255)
    package static let red = Color(214, 39, 40)
    /// The color of values that are not numbers: no data set has it.
    package static let magenta = Color(255, 0, 255)
  }

  /// Creates an image of one color.
  ///
  /// - Parameter rgb: whether it can hold colors; a gray image takes the red of every color.
  package init(width: Int, height: Int, rgb: Bool, fill color: Color = .white) {
    let channels = rgb ? 3 : 1
    self.init(
      width: width, height: height, channels: channels,
      pixels: [UInt8](repeating: color.red, count: width * height * channels))
    guard rgb, color != .gray(color.red) else { return }
    for start in stride(from: 0, to: pixels.count, by: 3) {
      pixels[start + 1] = color.green
      pixels[start + 2] = color.blue
    }
  }

  /// Creates an image of these pixels, [height, width, channels].
  package init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// The color of a pixel; setting outside of the image does nothing.
  package subscript(x: Int, y: Int) -> Color {
    get {
      let start = (y * width + x) * channels
      return channels == 1 ? .gray(pixels[start]) : Color(pixels[start], pixels[start + 1], pixels[start + 2])
    }
    set {
      guard x >= 0, y >= 0, x < width, y < height else { return }
      let start = (y * width + x) * channels
      pixels[start] = newValue.red
      if channels == 3 {
        pixels[start + 1] = newValue.green
        pixels[start + 2] = newValue.blue
      }
    }
  }
}

extension UInt8 {
  /// The pixel of an intensity in 0...1, rounded to nearest; other values are clamped, and NaN is 0.
  package init(intensity: Float) {
    self = intensity >= 1 ? 255 : intensity > 0 ? UInt8((intensity * 255).rounded(.toNearestOrEven)) : 0
  }
}
