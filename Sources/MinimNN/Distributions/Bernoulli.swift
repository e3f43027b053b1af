import MinimAutodiff

/// Independent binary values, each with a logit, log p(1) - log p(0). In nats.
public struct Bernoulli: Sendable {
  /// [n, ...]
  public let logits: Tensor

  /// Creates binary values with the given logits.
  public init(logits: Tensor) { self.logits = logits }

  /// p(1), [n, ...].
  public var mean: Tensor { sigmoid(logits) }

  /// log p(x), summed over all axes but the first: [n, ...] of 0 and 1 to [n].
  public func logProb(_ x: Tensor) -> Tensor { -bernoulliNLL(logits, x).sumPerExample() }

  /// KL(self, other), summed over all axes but the first: [n].
  public func kl(to other: Bernoulli) -> Tensor {
    (mean * (logits - other.logits) + softplus(other.logits) - softplus(logits)).sumPerExample()
  }
}

/// -log p(x) of a Bernoulli with logit l: softplus(l) - x l, in nats, element by element.
public func bernoulliNLL(_ logits: Tensor, _ x: Tensor) -> Tensor {
  softplus(logits) - x * logits
}
