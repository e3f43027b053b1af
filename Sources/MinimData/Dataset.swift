/// Examples in memory, in a fixed order.
public struct Dataset: Sendable {
  /// The name of the examples in reports.
  public let name: String
  /// The extents of one example: [height, width, channels] for images.
  public let exampleShape: [Int]
  /// The number of examples.
  public let count: Int
  /// All examples, row-major.
  public let values: [Float]
  /// The class of each example, from 0; empty if the data have no labels.
  public let labels: [Int]
  /// The number of classes; 0 if the data have no labels.
  public let classes: Int
  /// The entropy of the data, in nats, if the data set is a distribution and not a sample; nil otherwise.
  public let entropy: Double?

  /// Creates a data set from whole examples, one after the other in `values`.
  public init(
    name: String, exampleShape: [Int], values: [Float], labels: [Int] = [], classes: Int = 0, entropy: Double? = nil
  ) {
    let size = max(1, exampleShape.reduce(1, *))
    self.name = name
    self.exampleShape = exampleShape
    self.values = values
    self.labels = labels
    self.classes = classes
    self.entropy = entropy
    count = values.count / size
    precondition(values.count % size == 0, "the values do not fill whole examples")
    precondition(labels.isEmpty || labels.count == count, "the number of labels is not that of the examples")
    precondition(labels.allSatisfy { (0..<classes).contains($0) }, "a label is not a class")
  }

  /// The number of values of one example.
  public var exampleCount: Int { exampleShape.reduce(1, *) }

  /// The values of one example.
  public func example(_ index: Int) -> ArraySlice<Float> {
    values[index * exampleCount..<(index + 1) * exampleCount]
  }

  /// Some of the examples, in the order of `indices`.
  public func selecting(_ indices: [Int], name: String) -> Dataset {
    Dataset(
      name: name, exampleShape: exampleShape, values: indices.flatMap { example($0) },
      labels: labels.isEmpty ? [] : indices.map { labels[$0] }, classes: classes)
  }
}
