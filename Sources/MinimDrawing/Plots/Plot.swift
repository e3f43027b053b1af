/// A plot in a plane, as numbers: how it is drawn is not the model's concern.
public struct Plot: Sendable {
  /// A layer, drawn over those before it.
  public enum Layer: Sendable {
    /// Dots, each with half the length of its error bar.
    case dots([(x: Double, y: Double, error: Double)])
    /// Small dots without error bars: there may be thousands.
    case points([(x: Double, y: Double)])
    /// Straight lines from point to point.
    case line([(x: Double, y: Double)])
    /// Thin lines of one color, such as those of a grid, each from point to point.
    case lines([[(x: Double, y: Double)]])
    /// The area between two curves, such as an interval at each x, behind what follows.
    case band([(x: Double, low: Double, high: Double)])
    /// Values over the plane, as shades.
    case field(Field)
    /// A vertical line.
    case mark(x: Double)
    /// A horizontal line.
    case level(y: Double)
    /// The line y = x.
    case diagonal
  }

  /// A layer with its name in the legend; without a name the legend leaves it out.
  public struct Series: Sendable {
    /// The name in the legend; nil for none.
    public let name: String?
    /// The layer to draw.
    public let layer: Layer
    /// The index of the color; nil for the next one that no series before it has.
    public let color: Int?

    /// Creates a series from a layer and its name in the legend, where a hyphen before a digit becomes a minus sign.
    public init(_ layer: Layer, name: String? = nil, color: Int? = nil) {
      self.name = name.map(Readable.withMinusSigns)
      self.layer = layer
      self.color = color
    }
  }

  /// Values at the centers of equal rectangles that fill a part of the plane.
  public struct Field: Sendable {
    /// The colors of values, from the smallest to the largest.
    public enum Palette: Sendable {
      /// From white through blue to nearly black; zero is white.
      case blues
      /// Viridis, from violet through green to yellow: equal steps of a value look equal, to eyes of all kinds and in
      /// gray (Smith and van der Walt 2015, "A Better Default Colormap for Matplotlib"; in the public domain by CC0).
      case viridis
    }

    /// Row-major, from the lowest row up.
    public let values: [Double]
    /// The number of values per row.
    public let columns: Int
    /// The ranges of the part of the plane.
    public let x: ClosedRange<Double>, y: ClosedRange<Double>
    /// The values of the first and the last color; values beyond are clamped, and the color bar ends in an arrow where there
    /// are any. Fields with the same range can be compared. Nil for the smallest and the largest value of this field, or for 0 in
    /// place of a smallest one that is nearly 0.
    public let range: ClosedRange<Double>?
    /// The colors.
    public let palette: Palette
    /// What the values are, with their unit: the name of the color bar.
    public let name: String

    /// Creates a field of values at the centers of equal rectangles, row by row from the lowest, with a name that says what they
    /// are and in which unit.
    ///
    /// - Precondition: the rows are full, and there is at least one.
    public init(
      _ values: [Double], named name: String, columns: Int, x: ClosedRange<Double>, y: ClosedRange<Double>,
      range: ClosedRange<Double>? = nil, palette: Palette = .blues
    ) {
      precondition(columns > 0 && !values.isEmpty && values.count % columns == 0, "the rows of a field are not full")
      self.values = values
      self.columns = columns
      self.x = x
      self.y = y
      self.range = range
      self.palette = palette
      self.name = name
    }

    /// The number of rows.
    public var rows: Int { values.count / columns }
  }

  /// How the values of an axis are labeled.
  public enum Scale: Sendable {
    /// Every step has the same length.
    case linear
    /// The values are exponents of ten, and labels are their powers: every factor has the same length.
    case powersOfTen
  }

  /// The color of the background: a light gray, which no series has unless it asks for it.
  public static let background = 6

  /// The color of a class; ten are different.
  public static func classColor(_ index: Int) -> Int { index % 10 < background ? index % 10 : index % 10 + 1 }

  /// The title, one line.
  public let title: String
  /// The labels of the axes.
  public let xLabel: String, yLabel: String
  /// The series from the lowest to the topmost.
  public let series: [Series]
  /// Whether both axes have as many pixels per unit. Of two given ranges the shorter one is then extended at both ends.
  public let isSquare: Bool
  /// The values that an axis shows, if not all: points beyond are left out. A range given alone gets some room around
  /// it; two given ranges are the frame, without any.
  public let xRange: ClosedRange<Double>?, yRange: ClosedRange<Double>?
  /// The names of the values 1, 2, 3 and so on of an axis; empty for numbers.
  public let xNames: [String], yNames: [String]
  /// What the values of an axis are.
  public let xScale: Scale, yScale: Scale

  /// Creates a plot of layers, from the lowest to the topmost.
  public init(
    _ title: String, xLabel: String, yLabel: String, isSquare: Bool = false, xRange: ClosedRange<Double>? = nil,
    yRange: ClosedRange<Double>? = nil, xScale: Scale = .linear, yScale: Scale = .linear,
    xNames: [String] = [], yNames: [String] = [], _ series: [Series]
  ) {
    self.xNames = xNames
    self.yNames = yNames
    self.xScale = xScale
    self.yScale = yScale
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.isSquare = isSquare
    self.xRange = xRange
    self.yRange = yRange
    self.series = series
  }
}
