import MinimFiles

/// Small images as text: each character shows two pixels, one above the other.
package enum HalfBlocks {
  /// The lines of an image. Without colors a pixel is white from 128 on, else black.
  package static func draw(_ image: Image, colors: Terminal.Colors) -> [String] {
    stride(from: 0, to: image.height, by: 2).map { y in
      let pairs = (0..<image.width).map { x in (image[x, y], y + 1 < image.height ? image[x, y + 1] : nil) }
      return colors == .none ? plain(pairs) : colored(pairs, colors)
    }
  }

  /// Draws images [count, height, width] with values 0...1 side by side, as many per row as `terminal` is wide.
  package static func draw(
    _ values: [Float], count: Int, height: Int, width: Int, terminal: Terminal
  ) -> [String] {
    precondition(values.count == count * height * width, "values do not fill the images")
    let perRow = max(1, (terminal.width + 1) / max(1, width + 1))
    var lines: [String] = []
    for first in stride(from: 0, to: count, by: perRow) {
      let row = (first..<min(count, first + perRow)).map { index in
        let pixels = values[index * height * width..<(index + 1) * height * width].map { UInt8(intensity: $0) }
        return draw(Image(width: width, height: height, channels: 1, pixels: pixels), colors: terminal.colors)
      }
      if !lines.isEmpty { lines.append("") }
      for line in 0..<(height + 1) / 2 { lines.append(row.map { $0[line] }.joined(separator: " ")) }
    }
    return lines
  }

  private typealias Pair = (upper: Image.Color, lower: Image.Color?)

  private static func plain(_ pairs: [Pair]) -> String {
    String(
      pairs.map { pair in
        switch (pair.upper.red >= 128, (pair.lower?.red ?? 0) >= 128) {
        case (false, false): " "
        case (true, false): "▀"
        case (false, true): "▄"
        case (true, true): "█"
        }
      })
  }

  /// One line of pixels. Changes of color are written only when there are some: a row of one color is short.
  private static func colored(_ pairs: [Pair], _ colors: Terminal.Colors) -> String {
    var line = ""
    var current = ""
    for pair in pairs {
      let below = pair.lower.map { code($0, colors, layer: 48) } ?? "49"
      let wanted = "\u{1B}[\(code(pair.upper, colors, layer: 38));\(below)m"
      if wanted != current { line += wanted }
      current = wanted
      line += "▀"
    }
    return line + (line.isEmpty ? "" : "\u{1B}[0m")
  }

  /// The code of a color for the letter (layer 38) or the background (48).
  private static func code(_ color: Image.Color, _ colors: Terminal.Colors, layer: Int) -> String {
    if colors == .full { return "\(layer);2;\(color.red);\(color.green);\(color.blue)" }
    return "\(layer);5;\(index(color))"
  }

  /// The nearest of the 256 colors: grays have 24 steps of their own (8, 18, ... 238), colors a cube of 6 x 6 x 6.
  private static func index(_ color: Image.Color) -> Int {
    if color.red == color.green && color.green == color.blue {
      if color.red < 4 { return 16 }
      if color.red > 246 { return 231 }
      return 232 + min(23, max(0, (Int(color.red) - 3) / 10))
    }
    // The levels of the cube are 0, 95, 135, 175, 215, 255.
    func level(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
    return 16 + 36 * level(color.red) + 6 * level(color.green) + level(color.blue)
  }
}
