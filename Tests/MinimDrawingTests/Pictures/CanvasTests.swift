import MinimDrawing
import Testing

@Suite struct CanvasTests {
  typealias Rectangle = Canvas.Rectangle

  /// The image as lines of text: white is a dot.
  static func drawing(_ canvas: Canvas) -> [String] {
    (0..<canvas.image.height).map { y in
      String((0..<canvas.image.width).map { canvas.image[$0, y] == .white ? "." : "#" as Character })
    }
  }

  @Test func fillsFramesAndHatches() {
    var canvas = Canvas(width: 8, height: 5)
    canvas.fill(Rectangle(x: -2, y: 3, width: 4, height: 9), .black)
    canvas.frame(Rectangle(x: 3, y: 0, width: 5, height: 4), .red)
    #expect(Self.drawing(canvas) == ["...#####", "...#...#", "...#...#", "##.#####", "##......"])
    #expect(canvas.image[3, 0] == .red && canvas.image[0, 3] == .black)
    canvas.fill(Rectangle(x: 9, y: 9, width: 5, height: 5), .black)  // outside: nothing
    canvas.fill(Rectangle(x: -9, y: -9, width: 5, height: 5), .black)
    canvas.fill(Rectangle(x: 4, y: 4, width: -3, height: 1), .black)
    #expect(Self.drawing(canvas)[4] == "##......")

    var hatched = Canvas(width: 7, height: 3)
    hatched.hatch(Rectangle(x: 1, y: 0, width: 6, height: 3), spacing: 3, .black)
    #expect(Self.drawing(hatched) == ["...#..#", "..#..#.", ".#..#.."])
  }

  private static func text(_ text: String, size: Double, width: Int = 60, height: Int = 40) -> Canvas {
    var canvas = Canvas(width: width, height: height)
    canvas.text(text, x: 4, y: 4, size: size)
    return canvas
  }

  /// The rows and the columns that have ink.
  private static func inked(_ canvas: Canvas) -> (rows: [Int], columns: [Int]) {
    let lines = drawing(canvas)
    return (
      lines.indices.filter { lines[$0].contains("#") },
      (0..<canvas.image.width).filter { x in lines.contains { $0.dropFirst(x).first == "#" } }
    )
  }

  @Test("capitals stand between their top and the baseline, other letters below it too") func letters() {
    // Capitals of 20 pixels are 0.729 of that high.
    #expect(Self.inked(Self.text("H", size: 20)).rows == Array(4..<19))
    #expect(Self.inked(Self.text("g", size: 20)).rows.last ?? 0 > 19)
    // In its middle a stem is black; at its edges it is gray.
    let stem = Self.text("I", size: 40, height: 60).image
    let colors = (0..<60).map { stem[$0, 20].red }
    #expect(colors.contains(0) && colors.contains { $0 > 0 && $0 < 255 })
    #expect(Self.inked(Self.text(" ", size: 20)).rows.isEmpty && Self.inked(Self.text("", size: 20)).rows.isEmpty)
    let unknown = Self.text("\u{1F600}", size: 20).image
    #expect(unknown == Self.text("\u{1F601}", size: 20).image && unknown != Self.text(" ", size: 20).image)
  }

  @Test("text is as wide and as high as it says, and stays in its image") func extents() {
    #expect(Canvas.width(of: "", size: 20) == 0 && Canvas.height(lines: 0, size: 20) == 0)
    #expect(abs(Canvas.width(of: "A7", size: 40) - 2 * Canvas.width(of: "A7", size: 20)) <= 1)
    #expect(Canvas.width(of: "il", size: 20) < Canvas.width(of: "mw", size: 20))
    #expect(Canvas.height(lines: 1, size: 20) == 15 && Canvas.height(lines: 2, size: 20) == 40)
    for word in ["A7", "receptive", "Wj"] {
      let columns = Self.inked(Self.text(word, size: 18, width: 200)).columns
      #expect(columns.allSatisfy { (3...5 + Canvas.width(of: word, size: 18)).contains($0) }, "\(word)")
    }
    var small = Canvas(width: 5, height: 5)
    small.text("Minim", x: -20, y: -3, size: 30)
    small.text("Minim", x: 3, y: 4, size: 30)
  }

  @Test("lines stand below each other, and words where they are aligned, on a plate if there is one") func places() {
    let two = Self.drawing(Self.text("A\nA", size: 12)), pitch = Canvas.pitch(12)
    #expect(two[4..<4 + pitch] == two[4 + pitch..<4 + 2 * pitch])
    let area = Rectangle(x: 2, y: 1, width: 50, height: 31)
    let free = area.width - Canvas.width(of: "A7", size: 12)
    for (alignment, left) in [(Canvas.Alignment.leading, 2), (.center, 2 + free / 2), (.trailing, 2 + free)] {
      var placed = Canvas(width: 60, height: 40)
      placed.text("A7", in: area, size: 12, alignment)
      var direct = Canvas(width: 60, height: 40)
      direct.text("A7", x: left, y: 1 + (31 - 9) / 2, size: 12)
      #expect(placed.image == direct.image)
    }
    var plated = Canvas(width: 60, height: 40, background: .black)
    plated.text("A7", in: area, size: 12, plate: .white)
    #expect(plated.image.pixels.contains(255) && plated.image[3, 3] == .black)
  }
}
