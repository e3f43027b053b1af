import MinimDrawing
import Testing

@Suite struct PlotLevelTests {
  /// Values of a function at the centers of 60 x 40 rectangles over -1...1 and -0.5...0.5.
  private func field(_ value: (Double, Double) -> Double) -> Plot.Field {
    let values = (0..<40).flatMap { row in
      (0..<60).map { column in value((Double(column) + 0.5) / 30 - 1, (Double(row) + 0.5) / 40 - 0.5) }
    }
    return Plot.Field(values, named: "value", columns: 60, x: -1...1, y: -0.5...0.5)
  }

  @Test func theLineOfAPlaneIsExact() {
    let pieces = field { x, y in 2 * x + y }.line(at: 0.25)
    #expect(pieces.count > 20)
    for point in pieces.flatMap({ $0 }) { #expect(abs(2 * point.x + point.y - 0.25) < 1e-12) }
  }

  @Test func theLineOfACircleIsClosed() {
    let pieces = field { x, y in x * x + y * y }.line(at: 0.16)
    let length = pieces.reduce(0.0) { sum, piece in
      let (x, y) = (piece[1].x - piece[0].x, piece[1].y - piece[0].y)
      return sum + (x * x + y * y).squareRoot()
    }
    #expect(abs(length - 2 * Double.pi * 0.4) < 0.005)
    // Each end of a piece is the end of one other.
    let ends = pieces.flatMap { $0 }.map { "\(Int(($0.x * 1e9).rounded())) \(Int(($0.y * 1e9).rounded()))" }
    let counts = Dictionary(ends.map { ($0, 1) }, uniquingKeysWith: +)
    #expect(counts.values.allSatisfy { $0 == 2 })
  }

  /// A middle above the level joins the two high corners: one piece around each low one. A middle below it, one around each high one.
  @Test(arguments: [0.4, 0.6]) func saddles(level: Double) {
    let field = Plot.Field([1, 0, 0, 1], named: "value", columns: 2, x: -1...1, y: -1...1)
    let pieces = field.line(at: level)
    #expect(pieces.count == 2)
    for piece in pieces {
      let (a, b) = (piece[0], piece[1])
      let middle = (x: (a.x + b.x) / 2, y: (a.y + b.y) / 2)
      // The high corners are on the diagonal from the lower left.
      let isAroundLow = middle.x * middle.y < 0
      #expect(isAroundLow == (level < 0.5))
    }
  }

  @Test func whatIsNotFiniteHasNoLine() {
    #expect(Plot.Field([0, 1, .nan, 1], named: "value", columns: 2, x: 0...1, y: 0...1).line(at: 0.5).isEmpty)
    #expect(Plot.Field([0, 1], named: "value", columns: 2, x: 0...1, y: 0...1).line(at: 0.5).isEmpty)
  }
}
