import MinimDrawing
import MinimKernels
import MinimNN

/// Pictures of a flow in the plane, from numbers that the caller computes: no model is known here.
package enum FlowPictures {
  /// log p of many points, [count, 2] row-major, in nats.
  package typealias LogProb = (_ points: [Double]) throws -> [Double]

  /// The density of the model next to that of its target, in colors of one scale.
  ///
  /// - Parameters:
  ///   - window: the part of the plane that both show, extended to a square.
  ///   - cells: the number along each side; the densities are those at their centers.
  package static func densities(
    _ window: Plot.Window, cells: Int = 200, model: LogProb, target: LogProb
  ) rethrows -> Picture {
    densities(
      window, cells: cells,
      [
        ("density of the model", try logProbs(window, cells, model)),
        ("density of the target", try logProbs(window, cells, target)),
      ])
  }

  /// log p at the centers of the cells of a window, for `densities`.
  package static func logProbs(_ window: Plot.Window, _ cells: Int = 200, _ logProb: LogProb) rethrows -> [Double] {
    try logProb(middles(Plot.squared(window), cells))
  }

  /// Densities side by side, in colors of one scale if each of them reaches a fifth of the largest.
  ///
  /// - Parameters:
  ///   - name: the name of the picture.
  ///   - panels: the title of each, and its log p from `logProbs`.
  package static func densities(
    _ window: Plot.Window, cells: Int = 200, columns: Int = 2, named name: String = "densities",
    _ panels: [(title: String, logProbs: [Double])]
  ) -> Picture {
    let window = Plot.squared(window)
    let fields = panels.map { title, logProbs in
      var values = logProbs
      precondition(values.count == cells * cells, "there is not a log p for each of the points")
      Elementary.exp(&values)
      return (title: title, values: values)
    }
    // Panels of one scale can be compared, unless one of them would be black.
    let largest = fields.map { $0.values.filter(\.isFinite).max() ?? 0 }, most = largest.max() ?? 0
    let isShared = largest.allSatisfy { 5 * $0 >= most }
    let plots = zip(fields, largest).map { field, own in
      return Plot.plane(
        isShared ? field.title : "\(field.title), on its own scale up to \(Readable.significant(own, digits: 2))",
        window,
        [
          .init(
            .field(
              .init(
                field.values, named: "probability density", columns: cells, x: window.x, y: window.y,
                range: 0...max(isShared ? most : own, .leastNormalMagnitude),
                palette: .viridis)))
        ])
    }
    return Picture(name, plots: plots, columns: columns)
  }

  /// The images of the lines of a grid of a flow's latent space, over the data.
  ///
  /// - Parameters:
  ///   - first: the images of lines on which the first latent value is constant, as in `GridLines`.
  ///   - second: the images of lines on which the second is constant.
  ///   - data: rows of two values.
  package static func warpedGrid(
    first: [[(x: Double, y: Double)]], second: [[(x: Double, y: Double)]], over data: [Double], _ window: Plot.Window
  ) -> Picture {
    Picture(
      "grid",
      .plane(
        "a grid of the latent space, as the flow bends it", window,
        [
          .init(.points(Plot.points(data)), name: "data", color: Plot.background),
          .init(.lines(first), name: "u1 = const", color: 0), .init(.lines(second), name: "u2 = const", color: 1),
        ]))
  }

  /// The same base samples after each layer of a flow, in panels of one window, which covers the last panel and the
  /// standard normal. Each sample keeps the color of the quadrant that it came from.
  ///
  /// - Parameters:
  ///   - states: first the base samples, then their images after each layer, in order: rows of two values each.
  ///   - titles: one per panel; nil for the numbers of the layers.
  package static func filmStrip(_ states: [[Double]], titles: [String]? = nil) -> Picture {
    precondition(titles.map { $0.count == states.count } ?? true, "there is not a title for each panel")
    guard let base = states.first, let last = states.last else { return Picture("layers", plots: [], columns: 1) }
    precondition(states.allSatisfy { $0.count == base.count }, "the panels do not have the same samples")
    let quadrants = Plot.points(base).map { point in (point.x < 0 ? 1 : 0) + (point.y < 0 ? 2 : 0) }
    // A few samples may be far away.
    let own = Plot.window(of: last, trimming: 0.0025)
    let window = (x: Self.union(own.x, -3...3), y: Self.union(own.y, -3...3))
    let plots = states.enumerated().map { index, state in
      let points = Plot.points(state)
      let series = (0..<4).map { quadrant in
        Plot.Series(
          .points(points.indices.filter { quadrants[$0] == quadrant }.map { points[$0] }), color: Plot.parts[quadrant])
      }
      return Plot.plane(
        titles?[index] ?? (index == 0 ? "samples of the base, in four colors" : "after layer \(index)"), window, series)
    }
    return Picture("layers", plots: plots, columns: (1...4).first { $0 * $0 >= plots.count } ?? 4)
  }

  /// The centers of the cells of a window, [cells * cells, 2], row by row from the lowest, like the values of a field.
  private static func middles(_ window: Plot.Window, _ cells: Int) -> [Double] {
    func axis(_ range: ClosedRange<Double>) -> [Double] {
      let step = (range.upperBound - range.lowerBound) / Double(cells)
      return (0..<cells).map { range.lowerBound + (Double($0) + 0.5) * step }
    }
    let xs = axis(window.x)
    return axis(window.y).flatMap { y in xs.flatMap { [$0, y] } }
  }

  private static func union(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> ClosedRange<Double> {
    min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
  }
}
