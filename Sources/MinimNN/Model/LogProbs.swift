/// log p(x) of examples under a trained model.
public struct LogProbs: Sendable {
  /// log p(x) of each example, in nats; not a number where the source cannot be relied on.
  public let values: [Double]
  /// Where the values come from: "the model", "a grid", "importance sampling".
  public let source: String

  /// Creates a value from the log-probabilities of all examples.
  public init(_ values: [Double], source: String) {
    self.values = values
    self.source = source
  }
}
