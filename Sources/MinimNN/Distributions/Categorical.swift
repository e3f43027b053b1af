import MinimAutodiff

/// One of k classes for each example, with probabilities softmax(logits). In nats.
public struct Categorical: Sendable {
  /// [n, k], up to a constant for each example.
  public let logits: Tensor

  /// Creates classes with the given logits.
  public init(logits: Tensor) { self.logits = logits }

  /// log p of every class, [n, k]. The maximum is subtracted first, so that no exponential overflows.
  public var logProbs: Tensor {
    let column = [logits.shape[0], 1]
    let shifted = logits - stopGradient(logits.max()).reshape(column)
    return shifted - log(exp(shifted).sum(axes: [1])).reshape(column)
  }

  /// log p of a class: [n, k], each row with a single 1, to [n].
  public func logProb(_ oneHot: Tensor) -> Tensor { (oneHot * logProbs).sum(axes: [1]) }

  /// KL(self, other): [n].
  public func kl(to other: Categorical) -> Tensor {
    let logProbs = logProbs
    return (exp(logProbs) * (logProbs - other.logProbs)).sum(axes: [1])
  }
}
