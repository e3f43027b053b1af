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
}
