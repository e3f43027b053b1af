import MinimAutodiff

/// Normals with independent dimensions, one for each example: the encoder and the decoder of Kingma and Welling 2014,
/// "Auto-Encoding Variational Bayes", section 3 and appendix B. In nats.
public struct DiagonalNormal: Sendable {
  /// [n, d]
  public let mean: Tensor
  /// [n, d], log sigma.
  public let logStandardDeviation: Tensor

  /// Creates normals. A standard deviation may be shared: its logarithm is broadcast to the shape of the mean.
  public init(mean: Tensor, logStandardDeviation: Tensor) {
    self.mean = mean
    self.logStandardDeviation = logStandardDeviation.broadcast(to: mean.shape)
  }

  /// Reads an encoder's output, [n, 2 d]: the means, then the log standard deviations.
  public init(_ code: Tensor) {
    let (n, d) = (code.shape[0], code.shape[1] / 2)
    self.init(
      mean: code.slice([0, 0], shape: [n, d]), logStandardDeviation: code.slice([0, d], shape: [n, d]))
  }

  /// N(0, I) for each row of a shape [n, d]: the usual prior.
  public static func standard(shape: Shape) -> DiagonalNormal {
    DiagonalNormal(mean: .constant(0, shape: shape), logStandardDeviation: .constant(0))
  }

  /// The number of values of one example, d.
  private var dimensions: Int { mean.shape.dropFirst().reduce(1, *) }

  /// log p(x): [n, d] to [n].
  public func logProb(_ x: Tensor) -> Tensor {
    let z = (x - mean) * exp(-logStandardDeviation)
    return -(square(z) * 0.5 + logStandardDeviation).sumPerExample() - Double(dimensions) * halfLogTwoPi
  }

  /// mean + sigma noise, [n, d] to [n, d]: a sample if the noise is standard normal, and smooth in the parameters.
  public func sample(noise: Tensor) -> Tensor { mean + exp(logStandardDeviation) * noise }

  /// KL(self, other): [n].
  public func kl(to other: DiagonalNormal) -> Tensor {
    let logRatio = logStandardDeviation - other.logStandardDeviation
    let z = (mean - other.mean) * exp(-other.logStandardDeviation)
    return ((square(z) + exp(2 * logRatio) - 1) * 0.5 - logRatio).sumPerExample()
  }

  /// KL(self, N(0, 1)) of each dimension, [n, d]. The sum is the KL of the whole.
  public var klToStandard: Tensor {
    (square(mean) + exp(2 * logStandardDeviation) - 1) * 0.5 - logStandardDeviation
  }

  /// The differential entropy, [n]. Negative if the deviations are small.
  public var entropy: Tensor {
    logStandardDeviation.sumPerExample() + Double(dimensions) * (halfLogTwoPi + 0.5)
  }
}
