import Foundation
import MinimFiles
import MinimNN
import MinimTraining
import Testing

@Suite struct ScatterPlotTests {
  typealias Axis = PlotFrame.Axis

  private static func picture(_ points: [(x: Double, y: Double, error: Double)], diagonal: Bool = true) -> Picture {
    Picture("dots", title: "title", xLabel: "x", yLabel: "y", points: points, hasDiagonal: diagonal)
  }

  private static func dots(_ image: Image) -> [(x: Int, y: Int)] {
    (0..<image.height).flatMap { y in
      (0..<image.width).filter { image[$0, y] == ScatterPlot.dotColor }.map { ($0, y) }
    }
  }

  @Test(
    "ticks are round numbers in the range, a few, and their labels differ",
    arguments: [
      [0, 1], [-1, 1], [0.131, 0.137], [4.12713, 4.12755], [-3e-9, 2e-9], [99_990, 100_010], [1e6, 7e6], [-5, 250],
      [0.999, 1.001], [1e-300, 3e-300], [-1e150, 4e150], [12], [0], [-0.5, -0.5], [7, 7.0001, .nan, .infinity],
    ] as [[Double]])
  func ticks(_ values: [Double]) throws {
    let axis = Axis(values)
    let ticks = axis.ticks
    try #require((3...14).contains(ticks.count), "\(ticks)")
    #expect(ticks.allSatisfy(axis.range.contains) && values.filter(\.isFinite).allSatisfy(axis.range.contains))
    let step = ticks[1] - ticks[0]
    // 1, 2 or 5 times a power of ten; all ticks are whole multiples.
    let leading = step / pow(10, log10(step * 1.000001).rounded(.down))
    #expect([1.0, 2, 5].contains { abs(leading - $0) < 1e-4 }, "\(step)")
    for tick in ticks { #expect(abs(tick / step - (tick / step).rounded()) < 1e-4) }
    #expect(Set(ticks.map(axis.label)).count == ticks.count, "\(ticks.map(axis.label))")
    for tick in ticks {
      let label = try #require(Double(axis.label(tick)), "\(axis.label(tick))")
      #expect(abs(label - tick) < 0.01 * step)
    }
  }

  @Test("a range has room around its values, and places are shares of it")
  func range() {
    let axis = Axis([2, 4, 3])
    #expect(abs(axis.range.lowerBound - 1.88) < 1e-12 && abs(axis.range.upperBound - 4.12) < 1e-12)
    #expect(axis.share(axis.range.lowerBound) == 0 && axis.share(axis.range.upperBound) == 1)
    #expect(abs(axis.share(3) - 0.5) < 1e-12 && axis.share(-9) == 0 && axis.share(.infinity) == 1)
  }

  @Test("every dot is where its numbers say, inside the frame")
  func places() throws {
    let points: [(x: Double, y: Double, error: Double)] = [(-2, 7, 0.5), (3, 1, 0), (10, 3, 2), (4, -1, 0.1)]
    for diagonal in [false, true] {
      let image = ScatterPlot.draw(Self.picture(points, diagonal: diagonal))
      let frame = PlotFrame.square
      let inner = frame.inset(by: 1)
      let dots = Self.dots(image)
      #expect(!dots.isEmpty)
      for dot in dots {
        #expect((inner.x..<inner.x + inner.width).contains(dot.x) && (inner.y..<inner.y + inner.height).contains(dot.y))
      }
      let ys = points.flatMap { [$0.y - $0.error, $0.y + $0.error] }, xs = points.map(\.x)
      let horizontal = Axis(diagonal ? xs + ys : xs), vertical = Axis(diagonal ? xs + ys : ys)
      for point in points {
        let x = frame.x + Int((horizontal.share(point.x) * 480).rounded())
        func y(_ value: Double) -> Int { frame.y + 480 - Int((vertical.share(value) * 480).rounded()) }
        for (dx, dy) in [(0, 0), (-2, -2), (2, 2), (2, -2)] {
          #expect(image[x + dx, y(point.y) + dy] == ScatterPlot.dotColor)
        }
        #expect(image[x, y(point.y + point.error)] == ScatterPlot.dotColor)
        #expect(image[x, y(point.y - point.error)] == ScatterPlot.dotColor)
        #expect(image[x + 3, y(point.y)] != ScatterPlot.dotColor)
      }
    }
    // On the diagonal where both are equal.
    let image = ScatterPlot.draw(Self.picture([(0, 0, 0), (1, 1, 0), (0.25, 0.25, 0)]))
    for dot in Self.dots(image) {
      #expect(abs((dot.x - PlotFrame.square.x) - (PlotFrame.square.y + 480 - dot.y)) <= 4)
    }
  }

  @Test("a picture of nothing, of one value, and of what is no number is drawn")
  func extremes() {
    let huge = Double.greatestFiniteMagnitude, tiny = Double.leastNonzeroMagnitude
    let odd: [[(x: Double, y: Double, error: Double)]] = [
      [], [(3, 3, 0)], [(3, 3, 0), (3, 3, 0)], [(0, 0, 0)], [(huge, -huge, 0)], [(-huge, huge, huge), (huge, 0, 1)],
      [(1, 2, .infinity), (2, 1, 0)], [(tiny, 0, 0), (2 * tiny, 3 * tiny, 0)], [(1e17, 1e17 + 16, 0)], [(1, 1, -3)],
    ]
    for points in odd {
      for diagonal in [false, true] {
        let image = ScatterPlot.draw(Self.picture(points, diagonal: diagonal))
        #expect(Self.dots(image).isEmpty == points.isEmpty)
      }
    }
    // What has no place is left out, and moves nothing else.
    let plain: [(x: Double, y: Double, error: Double)] = [(0, 1, 0.2), (2, 3, 0.1)]
    let image = ScatterPlot.draw(Self.picture(plain))
    let bad: [(x: Double, y: Double, error: Double)] = [
      (.nan, 1, 0), (1, .nan, 0), (1, 1, .nan), (.infinity, 1, 0), (1, -.infinity, 0),
    ]
    #expect(ScatterPlot.draw(Self.picture(plain + bad)) == image)
    #expect(Self.dots(ScatterPlot.draw(Self.picture(bad))).isEmpty)
  }
}
