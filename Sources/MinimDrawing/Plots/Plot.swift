/// A plot in a plane, as numbers: how it is drawn is not the model's matter.
public struct Plot: Sendable {
  /// What is drawn over what came before it.
  public enum Layer: Sendable {
    /// Dots, each with the half length of its error bar.
    case dots([(x: Double, y: Double, error: Double)])
    /// Small dots without error bars: there may be thousands.
    case points([(x: Double, y: Double)])
    /// Straight lines from point to point.
    case line([(x: Double, y: Double)])
    /// Thin lines of one color, such as those of a grid, each from point to point.
    case lines([[(x: Double, y: Double)]])
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
    /// Which of the colors it has; nil for the next one that no series before it has.
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
    /// The colors of values, from the smallest to the largest.
    public enum Palette: Sendable {
      /// From white over blue to nearly black: nothing is white.
      case blues
      /// Viridis, from violet over green to yellow: equal steps of a value look equal, to eyes of all kinds and in gray
      /// (Smith and van der Walt 2015, "A Better Default Colormap for Matplotlib"; in the public domain by CC0).
      case viridis
    }

    /// Row-major, from the lowest row up.
    public let values: [Double]
    /// How many values a row has.
    public let columns: Int
    /// The part of the plane.
    public let x: ClosedRange<Double>, y: ClosedRange<Double>
    /// The values of the first and the last color, which values beyond have too: fields of one range can be compared. Nil
    /// for the smallest and the largest value of this field.
    public let range: ClosedRange<Double>?
    /// The colors.
    public let palette: Palette

    /// Values at the middles of equal rectangles, row by row from the lowest.
    ///
    /// - Precondition: the rows are full, and there is one.
    public init(
      _ values: [Double], columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>,
      range: ClosedRange<Double>? = nil, palette: Palette = .blues
    ) {
      precondition(columns > 0 && !values.isEmpty && values.count % columns == 0, "the rows of a field are not full")
      self.values = values
      self.columns = columns
      self.x = x
      self.y = y
      self.range = range
      self.palette = palette
    }

    /// The number of rows.
    public var rows: Int { values.count / columns }
  }

  /// The color of what lies behind the rest: a light gray, which no series has that does not ask for it.
  public static let background = 6

  /// The color of a class: ten are different.
  public static func classColor(_ index: Int) -> Int { index % 10 < background ? index % 10 : index % 10 + 1 }

  /// What it shows, in a line.
  public let title: String
  /// What is along each axis.
  public let xLabel: String, yLabel: String
  /// From the lowest to the topmost.
  public let series: [Series]
  /// Whether both axes are alike: as many pixels a unit. Of two given ranges the shorter one is then widened at both ends.
  public let isSquare: Bool
  /// The values that an axis shall show, if not all: what lies beyond is left out. One alone has some room around it; both
  /// together are the frame, without any.
  public let xRange: ClosedRange<Double>?, yRange: ClosedRange<Double>?

  /// A plot of layers, from the lowest to the topmost.
  public init(
    _ title: String, xLabel: String, yLabel: String, isSquare: Bool = false, xRange: ClosedRange<Double>? = nil,
    yRange: ClosedRange<Double>? = nil, _ series: [Series]
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.isSquare = isSquare
    self.xRange = xRange
    self.yRange = yRange
    self.series = series
  }
}
