/// A plot in a plane, as numbers: how it is drawn is not the model's matter.
public struct Plot: Sendable {
  /// What is drawn over what came before it.
  public enum Layer: Sendable {
    /// Dots, each with the half length of its error bar.
    case dots([(x: Double, y: Double, error: Double)])
    /// Straight lines from point to point.
    case line([(x: Double, y: Double)])
    /// Values over the plane, as shades.
    case field(Field)
    /// A vertical line.
    case mark(x: Double)
    /// The line y = x.
    case diagonal
  }

  /// A layer with its word in the legend; without a word it is not there.
  public struct Series: Sendable {
    /// What the legend calls it; nil for nothing.
    public let name: String?
    /// What is drawn.
    public let layer: Layer
    /// Which of the colours it has; nil for the next one that no series before it has.
    public let color: Int?

    /// A layer and its word in the legend.
    public init(_ layer: Layer, name: String? = nil, color: Int? = nil) {
      self.name = name
      self.layer = layer
      self.color = color
    }
  }

  /// Values at the middles of equal rectangles that fill a part of the plane.
  public struct Field: Sendable {
    /// Row-major, from the lowest row up.
    public let values: [Double]
    /// How many values a row has.
    public let columns: Int
    /// The part of the plane.
    public let x: ClosedRange<Double>, y: ClosedRange<Double>

    /// Values at the middles of equal rectangles, row by row from the lowest.
    ///
    /// - Precondition: the rows are full, and there is one.
    public init(_ values: [Double], columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>) {
      precondition(columns > 0 && !values.isEmpty && values.count % columns == 0, "the rows of a field are not full")
      self.values = values
      self.columns = columns
      self.x = x
      self.y = y
    }

    /// The number of rows.
    public var rows: Int { values.count / columns }
  }

  /// What it shows, in a line.
  public let title: String
  /// What is along each axis.
  public let xLabel: String, yLabel: String
  /// From the lowest to the topmost.
  public let series: [Series]
  /// Whether both axes are alike.
  public let isSquare: Bool
  /// The values that the vertical axis shall show, if not all: what lies beyond is drawn on the edge.
  public let yRange: ClosedRange<Double>?

  /// A plot of layers, from the lowest to the topmost.
  public init(
    _ title: String, xLabel: String, yLabel: String, isSquare: Bool = false, yRange: ClosedRange<Double>? = nil,
    _ series: [Series]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.isSquare = isSquare
    self.yRange = yRange
    self.series = series
  }
}

extension Plot {
  /// How values are spread: for each series the share of its values in equal bins. The bins end where one value in a hundred
  /// is left, which the last bin takes: a long tail would squeeze the rest.
  public static func histogram(
    _ title: String, xLabel: String, bins: Int = 40, _ series: [(name: String, values: [Double])]
  ) -> Plot {
    let all = series.flatMap(\.values).filter(\.isFinite).sorted()
    let least = all.first ?? 0
    let most = max(all.isEmpty ? 1 : all[(all.count - 1) * 99 / 100], least + 1e-12)
    let width = (most - least) / Double(bins)
    return Plot(
      title, xLabel: xLabel, yLabel: "share",
      series.map { name, values in
        var counts = [Int](repeating: 0, count: bins)
        for value in values where value.isFinite {
          counts[min(bins - 1, max(0, Int(min(1e9, (value - least) / width))))] += 1
        }
        let outline = counts.enumerated().flatMap { bin, count in
          [bin, bin + 1].map { (least + Double($0) * width, Double(count) / Double(max(1, values.count))) }
        }
        return Series(.line([(least, 0)] + outline + [(most, 0)]), name: name)
      })
  }
}
