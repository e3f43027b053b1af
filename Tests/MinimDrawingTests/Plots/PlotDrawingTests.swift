import Foundation
import MinimDrawing
import MinimFiles
import Testing

@Suite struct PlotDrawingTests {
  typealias Axis = PlotFrame.Axis

  private static func picture(_ points: [(x: Double, y: Double, error: Double)], diagonal: Bool = true) -> Plot {
    Plot(
      "title", xLabel: "x", yLabel: "y", isSquare: diagonal,
      (diagonal ? [.init(.diagonal)] : []) + [.init(.dots(points))])
  }

  private static func dots(_ image: Image) -> [(x: Int, y: Int)] {
    (0..<image.height).flatMap { y in
      (0..<image.width).filter { image[$0, y] == Plot.colors[0] }.map { ($0, y) }
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
      let image = Self.picture(points, diagonal: diagonal).draw()
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
          #expect(image[x + dx, y(point.y) + dy] == Plot.colors[0])
        }
        #expect(image[x, y(point.y + point.error)] == Plot.colors[0])
        #expect(image[x, y(point.y - point.error)] == Plot.colors[0])
        #expect(image[x + 3, y(point.y)] != Plot.colors[0])
      }
    }
    // On the diagonal where both are equal.
    let image = Self.picture([(0, 0, 0), (1, 1, 0), (0.25, 0.25, 0)]).draw()
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
        let image = Self.picture(points, diagonal: diagonal).draw()
        #expect(Self.dots(image).isEmpty == points.isEmpty)
      }
    }
    // What has no place is left out, and moves nothing else.
    let plain: [(x: Double, y: Double, error: Double)] = [(0, 1, 0.2), (2, 3, 0.1)]
    let image = Self.picture(plain).draw()
    let bad: [(x: Double, y: Double, error: Double)] = [
      (.nan, 1, 0), (1, .nan, 0), (1, 1, .nan), (.infinity, 1, 0), (1, -.infinity, 0),
    ]
    #expect(Self.picture(plain + bad).draw() == image)
    #expect(Self.dots(Self.picture(bad).draw()).isEmpty)
  }

  @Test("a field fills the frame, white where it is least and darkest where it is most, its rows from the bottom up")
  func field() {
    let plot = Plot(
      "f", xLabel: "x", yLabel: "y", [.init(.field(.init([0, 1, 2, .nan], columns: 2, x: 0...1, y: 0...1)))])
    let image = plot.draw()
    let square = PlotFrame.square
    func at(_ x: Double, _ y: Double) -> Image.Color {
      image[square.x + Int(480 * x), square.y + 480 - Int(480 * y)]
    }
    #expect(at(0.25, 0.25) == .white && at(0.75, 0.75) == .magenta)
    #expect(at(0.25, 0.75) == Image.Color(8, 48, 107))
    #expect(at(0.02, 0.02) == .white && at(0.48, 0.98) == Image.Color(8, 48, 107))
    #expect(at(0.75, 0.25) == Image.Color(107, 174, 214))
  }

  @Test("series have colors of their own in order, and a given color takes none from the others")
  func colors() {
    let lines: [[(x: Double, y: Double)]] = (0..<3).map { row in [(x: 0.0, y: Double(row)), (x: 1.0, y: Double(row))] }
    let image = Plot(
      "l", xLabel: "x", yLabel: "y",
      [.init(.line(lines[0])), .init(.line(lines[1]), color: 4), .init(.line(lines[2]))]
    ).draw()
    func rows(_ color: Int) -> Int {
      (0..<image.height).count { image[PlotFrame.square.x + 240, $0] == Plot.colors[color] }
    }
    #expect(rows(0) == 2 && rows(4) == 2 && rows(1) == 2 && rows(2) == 0)
  }

  @Test("panels stand side by side, so many a row")
  func panels() {
    let plot = Plot("p", xLabel: "x", yLabel: "y", [.init(.dots([(0, 0, 0)]))])
    let one = plot.draw()
    let three = Picture("three", plots: [plot, plot, plot], columns: 2).draw()
    #expect(three.width == 2 * one.width && three.height == 2 * one.height)
    #expect((0..<one.height).allSatisfy { y in (0..<one.width).allSatisfy { three[$0, y] == one[$0, y] } })
    #expect(three[one.width + 200, one.height + 200] == .white)
  }
}
