import MinimFiles

extension Canvas {
  /// The position of a text in its rectangle.
  package enum Alignment: Sendable { case leading, center, trailing }

  /// Writes lines of text. The capitals of the first have their upper left corner at (`x`, `y`).
  ///
  /// - Parameter size: the size of the letters, in pixels.
  package mutating func text(_ text: String, x: Int, y: Int, size: Double, _ color: Image.Color = .black) {
    for (line, words) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      write(String(words), x: x, y: y + line * Self.pitch(size), size: size, color)
    }
  }

  private mutating func write(_ text: String, x: Int, y: Int, size: Double, _ color: Image.Color) {
    // Letters may lean a pixel beyond their place.
    let room = 2, above = Int((Typeface.ascent * size).rounded(.up)) + room
    var coverage = Coverage(
      width: Self.width(of: text, size: size) + 2 * room,
      height: above + Int((Typeface.descent * size).rounded(.up)) + room)
    coverage.add(
      Drawing.Words(text, x: Double(room), y: Double(above), size: size), scale: 1)
    let (left, top) = (x - room, y + Self.capitals(size) - above)
    coverage.drain { column, row, share in
      let (x, y) = (left + column, top + row)
      guard (0..<image.width).contains(x), (0..<image.height).contains(y) else { return }
      image[x, y] = image[x, y].mixed(with: color, share)
    }
  }

  /// Writes one line of text in a rectangle, its capitals centered vertically.
  ///
  /// - Parameters:
  ///   - size: the size of the letters, in pixels.
  ///   - plate: a color behind the text, so that it can be read over hatching.
  package mutating func text(
    _ text: String, in area: Rectangle, size: Double, _ alignment: Alignment = .center, _ color: Image.Color = .black,
    plate: Image.Color? = nil
  ) {
    let free = area.width - Self.width(of: text, size: size)
    let offset =
      switch alignment {
      case .leading: 0
      case .center: free / 2
      case .trailing: free
      }
    let top = area.y + (area.height - Self.capitals(size)) / 2
    if let plate {
      let covered = Rectangle(x: area.x + offset, y: top, width: area.width - free, height: Self.capitals(size))
      fill(covered.inset(by: -Int(size / 5)), plate)
    }
    self.text(text, x: area.x + offset, y: top, size: size, color)
  }

  /// The width of a line of text, in pixels.
  package static func width(of text: String, size: Double) -> Int {
    Int(Typeface.width(of: text, size: size).rounded(.up))
  }

  /// The height of lines of text, in pixels, from the capitals of the first to the baseline of the last.
  package static func height(lines: Int, size: Double) -> Int {
    lines > 0 ? (lines - 1) * pitch(size) + capitals(size) : 0
  }

  /// The distance of lines, in pixels.
  package static func pitch(_ size: Double) -> Int { Int((Typeface.lineHeight * size).rounded(.up)) }

  /// The height of capitals, in whole pixels, so that they are sharp.
  private static func capitals(_ size: Double) -> Int { Int((Typeface.capHeight * size).rounded()) }
}
