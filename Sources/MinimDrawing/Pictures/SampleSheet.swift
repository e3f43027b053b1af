/// Images drawn from a model.
public struct SampleSheet: Sendable {
  /// Rows and columns of one image.
  public let height: Int, width: Int
  /// The pixels of all images, row-major, 0...1.
  public let pixels: [Float]
  /// The images outside the support of the data's distribution; nil if it is unknown.
  public let invalid: [Int]?
  /// For each image the nearest one of the training data, shown next to it; nil if that shows nothing.
  public let neighbors: [Float]?
  /// Images per row; nil for about as many as rows.
  public let columns: Int?
  /// Words above the columns; a single one stands above the whole sheet.
  public let captions: [String]

  /// Creates a sheet of images with the given extents.
  public init(
    height: Int, width: Int, pixels: [Float], invalid: [Int]? = nil, neighbors: [Float]? = nil, columns: Int? = nil,
    captions: [String] = []
  ) {
    self.height = height
    self.width = width
    self.pixels = pixels
    self.invalid = invalid
    self.neighbors = neighbors
    self.columns = columns
    self.captions = captions
  }

  /// The caption of a sheet whose images have neighbors.
  public static let besideNeighbors = ["samples, each with the nearest training image to its right"]

  /// The number of images.
  public var count: Int { pixels.count / max(1, height * width) }
}
