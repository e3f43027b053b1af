/// The letters of figures: a part of DejaVu Sans, so that a figure has the same pixels on every machine, and so that the place
/// of each word is known before it is drawn.
enum Typeface {
  /// A letter as a path.
  struct Glyph: Sendable {
    /// The distance to the next letter, in ems.
    let advance: Double
    /// The outline, in ems, y downward from the baseline.
    let outline: Shape
  }

  /// The height of capitals, in ems.
  static let capHeight = 0.729
  /// The room that letters take above and below the baseline, in ems.
  static let ascent = 0.76, descent = 0.236
  /// The distance of lines, in ems.
  static let lineHeight = 1.25
  /// The font as style sheets name it, and others of about the same widths.
  static let family = "DejaVu Sans, Verdana, sans-serif"

  /// The width of a line of text in a size.
  static func width(of text: String, size: Double) -> Double {
    text.unicodeScalars.reduce(0) { $0 + glyph($1).advance } * size
  }

  /// A text that fits a width, with an ellipsis for what does not.
  static func shortened(_ text: String, width: Double, size: Double) -> String {
    guard self.width(of: text, size: size) > width else { return text }
    // No figure is as wide as 200 letters, so the rest need not be measured.
    var left = String(text.prefix(200))
    while !left.isEmpty, self.width(of: left + "…", size: size) > width { left.removeLast() }
    return self.width(of: left + "…", size: size) > width ? "" : left + "…"
  }

  /// A letter; a box for one that figures do not have.
  static func glyph(_ letter: Unicode.Scalar) -> Glyph { glyphs[letter] ?? box }

  private static let box = Glyph(
    advance: 0.6,
    outline: Shape([
      .polygon([(0.05, 0), (0.05, -0.7), (0.55, -0.7), (0.55, 0)]),
      .polygon([(0.11, -0.06), (0.49, -0.06), (0.49, -0.64), (0.11, -0.64)]),
    ]))

  private static let glyphs: [Unicode.Scalar: Glyph] = {
    var glyphs: [Unicode.Scalar: Glyph] = [" ": Glyph(advance: Double(space) / 1000, outline: Shape([]))]
    for line in outlines.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 2)
      guard parts.count == 3, let letter = parts[0].unicodeScalars.first, let advance = Double(parts[1]) else {
        continue
      }
      glyphs[letter] = Glyph(advance: advance / 1000, outline: Shape(outline: parts[2].utf8))
    }
    return glyphs
  }()
}

extension Shape {
  /// Reads an outline of the table: M, L and Q with whole numbers, in thousandths of an em, y upward.
  fileprivate init(outline: Substring.UTF8View) {
    var contours: [Contour] = []
    var points: [Point] = [], numbers: [Double] = []
    var command = UInt8(ascii: "M"), isNegative = false
    var number: Double?
    func finish() {
      if let value = number { numbers.append((isNegative ? -value : value) / 1000) }
      (number, isNegative) = (nil, false)
    }
    func apply() {
      finish()
      defer { numbers = [] }
      guard let y = numbers.last, numbers.count >= 2 else { return }
      let end = Point(x: numbers[numbers.count - 2], y: -y)
      if command == UInt8(ascii: "M"), !points.isEmpty {
        contours.append(Contour(points, isClosed: true))
        points = []
      }
      if command == UInt8(ascii: "Q"), numbers.count == 4, let start = points.last {
        points += Self.curve(from: start, by: Point(x: numbers[0], y: -numbers[1]), to: end)
      } else {
        points.append(end)
      }
    }
    for byte in outline {
      switch byte {
      case UInt8(ascii: "M"), UInt8(ascii: "L"), UInt8(ascii: "Q"):
        apply()
        command = byte
      case UInt8(ascii: "-"): isNegative = true
      case UInt8(ascii: " "): finish()
      default: number = (number ?? 0) * 10 + Double(byte &- UInt8(ascii: "0"))
      }
    }
    apply()
    if !points.isEmpty { contours.append(Contour(points, isClosed: true)) }
    self.init(contours)
  }

  /// Points of a quadratic curve after its start: enough for letters of any size that figures have.
  private static func curve(from start: Point, by control: Point, to end: Point) -> [Point] {
    (1...4).map { step in
      let t = Double(step) / 4, u = 1 - t
      return Point(
        x: u * u * start.x + 2 * u * t * control.x + t * t * end.x,
        y: u * u * start.y + 2 * u * t * control.y + t * t * end.y)
    }
  }
}
