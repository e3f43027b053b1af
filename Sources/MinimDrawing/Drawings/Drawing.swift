import MinimFiles

/// A figure as paths, dots, words and pixels, each at its place: the last form before SVG or pixels, and the one in which tests
/// see what overlaps. Lengths are in pixels of a page, y downward.
package struct Drawing: Sendable {
  /// The color of a part. Those of words and axes follow the page, light or dark.
  package enum Ink: Equatable, Sendable {
    /// Of words and of axes.
    case foreground
    /// Of what should stand back: frames and marks.
    case soft
    /// Of lines of a grid.
    case grid
    /// Of the page itself.
    case background
    /// The same on every page.
    case color(Image.Color)
    /// A color through which one sees what is behind.
    case tint(Image.Color)
  }

  /// How a line is drawn.
  package struct Stroke: Equatable, Sendable {
    package var ink: Ink
    package var width: Double
    /// The lengths of a dash, of the gap after it, of the next dash and so on, an even number; empty for a whole line.
    package var dashes: [Double]

    package init(_ ink: Ink, width: Double, dashes: [Double] = []) {
      precondition(dashes.count % 2 == 0 && dashes.allSatisfy { $0 > 0 }, "a dash lacks its gap, or has no length")
      (self.ink, self.width, self.dashes) = (ink, width, dashes)
    }
  }

  /// A line of text.
  package struct Words: Equatable, Sendable {
    /// Where the text stands to its point.
    package enum Anchor: Sendable { case start, middle, end }

    package var text: String
    /// The point on the baseline.
    package var x: Double, y: Double
    package var size: Double
    package var anchor: Anchor
    package var ink: Ink
    /// Whether the text reads upward.
    package var isUpright: Bool

    package init(
      _ text: String, x: Double, y: Double, size: Double, anchor: Anchor = .start, ink: Ink = .foreground,
      isUpright: Bool = false
    ) {
      (self.text, self.x, self.y, self.size) = (text, x, y, size)
      (self.anchor, self.ink, self.isUpright) = (anchor, ink, isUpright)
    }

    /// The length before the point.
    var lead: Double {
      let width = Typeface.width(of: text, size: size)
      return switch anchor {
      case .start: 0
      case .middle: width / 2
      case .end: width
      }
    }

    /// The room that the text takes.
    package var box: Box {
      let width = Typeface.width(of: text, size: size), (up, down) = (Typeface.ascent * size, Typeface.descent * size)
      return isUpright
        ? Box(left: x - up, top: y - width + lead, right: x + down, bottom: y + lead)
        : Box(left: x - lead, top: y - up, right: x - lead + width, bottom: y + down)
    }
  }

  /// A part, drawn over those before it.
  package enum Part: Sendable {
    case stroke(Shape, Stroke)
    case fill(Shape, Ink)
    /// Dots of one shape and size: the radius is that of a disk.
    case dots([Shape.Point], Mark, radius: Double, Ink)
    case words(Words)
    /// An image whose pixels fill a box, with sharp edges.
    case image(Image, Box)
  }

  package var width: Double, height: Double
  package var parts: [Part] = []
  /// The boxes of the panels, in order; empty if there is only one figure.
  package var panels: [Box] = []

  package init(width: Double, height: Double) { (self.width, self.height) = (width, height) }

  /// All words with their places.
  package var words: [Words] {
    parts.compactMap { if case .words(let words) = $0 { words } else { nil } }
  }

  /// Adds the parts of another drawing, moved.
  package mutating func add(_ other: Drawing, x: Double, y: Double) {
    parts += other.parts.map { part in
      func moved(_ path: Shape) -> Shape { path.mapped { .init(x: $0.x + x, y: $0.y + y) } }
      switch part {
      case .stroke(let path, let stroke): return .stroke(moved(path), stroke)
      case .fill(let path, let ink): return .fill(moved(path), ink)
      case .dots(let points, let mark, let radius, let ink):
        return .dots(points.map { .init(x: $0.x + x, y: $0.y + y) }, mark, radius: radius, ink)
      case .words(var words):
        words.x += x
        words.y += y
        return .words(words)
      case .image(let image, let box): return .image(image, box.offset(x: x, y: y))
      }
    }
  }

  /// Adds a line of text.
  mutating func write(
    _ text: String, x: Double, y: Double, size: Double, _ anchor: Words.Anchor = .start, ink: Ink = .foreground,
    isUpright: Bool = false
  ) {
    guard !text.isEmpty else { return }
    parts.append(.words(Words(text, x: x, y: y, size: size, anchor: anchor, ink: ink, isUpright: isUpright)))
  }
}
