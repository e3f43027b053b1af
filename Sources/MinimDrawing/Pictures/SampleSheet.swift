/// Images drawn from a model.
public struct SampleSheet: Sendable {
  /// Rows and columns of one image.
  public let height: Int, width: Int
  /// All images, row-major, 0...1.
  public let pixels: [Float]
  /// The images that are not in the support of the data's distribution; nil where that is not known.
  public let invalid: [Int]?
  /// For each image the nearest one of the training data, to be shown beside it; nil where nothing is to be learned from
  /// that.
  public let neighbors: [Float]?
  /// Images a row; nil for about as many as rows.
  public let columns: Int?

  /// Images of the given extents.
  public init(
    height: Int, width: Int, pixels: [Float], invalid: [Int]? = nil, neighbors: [Float]? = nil, columns: Int? = nil
  ) {
    self.height = height
    self.width = width
    self.pixels = pixels
    self.invalid = invalid
    self.neighbors = neighbors
    self.columns = columns
  }

  /// The number of images.
  public var count: Int { pixels.count / max(1, height * width) }
}
