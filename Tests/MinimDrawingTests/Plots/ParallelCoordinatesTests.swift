import MinimDrawing
import TestSupport
import Testing

/// Lines across parallel axes.
@Suite struct ParallelCoordinatesTests {
  private static let figure = ParallelCoordinates([
    .init("rule", [1, 2, 1, 2], names: ["plain", "extragradient"]),
    .init("rate", [-3, -2, -1, -1], scale: .powersOfTen), .init("loss", [4, 1, .nan, 3]),
  ])

  private static func lines(_ drawing: Drawing, _ ink: Drawing.Ink) -> [[Shape.Point]] {
    drawing.parts.flatMap { part -> [[Shape.Point]] in
      guard case .stroke(let path, let stroke) = part, stroke.ink == ink else { return [] }
      return path.contours.map(\.points)
    }
  }

  @Test("each line passes its values; the best stands out, and one without an end stops before") func lines() throws {
    let drawing = try #require(Self.figure).drawing
    let best = Self.lines(drawing, .color(Plot.colors[0])), lost = Self.lines(drawing, .color(Plot.colors[1]))
    let rest = Self.lines(drawing, .soft)
    #expect(best.map(\.count) == [3] && lost.map(\.count) == [2] && rest.map(\.count) == [3, 3])
    // The least loss is lowest, the second rule above the first, a rate of 0.1 above one of 0.01.
    #expect(best[0][2].y > rest[1][2].y && rest[1][2].y > rest[0][2].y)
    #expect(best[0][0].y < rest[0][0].y && lost[0][1].y < best[0][1].y && lost[0][1].y == rest[1][1].y)
    #expect(best[0][0].x == rest[0][0].x && best[0][1].x > best[0][0].x)
    #expect(drawing.words.contains { $0.text == "blue: the tenth with the least loss; orange: without one" })
  }

  @Test(
    "words never meet, however long they are",
    arguments: ["x", "a name of several words", String(repeating: "long", count: 50)])
  func words(_ text: String) throws {
    let figure = ParallelCoordinates([
      .init(text, [1, 2], names: [text, "b"]), .init(text, [-1e-9, 1e9]), .init(text, [7, 7]),
    ])
    let drawing = try #require(figure).drawing
    #expect(problems(of: drawing).isEmpty, "\(problems(of: drawing))")
  }

  @Test("one axis, or no line, is no figure") func nothing() {
    #expect(ParallelCoordinates([.init("a", [1])]) == nil && ParallelCoordinates([]) == nil)
    #expect(ParallelCoordinates([.init("a", []), .init("b", [])]) == nil)
  }
}
