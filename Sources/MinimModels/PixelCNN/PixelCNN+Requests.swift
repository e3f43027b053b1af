import MinimData
import MinimNN

// What can be asked of a trained PixelCNN: samples of a class, completed images, and log p(x) of any images.

extension PixelCNN {
  /// Whether the model is one of images given their labels.
  public var isConditional: Bool { classes > 0 }

  /// Images drawn pixel by pixel, of all labels in turn if the model is conditional.
  public func samples(_ count: Int, from trained: Trained) throws -> Samples {
    try samples(SampleRequest(count), from: trained)
  }

  /// Checks that a request can be met. Images can be completed from their first pixels, in reading order: the others
  /// have their exact conditional distribution.
  func check(_ request: SampleRequest) throws {
    let completes = configuration.stack.isAutoregressive(height: height, width: width)
    try request.require(isConditional: isConditional, completes: completes)
    precondition(request.given.count <= height * width, "more pixels are given than an image has")
  }

  /// log p(x) of each image, given its label if the model is conditional; nil if a pixel sees itself.
  public func logProbs(of data: Dataset, _ trained: Trained) throws -> LogProbs? {
    guard configuration.stack.isAutoregressive(height: height, width: width) else { return nil }
    return LogProbs(try losses(of: data, trained).map { -$0 }, source: "the model")
  }
}
