import MinimData
import MinimDrawing
import MinimNN
import TestSupport
import Testing

@Suite struct SamplesTests {
  private static func split(_ shape: [Int], _ values: [Float], _ density: (any KnownDistribution)? = nil) -> DataSplit {
    DataSplit(
      name: "data", training: .rows(Dataset(name: "data", exampleShape: shape, values: values)), distribution: density)
  }

  private static func plot(_ samples: Samples) throws -> Plot {
    guard case .plots(let plots, 1) = samples.content else { throw NoPlot() }
    return try #require(plots.first)
  }

  private struct NoPlot: Error {}

  private static func points(_ series: Plot.Series) -> [[Double]] {
    if case .points(let points) = series.layer { points.map { [$0.x, $0.y] } } else { [] }
  }

  @Test("points of the plane lie over those of the data, in a window that the samples do not change")
  func plane() throws {
    let data = Self.split([2], [0, 10, 4, 30, 2, 20])
    let samples = Samples([1, 15, 900, -900], of: data)
    #expect(samples.values == [1, 15, 900, -900] && samples.count == 2 && samples.shape == [2, 2])
    #expect(samples.sheet == nil)
    let plot = try Self.plot(samples)
    #expect(plot.isSquare && plot.series.map(\.name) == ["data", "samples"])
    #expect(plot.series[0].color == Plot.background && plot.series[1].color != Plot.background)
    #expect(Self.points(plot.series[0]) == [[0, 10], [4, 30], [2, 20]])
    #expect(Self.points(plot.series[1]) == [[1, 15], [900, -900]])
    let x = try #require(plot.xRange), y = try #require(plot.yRange)
    #expect(abs(x.lowerBound + 0.2) < 1e-12 && abs(x.upperBound - 4.2) < 1e-12)
    #expect(abs(y.lowerBound - 9) < 1e-12 && abs(y.upperBound - 31) < 1e-12)
    let other = try Self.plot(Samples([.nan, 1e30], of: data))
    #expect(other.xRange == plot.xRange && other.yRange == plot.yRange)
  }

  @Test("the window is the given one, or else the known density's")
  func windows() throws {
    let moons = GaussianMixture.twoMoons(noise: 0.1)
    let data = Self.split([2], [0, 0, 50, 50], moons)
    let known = try Self.plot(Samples([0, 0], of: data))
    #expect(known.xRange == moons.window[0] && known.yRange == moons.window[1])
    let given = try Self.plot(Samples([0, 0], of: data, window: (x: -1...1, y: 2...3)))
    #expect(given.xRange == -1...1 && given.yRange == 2...3)
  }

  @Test("of many points a few thousand are drawn, all are kept")
  func many() throws {
    let values = (0..<20_000).map(Double.init)
    let samples = Samples(values, of: Self.split([2], values.map(Float.init)))
    let plot = try Self.plot(samples)
    #expect(samples.count == 10_000 && plot.series.map { Self.points($0).count } == [4000, 4000])
    #expect(Self.points(plot.series[1])[3999] == [7998, 7999])
  }

  @Test("single values are a histogram beside the data's, over bins that the samples do not change")
  func histogram() throws {
    let data = Self.split([1], [-1, 1])
    func lines(_ values: [Double]) throws -> [[(x: Double, y: Double)]] {
      let plot = try Self.plot(Samples(values, of: data))
      #expect(plot.series.map(\.name) == ["samples", "data"])
      return plot.series.compactMap { if case .line(let points) = $0.layer { points } else { nil } }
    }
    let near = try lines([0.5, 0.6, -0.2, 3]), far = try lines([-1e300, 1e9, 1e300, 0])
    #expect(near.count == 2 && near[0].map(\.x) == far[0].map(\.x) && near[1].map(\.x) == near[0].map(\.x))
    #expect(near[1].map(\.y) == far[1].map(\.y))
    // 3.5 deviations of 1 about 0, and a twentieth of 7 at each end.
    #expect(abs((near[0].first?.x ?? 0) + 3.85) < 1e-12 && abs((near[0].last?.x ?? 0) - 3.85) < 1e-12)
    // One of four below the bins, and two above.
    #expect(far[0][1].y == 0.25 && far[0][far[0].count - 2].y == 0.5)
  }

  @Test("other vectors are rows of pixels from the data's smallest value to its largest, images are themselves")
  func pixels() throws {
    let rows = Samples([-2, 0, 6, 2, 1, 10], of: Self.split([6], [-2, 0, 1, 0, 6, 2]))
    let sheet = try #require(rows.sheet)
    #expect(sheet.height == 1 && sheet.width == 6 && sheet.pixels == [0, 0.25, 1, 0.5, 0.375, 1.5])
    #expect(rows.values == [-2, 0, 6, 2, 1, 10] && rows.shape == [1, 6])
    let images = Samples([0, 0.5, 1, 0.25], of: Self.split([1, 2, 1], [0, 3]))
    #expect(images.sheet?.pixels == [0, 0.5, 1, 0.25] && images.sheet?.width == 2)
    #expect(images.exampleShape == [1, 2, 1] && images.shape == [2, 1, 2] && images.count == 2)
    let same = Samples(SampleSheet(height: 1, width: 2, pixels: [0, 0.5, 1, 0.25], invalid: [1]))
    #expect(same.values == images.values && same.shape == images.shape && same.sheet?.invalid == [1])
  }

  @Test("vectors of three to five values are points of each pair, over those of the data") func pairs() throws {
    let samples = Samples([-2, 0, 6, 2, 1, 10], of: Self.split([3], [-2, 0, 1, 0, 6, 2]))
    guard case .plots(let plots, _) = samples.content else {
      Issue.record("no plots")
      return
    }
    #expect(plots.map { [$0.xLabel, $0.yLabel] } == [["x1", "x2"], ["x1", "x3"], ["x2", "x3"]])
    let own = plots.compactMap { plot -> [[Double]]? in
      guard plot.series.map(\.name) == ["data", "samples"], case .points(let points) = plot.series[1].layer else {
        return nil
      }
      return points.map { [$0.x, $0.y] }
    }
    #expect(own == [[[-2, 0], [2, 1]], [[-2, 6], [2, 10]], [[0, 6], [1, 10]]])
    #expect(samples.shape == [2, 3])
  }

  @Test("a window has room around its values, and leaves out as many far ones as it may")
  func trimming() {
    let values = (0...100).map(Double.init) + [1e9, .nan, -.infinity]
    #expect(Plot.range(of: values).upperBound > 1e9)
    let range = Plot.range(of: values, trimming: 0.01)
    #expect(abs(range.lowerBound - (1 - 0.05 * 99)) < 1e-9 && abs(range.upperBound - (100 + 0.05 * 99)) < 1e-9)
    #expect(Plot.range(of: []) == -1...1 && Plot.range(of: [3, 3, .nan]) == 2...4)
    #expect(Plot.range(of: [1, 2], trimming: 0.9).contains(1) && Plot.range(of: [1e30]).contains(1e30))
    let window = Plot.window(of: [0, 5, 10, 6])
    #expect(window.x == -0.5...10.5 && abs(window.y.lowerBound - 4.95) < 1e-12)
  }
}
