import MinimAutodiff
import MinimData
import MinimDrawing

/// Values drawn from a model, in the unit of its data, and their picture.
public struct Samples: Sendable {
  /// All samples, row-major, one after the other.
  public let values: [Float]
  /// The extents of one sample, the same as those of an example.
  public let exampleShape: [Int]
  /// The picture of the samples.
  public let content: Picture.Content

  /// Creates samples from values and their picture.
  ///
  /// - Precondition: `values` holds whole samples.
  public init(_ values: [Float], exampleShape: [Int], content: Picture.Content) {
    require(values.count % max(1, exampleShape.reduce(1, *)) == 0, "the values do not fill whole samples")
    self.values = values
    self.exampleShape = exampleShape
    self.content = content
  }

  /// Creates samples from images of one channel, which are their own picture.
  public init(_ sheet: SampleSheet) {
    self.init(sheet.pixels, exampleShape: [sheet.height, sheet.width, 1], content: .sheet(sheet))
  }

  /// The number of samples.
  public var count: Int { values.count / max(1, exampleShape.reduce(1, *)) }

  /// [count, ...], the extents of all values. The single channel of images does not count.
  public var shape: [Int] {
    [count] + (exampleShape.count == 3 && exampleShape[2] == 1 ? Array(exampleShape.dropLast()) : exampleShape)
  }

  /// The images, if the samples are images.
  public var sheet: SampleSheet? {
    if case .sheet(let sheet) = content { sheet } else { nil }
  }
}

extension Samples {
  /// Creates samples next to the data that they should resemble: images as they are, from black to white; points in the
  /// plane over those of the data; single values as a histogram next to that of the data; up to five values as points of
  /// each pair of them; other vectors as rows of one pixel's height, from the smallest value of the data to the
  /// largest, or of each column if they have names. The range of a picture depends on the data alone, so that pictures of
  /// one run can be compared.
  ///
  /// - Parameters:
  ///   - values: all samples, row-major.
  ///   - data: the data; their known density may determine the visible part of the plane.
  ///   - window: the visible part of the plane; nil for that of the density, or else that of the data.
  /// - Precondition: `values` holds whole samples of the data's shape.
  public init(_ values: [Double], of data: DataSplit, window: Plot.Window? = nil) {
    let shape = data.exampleShape
    let rows = (data.rows ?? data.test)?.values.map(Double.init) ?? []
    // Without data at hand, the samples say how far a picture reaches.
    let scale = rows.isEmpty ? values : rows
    let content: Picture.Content =
      switch shape {
      case [1]: .plots([Self.histogram(values, beside: rows)], columns: 1)
      case [2] where data.columnNames.isEmpty:
        .plots(
          [Self.scatter(values, over: rows, window ?? Self.window(data.distribution, scale))], columns: 1)
      case _ where shape.count == 1 && (2...5).contains(shape[0]):
        .plots(
          Self.pairs(values, over: rows, Self.names(data.columnNames, count: shape[0])), columns: min(3, shape[0] - 1))
      case _ where shape.count == 3 && shape[2] == 1:
        .sheet(SampleSheet(height: shape[0], width: shape[1], pixels: data.brightness(values.map { Float($0) })))
      default: .sheet(Self.stripes(values, width: shape.reduce(1, *), scale, byColumn: !data.columnNames.isEmpty))
      }
    self.init(values.map(Float.init), exampleShape: shape, content: content)
  }

  private static func scatter(_ values: [Double], over rows: [Double], _ window: Plot.Window) -> Plot {
    .plane(title(over: rows), window, layers(Plot.points(values), over: Plot.points(rows)))
  }

  private static func title(over rows: [Double]) -> String {
    rows.isEmpty ? "samples" : "samples over the training data"
  }

  private static func layers(_ values: [(x: Double, y: Double)], over rows: [(x: Double, y: Double)]) -> [Plot.Series] {
    let data = rows.isEmpty ? [] : [Plot.Series(.points(rows), name: "data", color: Plot.background)]
    return data + [.init(.points(values), name: "samples", color: 0)]
  }

  /// The names of columns, or x1, x2 and so on if they have none.
  private static func names(_ names: [String], count: Int) -> [String] {
    names.count == count ? names : (1...count).map { "x\($0)" }
  }

  /// A plot of each pair of columns, which may be of any units.
  private static func pairs(_ values: [Double], over rows: [Double], _ names: [String]) -> [Plot] {
    let width = names.count
    func column(_ values: [Double], _ place: Int) -> [Double] {
      stride(from: place, to: values.count, by: width).map { values[$0] }
    }
    let ranges = names.indices.map { Plot.range(of: column(rows.isEmpty ? values : rows, $0)) }
    func points(_ values: [Double], _ x: Int, _ y: Int) -> [(x: Double, y: Double)] {
      Array(zip(column(values, x), column(values, y)).prefix(4000)).map { (x: $0, y: $1) }
    }
    return names.indices.flatMap { x in
      names.indices.dropFirst(x + 1).map { y in
        Plot(
          title(over: rows), xLabel: names[x], yLabel: names[y], xRange: ranges[x], yRange: ranges[y],
          layers(points(values, x, y), over: points(rows, x, y)))
      }
    }
  }

  private static func window(_ distribution: (any KnownDistribution)?, _ rows: [Double]) -> Plot.Window {
    if let density = distribution?.density, density.window.count == 2 {
      return (density.window[0], density.window[1])
    }
    return Plot.window(of: rows)
  }

  /// A histogram whose bins cover the data, and 3.5 standard deviations around their mean: a few rows that represent
  /// many have less.
  private static func histogram(_ values: [Double], beside rows: [Double]) -> Plot {
    let data = rows.isEmpty ? values : rows
    let mean = data.reduce(0, +) / Double(max(1, data.count))
    let variance = data.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, data.count))
    let reach = 3.5 * variance.squareRoot()
    return .histogram(
      "samples\(rows.isEmpty ? "" : " and training data"); the outer bins include all beyond", xLabel: "x",
      range: Plot.range(of: data + [mean - reach, mean + reach]),
      [("samples", values)] + (rows.isEmpty ? [] : [("data", rows)]))
  }

  private static func stripes(_ values: [Double], width: Int, _ rows: [Double], byColumn: Bool) -> SampleSheet {
    let ranges = (0..<(byColumn ? width : 1)).map { place in
      let column = byColumn ? stride(from: place, to: rows.count, by: width).map { rows[$0] } : rows
      return (least: column.min() ?? -1, most: column.max() ?? 1)
    }
    let pixels = values.enumerated().map { place, value in
      let (least, most) = ranges[place % ranges.count]
      return Float((value - least) / max(1e-30, most - least))
    }
    return SampleSheet(height: 1, width: width, pixels: pixels)
  }
}
