import MinimDrawing
import TestSupport
import Testing

/// Names at the ends of lines, and bands.
@Suite struct PlotEndLabelsTests {
  private static func plot(_ ends: [Double], names: [String]? = nil, last: Double = 10) -> Plot {
    Plot(
      "t", xLabel: "x", yLabel: "y", xRange: 0...10, yRange: 0...1,
      ends.enumerated().map { index, end in
        .init(.line([(0, 0.5), (index == 0 ? last : 10, end)]), name: names?[index] ?? "line \(index)")
      })
  }

  private static func labels(_ plot: Plot) -> [Drawing.Words] {
    plot.drawing.words.filter { $0.x > plot.frame.right }
  }

  @Test("a few lines have their names at their ends, at their heights, apart from each other") func ends() {
    let far = Self.plot([0.9, 0.1]), words = Self.labels(far)
    #expect(words.map(\.text) == ["line 0", "line 1"])
    let heights = words.map { (far.frame.bottom - $0.y) / far.frame.height }
    #expect(abs(heights[0] - 0.9) < 0.03 && abs(heights[1] - 0.1) < 0.03)
    for ends in [[0.5, 0.5, 0.5, 0.5, 0.5], [0, 0.01, 0, 0.02, 0.01], [1, 1, 0.99, 0, 0.001], [0.5, 0.49, 1]] {
      let near = Self.plot(ends)
      #expect(problems(of: near.drawing).isEmpty, "\(problems(of: near.drawing))")
      #expect(Self.labels(near).count == ends.count)
      #expect(Self.labels(near).allSatisfy { $0.y > near.frame.top && $0.y < near.frame.bottom + 4 })
    }
  }

  @Test("many lines, long names, and lines that end elsewhere have a legend above") func legend() {
    for plot in [
      Self.plot([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
      Self.plot([0.1, 0.9], names: ["short", String(repeating: "long ", count: 9)]),
      Self.plot([0.1, 0.9], last: 5), Self.plot([0.1]),
    ] {
      #expect(Self.labels(plot).isEmpty)
      #expect(plot.drawing.words.contains { $0.y < plot.frame.top && ($0.text == "line 0" || $0.text == "short") })
    }
    // A field has its color bar there.
    let field = Plot.Field([0, 1, 2, 3], named: "v", columns: 2, x: 0...10, y: 0...1)
    let over = Plot("t", xLabel: "x", yLabel: "y", [.init(.field(field))] + Self.plot([0.3, 0.35]).series)
    #expect(problems(of: over.drawing).isEmpty && over.drawing.words.contains { $0.text == "line 1" })
  }

  @Test("a band fills the room between its curves, cut at the frame and open where there is no number") func band()
    throws
  {
    let band: [(x: Double, low: Double, high: Double)] = [
      (0, 0.2, 0.4), (5, 0.5, 3), (6, .nan, 1), (8, 0, 1), (10, 0.25, 0.75), (12, 0, 1),
    ]
    let plot = Plot(
      "t", xLabel: "x", yLabel: "y", xRange: 0...10, yRange: 0...1, [.init(.band(band), name: "spread", color: 1)])
    let frame = plot.frame
    let shapes = plot.drawing.parts.compactMap { part -> [Shape.Contour]? in
      guard case .fill(let shape, .tint(Plot.colors[1])) = part else { return nil }
      return shape.contours
    }
    // The sample in the legend is the second.
    let found = try #require(shapes.first).map { contour in
      contour.points.map { [($0.x - frame.left) / frame.width, (frame.bottom - $0.y) / frame.height] }
    }
    let expected: [[[Double]]] = [
      [[0, 0.2], [0.5, 0.5], [0.5, 1], [0, 0.4]], [[0.8, 0], [1, 0.25], [1, 0.75], [0.8, 1]],
    ]
    #expect(found.count == 2 && shapes.count == 2)
    for (own, right) in zip(found.flatMap { $0 }, expected.flatMap { $0 }) {
      #expect(abs(own[0] - right[0]) < 1e-9 && abs(own[1] - right[1]) < 1e-9)
    }
    // What is behind a tint is seen through it.
    let color = plot.draw()[Int(2 * (frame.left + 0.95 * frame.width)), Int(2 * (frame.top + 0.47 * frame.height))]
    #expect(color.red > 200 && color.blue < 255 && color.blue > 150, "\(color)")
  }
}
