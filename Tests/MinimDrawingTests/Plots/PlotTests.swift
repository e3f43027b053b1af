import MinimDrawing
import Testing

@Suite struct PlotTests {
  @Test("the bins of a histogram hold every value once, and a long tail goes to the last one")
  func histogram() throws {
    let values = (0..<1000).map { Double($0 % 100) } + [.nan, .infinity]
    let plot = Plot.histogram("t", xLabel: "x", bins: 10, [("a", values), ("tail", [1, 2, 1e9])])
    guard case .line(let outline) = plot.series[0].layer, case .line(let tail) = plot.series[1].layer else {
      Issue.record("a histogram is two lines")
      return
    }
    // A corner at both ends of each bin, and the foot at both ends of all.
    #expect(outline.count == 2 * 10 + 2 && outline[0].y == 0 && outline[21].y == 0)
    #expect(zip(outline, outline.dropFirst()).allSatisfy { $0.x <= $1.x })
    let shares = stride(from: 1, to: 21, by: 2).map { outline[$0].y }
    #expect(abs(shares.reduce(0, +) - 1000.0 / 1002) < 1e-12)
    #expect(shares.allSatisfy { abs($0 - 0.1) < 0.011 }, "\(shares)")
    #expect(tail[20].y > 0.3 && tail[20].x < 200)
  }

  @Test("thin lines are as wide as curves where they lie on shades, and have white edges there") func linesOnShades() {
    let lines = Plot.Series(.lines([[(0.1, 0.2), (0.8, 0.7)]]), color: 0)
    let shades = Plot.Series(.field(.init([0, 1, 2, 3], named: "value", columns: 2, x: 0...1, y: 0...1)))
    func strokes(_ series: [Plot.Series]) -> [(ink: Drawing.Ink, width: Double)] {
      Plot("t", xLabel: "x", yLabel: "y", xRange: 0...1, yRange: 0...1, series).drawing.parts.compactMap {
        if case .stroke(_, let stroke) = $0 { (stroke.ink, stroke.width) } else { nil }
      }
    }
    let blue = Drawing.Ink.color(Plot.colors[0]), white = Drawing.Ink.color(.gray(255))
    #expect(strokes([lines]).contains { $0.ink == blue && $0.width < 1 })
    #expect(strokes([lines]).allSatisfy { $0.ink != white })
    #expect(strokes([shades, lines]).contains { $0.ink == blue && $0.width == 1.8 })
    #expect(strokes([shades, lines]).contains { $0.ink == white && $0.width > 3 })
  }
}
