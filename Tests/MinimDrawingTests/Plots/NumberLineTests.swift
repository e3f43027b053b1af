import MinimDrawing
import TestSupport
import Testing

/// Values next to what is allowed.
@Suite struct NumberLineTests {
  private static func row(_ value: Double, _ target: Double, _ allowed: ClosedRange<Double>, color: Int = 0)
    -> NumberLine.Row
  {
    .init("row \(color)", value, target: target, allowed: allowed, color: color)
  }

  /// The places of the dots, from the top.
  private static func dots(_ drawing: Drawing) -> [Shape.Point] {
    drawing.parts.flatMap { part -> [Shape.Point] in
      if case .dots(let points, _, _, _) = part { points } else { [] }
    }
  }

  /// The first and the last place of the line of a width, from the top.
  private static func lines(_ drawing: Drawing, width: Double) -> [(from: Double, to: Double)] {
    drawing.parts.compactMap { part -> (from: Double, to: Double)? in
      guard case .stroke(let path, let stroke) = part, stroke.width == width, stroke.ink == .grid else { return nil }
      let places = path.contours[0].points.map(\.x)
      return (places[0], places[1])
    }
  }

  @Test("a value lies in the gray exactly if it is allowed, with both rows on one scale") func places() throws {
    let line = try #require(
      NumberLine([Self.row(0.5, 0.4, 0.3...0.5), Self.row(2, 0.4, 0.3...0.5, color: 1)]))
    let drawing = line.drawing, dots = Self.dots(drawing), allowed = Self.lines(drawing, width: 9)
    try #require(dots.count == 2 && allowed.count == 2)
    #expect(dots[0].x <= allowed[0].to + 1e-9 && dots[0].x > allowed[0].from && dots[0].y < dots[1].y)
    #expect(dots[1].x > allowed[1].to && allowed[0].from == allowed[1].from)
    // A unit is as long in both rows: from 0.5 to 2, and from 0.3 to 0.5.
    let unit = (dots[1].x - dots[0].x) / 1.5
    #expect(abs((allowed[0].to - allowed[0].from) / 0.2 - unit) < 1e-9 * unit)
    #expect(problems(of: drawing).isEmpty, "\(problems(of: drawing))")
  }

  @Test("a bound allows everything on one side; a tolerance too small to see is two pixels") func bounds() throws {
    let bound = try #require(NumberLine([Self.row(3, 1, 1 ... .infinity), Self.row(0, 1, 1 ... .infinity)]))
    let whole = Self.lines(bound.drawing, width: 1), allowed = Self.lines(bound.drawing, width: 9)
    #expect(allowed[0].to == whole[0].to && allowed[0].from > whole[0].from)
    let exact = try #require(NumberLine([Self.row(0, 0, 0...0), Self.row(25, 0, 0...0)]))
    #expect(Self.lines(exact.drawing, width: 9).allSatisfy { abs($0.to - $0.from - 2) < 1e-9 })
  }

  @Test("words never meet, whatever the scale", arguments: [1e-300, 1e-9, 0.3, 77, 1.6e6, 1e300]) func words(
    _ size: Double
  ) throws {
    for values in [(0.0, size), (-size, size / 3), (size, size * 1.0001)] {
      let line = try #require(
        NumberLine([
          Self.row(values.0, values.1, values.1...values.1), Self.row(values.1, values.1, -.infinity...values.1),
        ]))
      #expect(problems(of: line.drawing).isEmpty, "\(problems(of: line.drawing))")
    }
  }

  @Test("without a scale there is no drawing") func nothing() {
    #expect(NumberLine([]) == nil)
    #expect(NumberLine([Self.row(1, 1, 1...1)]) == nil)
    #expect(NumberLine([Self.row(.nan, 1, 1...1)]) == nil && NumberLine([Self.row(.infinity, 1, 1...1)]) == nil)
  }
}
