/// A picture of a trained model, as numbers.
public struct Picture: Sendable {
  /// The content of a picture.
  public enum Content: Sendable {
    /// Plots side by side, `columns` per row.
    case plots([Plot], columns: Int)
    /// Images.
    case sheet(SampleSheet)
  }

  /// The picture's name, a part of its file name.
  public let name: String
  /// The plots or images.
  public let content: Content
  /// What the plots show, in motion; nil if nothing moves.
  public let film: Film?

  /// Creates a picture of one plot, and perhaps a film of it.
  public init(_ name: String, _ plot: Plot, film: Film? = nil) {
    (self.name, self.film) = (name, film)
    content = .plots([plot], columns: 1)
  }

  /// Creates a picture of plots side by side, `columns` per row.
  public init(_ name: String, plots: [Plot], columns: Int) {
    (self.name, film) = (name, nil)
    content = .plots(plots, columns: columns)
  }

  /// Creates a picture of images.
  public init(_ name: String, _ sheet: SampleSheet) {
    (self.name, film) = (name, nil)
    content = .sheet(sheet)
  }
}
