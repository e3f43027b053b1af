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

  @Test func drawsLetters() {
    var canvas = Canvas(width: 12, height: 9)
    canvas.text("1g", x: 0, y: 0)
    #expect(
      Self.drawing(canvas) == [
        "..#.........", ".##.........", "..#....####.", "..#...#...#.", "..#...#...#.", "..#...#...#.", ".###...####.",
        "..........#.", ".......###..",
      ])
  }

  @Test func scalesAndPlacesText() {
    let once = Self.drawing(
      {
        var c = Canvas(width: 11, height: 7); c.text("A7", x: 0, y: 0); return c
      }())
    let twice = Self.drawing(
      {
        var c = Canvas(width: 22, height: 14); c.text("A7", x: 0, y: 0, scale: 2); return c
      }())
    #expect(twice == once.flatMap { row in Array(repeating: String(row.flatMap { [$0, $0] }), count: 2) })
    #expect(Canvas.width(of: "A7") == 11 && Canvas.width(of: "A7", scale: 2) == 22 && Canvas.width(of: "") == 0)
    #expect(Canvas.height(lines: 1) == 7 && Canvas.height(lines: 2, scale: 2) == 34)

    let area = Rectangle(x: 2, y: 1, width: 21, height: 11)
    for (alignment, left) in [(Canvas.Alignment.leading, 2), (.center, 7), (.trailing, 12)] {
      var placed = Canvas(width: 26, height: 13)
      placed.text("A7", in: area, alignment)
      var direct = Canvas(width: 26, height: 13)
      direct.text("A7", x: left, y: 3)
      #expect(placed.image == direct.image)
    }
    var lines = Canvas(width: 5, height: 17)
    lines.text("A\nA", x: 0, y: 0)
    #expect(Self.drawing(lines)[10...] == Self.drawing(lines)[..<7])
  }

  @Test func lettersAreDistinctAndUnknownOnesABox() {
    func picture(_ letter: String) -> [String] {
      var canvas = Canvas(width: 5, height: 9)
      canvas.text(letter, x: 0, y: 0)
      return Self.drawing(canvas)
    }
    let letters = (33..<127).map { String(UnicodeScalar($0)) }
    // The capital O and the zero are one shape in this font.
    #expect(Set(letters.map(picture)).count == letters.count - 1)
    #expect(picture("O") == picture("0"))
    #expect(!picture(" ").joined().contains("#"))
    #expect(picture("\u{1F600}")[0] == "#####" && picture("\u{7f}") == picture("é"))
  }
}
