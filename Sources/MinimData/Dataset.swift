/// Examples in memory, in a fixed order.
public struct Dataset: Sendable {
  /// What the examples are, for reports.
  public let name: String
  /// The extents of one example: [height, width, channels] for images.
  public let exampleShape: [Int]
  /// The number of examples.
  public let count: Int
  /// All examples, row-major.
  public let values: [Float]
  /// The entropy of the distribution that the examples are, in nats, where the data set is a distribution and no sample.
  public let entropy: Double?

  /// `values` holds whole examples, one after the other.
  public init(name: String, exampleShape: [Int], values: [Float], entropy: Double?) {
    self.name = name
    self.exampleShape = exampleShape
    self.values = values
    self.entropy = entropy
    count = values.count / max(1, exampleShape.reduce(1, *))
  }

  /// The number of values of one example.
  public var exampleCount: Int { exampleShape.reduce(1, *) }

  /// The values of one example.
  public func example(_ index: Int) -> ArraySlice<Float> {
    values[index * exampleCount..<(index + 1) * exampleCount]
  }
}
