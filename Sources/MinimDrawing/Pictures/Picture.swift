/// A picture of a trained model, as numbers.
public struct Picture: Sendable {
  /// What is to be seen.
  public enum Content: Sendable {
    /// Plots side by side, so many a row.
    case plots([Plot], columns: Int)
    /// Images.
    case sheet(SampleSheet)
  }

  /// Part of the name of its file.
  public let name: String
  /// What is to be seen.
  public let content: Content

  /// A plot.
  public init(_ name: String, _ plot: Plot) { self.init(name, plots: [plot], columns: 1) }

  /// Plots side by side, so many a row.
  public init(_ name: String, plots: [Plot], columns: Int) {
    self.name = name
    content = .plots(plots, columns: columns)
  }

  /// Images.
  public init(_ name: String, _ sheet: SampleSheet) {
    self.name = name
    content = .sheet(sheet)
  }
}
