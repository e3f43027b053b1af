import MinimDrawing
import MinimKernels
import MinimModels
import MinimNN
import Testing

/// Pictures of an affine map, of which everything is known.
@Suite struct FlowPicturesTests {
  /// x = 2 u + (1, -1).
  private static func map(_ u: [Double]) -> [Double] {
    u.enumerated().map { 2 * $1 + ($0 % 2 == 0 ? 1 : -1) }
  }

  private static func logNormal(_ points: [Double], mean: [Double], deviation: Double) -> [Double] {
    (0..<points.count / 2).map { row in
      let (a, b) = ((points[2 * row] - mean[0]) / deviation, (points[2 * row + 1] - mean[1]) / deviation)
      return -0.5 * (a * a + b * b) - Elementary.log(2 * Double.pi * deviation * deviation)
    }
  }

  private static func plots(_ picture: Picture) -> [Plot] {
    if case .plots(let plots, _) = picture.content { plots } else { [] }
  }

  private static func points(_ series: Plot.Series) -> [[Double]] {
    if case .points(let points) = series.layer { points.map { [$0.x, $0.y] } } else { [] }
  }

  @Test("both densities have one scale, their values those at the middles of the cells, row by row from the lowest")
  func densities() throws {
    let window: Plot.Window = (x: -5...7, y: -7...5)
    let plots = Self.plots(
      FlowPictures.densities(
        window, cells: 60, model: { Self.logNormal($0, mean: [1, -1], deviation: 2) },
        target: { Self.logNormal($0, mean: [3, 0], deviation: 1) }))
    let fields = plots.compactMap { if case .field(let field) = $0.series[0].layer { field } else { nil } }
    try #require(fields.count == 2)
    for field in fields {
      #expect(field.columns == 60 && field.rows == 60 && field.x == window.x && field.y == window.y)
      #expect(field.palette == .viridis && field.range == fields[0].range)
      // Cells of 0.2: the sum is the mass, nearly all of it.
      #expect(abs(field.values.reduce(0, +) * 0.04 - 1) < 0.011)
    }
    #expect(plots.allSatisfy { $0.isSquare && $0.xRange == window.x && $0.yRange == window.y })
    // The densest cells lie around the means; the taller one ends the scale.
    func place(_ field: Plot.Field) -> [Double] {
      let most = field.values.indices.max { field.values[$0] < field.values[$1] } ?? 0
      return [-5 + 0.2 * (Double(most % 60) + 0.5), -7 + 0.2 * (Double(most / 60) + 0.5)]
    }
    for (field, mean) in zip(fields, [[1.0, -1], [3, 0]]) {
      #expect(zip(place(field), mean).allSatisfy { abs($0 - $1) < 0.11 }, "\(place(field))")
    }
    #expect(fields[0].range?.lowerBound == 0 && fields[0].range?.upperBound == fields[1].values.max())
    #expect(plots.map(\.title) == ["density of the model", "density of the target"])
    // A model that is 16 times lower would be black on the scale of its target: each has its own then, and says so.
    let apart = Self.plots(
      FlowPictures.densities(
        window, cells: 60, model: { Self.logNormal($0, mean: [1, -1], deviation: 2) },
        target: { Self.logNormal($0, mean: [3, 0], deviation: 0.5) }))
    for plot in apart {
      guard case .field(let field) = plot.series[0].layer else { continue }
      #expect(field.range?.upperBound == field.values.max() && plot.title.contains(", on its own scale up to 0."))
    }
    // A window that is no square becomes one, and the field fills it.
    func flat(_ points: [Double]) -> [Double] { .init(repeating: 0, count: points.count / 2) }
    let wide = Self.plots(FlowPictures.densities((x: -4...4, y: 0...2), cells: 10, model: flat, target: flat))
    for plot in wide {
      guard case .field(let field) = plot.series[0].layer else { continue }
      #expect(field.x == -4...4 && field.y == -3...5 && field.values == .init(repeating: 1, count: 100))
    }
    #expect((fields[0].values.max() ?? 1) < 0.04 && (fields[1].values.max() ?? 0) > 0.15)
  }

  @Test("densities that are no numbers, or are nowhere, can be seen too, and an error of a density is passed on")
  func oddDensities() {
    struct Broken: Error {}
    let plots = Self.plots(
      FlowPictures.densities(
        (x: 0...1, y: 0...1), cells: 4, model: { _ in .init(repeating: .nan, count: 16) },
        target: { _ in .init(repeating: -.infinity, count: 16) }))
    guard case .field(let nan) = plots[0].series[0].layer, case .field(let zero) = plots[1].series[0].layer else {
      Issue.record("no fields")
      return
    }
    #expect(nan.values.allSatisfy(\.isNaN) && zero.values.allSatisfy { $0 == 0 })
    #expect(throws: Broken.self) {
      try FlowPictures.densities((x: 0...1, y: 0...1), cells: 4, model: { _ in throw Broken() }, target: { $0 })
    }
  }

  @Test("the grid's lines are the images of its lines, over the data")
  func grid() throws {
    let grid = GridLines()
    #expect(grid.levels == (-6...6).map { Double($0) / 2 } && grid.points.count == 2 * 13 * 361 * 2)
    let lines = grid.lines(Self.map(grid.points))
    let window: Plot.Window = (x: -6...8, y: -8...6)
    let plot = try #require(
      Self.plots(
        FlowPictures.warpedGrid(first: lines.first, second: lines.second, over: [0, 1, 2, 3], window)
      ).first)
    #expect(plot.series.map(\.name) == ["data", "u1 = const", "u2 = const"] && plot.xRange == window.x)
    #expect(Self.points(plot.series[0]) == [[0, 1], [2, 3]] && plot.series[0].color == Plot.background)
    guard case .lines(let first) = plot.series[1].layer, case .lines(let second) = plot.series[2].layer else {
      Issue.record("no lines")
      return
    }
    #expect(first.count == 13 && second.count == 13 && (first + second).allSatisfy { $0.count == 361 })
    for (index, level) in grid.levels.enumerated() {
      // An affine map without turns takes them to upright and level lines, from end to end.
      #expect(first[index].allSatisfy { $0.x == 2 * level + 1 } && second[index].allSatisfy { $0.y == 2 * level - 1 })
      #expect(first[index].first?.y == -7 && first[index].last?.y == 5)
      #expect(second[index].first?.x == -5 && second[index].last?.x == 7)
    }
  }

  @Test(
    "each panel of the film has the same samples in the colors of their quadrants, and the window of the last and N(0, 1)"
  )
  func film() throws {
    let base = [1.0, 1, -1, 1, -1, -1, 1, -1, 0.5, 2]
    let states = [base, Self.map(base), Self.map(Self.map(base))]
    let picture = FlowPictures.filmStrip(states)
    let plots = Self.plots(picture)
    try #require(plots.count == 3)
    guard case .plots(_, let columns) = picture.content else { return }
    #expect(
      columns == 2 && plots.map(\.title) == ["samples of the base, in four colors", "after layer 1", "after layer 2"])
    for (plot, state) in zip(plots, states) {
      // Counter-clockwise from the right upper one in the colors 0, 1, 3, 2 of four.
      let expected = [[0, 4], [1], [3], [2]].map { $0.map { [state[2 * $0], state[2 * $0 + 1]] } }
      #expect(plot.series.map(Self.points) == expected && plot.series.map(\.color) == Plot.parts)
      #expect(plot.xRange == plots[0].xRange && plot.yRange == plots[0].yRange && plot.isSquare)
    }
    // The last panel spans -1...7 and -7...5, a twentieth more at each end; the normal -3...3.
    let x = try #require(plots[0].xRange), y = try #require(plots[0].yRange)
    #expect(x.lowerBound == -3 && abs(x.upperBound - 7.4) < 1e-12)
    #expect(abs(y.lowerBound + 7.6) < 1e-12 && abs(y.upperBound - 5.6) < 1e-12)
    #expect(Self.plots(FlowPictures.filmStrip([base], titles: ["u"])).map(\.title) == ["u"])
    #expect(Self.plots(FlowPictures.filmStrip([])).isEmpty)
  }
}
