import MinimAutodiff

/// Batch normalization (Ioffe and Szegedy 2015, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
/// Covariate Shift", algorithm 1), by statistics of the whole batch: in training the shards exchange theirs, forward and
/// backward, so that a result does not depend on how a batch is cut, beyond rounding.
public struct BatchNorm: Sendable {
  /// The mean and the variance of each channel, [channels].
  public struct Statistics: Sendable {
    /// The mean and the variance, over n and not n - 1.
    public let mean: Tensor, variance: Tensor

    /// Statistics that are known, such as those of the training data.
    public init(mean: Tensor, variance: Tensor) {
      self.mean = mean
      self.variance = variance
    }
  }

  /// Factor and summand of each channel, [channels]; nil: 1 and 0.
  public let scale: Tensor?, shift: Tensor?
  /// Added to the variance.
  public let epsilon: Double

  /// Asks the scope for "scale" and "shift", which start as 1 and 0.
  ///
  /// - Parameters:
  ///   - scope: where its parameters are.
  ///   - channels: the extent of the last axis.
  ///   - isAffine: without it there are none.
  ///   - epsilon: is added to variances.
  public init(_ scope: ParameterScope, channels: Int, isAffine: Bool = true, epsilon: Double = 1e-5) {
    scale = isAffine ? scope.parameter("scale", shape: [channels], .constant(1)) : nil
    shift = isAffine ? scope.parameter("shift", shape: [channels], .zeros) : nil
    self.epsilon = epsilon
  }

  /// Those of a batch, [n, channels].
  public func statistics(_ x: Tensor) -> Statistics {
    let mean = x.mean(axes: [0]).batchMean()
    return Statistics(mean: mean, variance: square(x - mean).mean(axes: [0]).batchMean())
  }

  /// [n, channels], by the batch's own statistics unless others are given.
  public func callAsFunction(_ x: Tensor, _ statistics: Statistics? = nil) -> Tensor {
    let by = statistics ?? self.statistics(x)
    let normal = (x - by.mean) / sqrt(by.variance + epsilon)
    guard let scale, let shift else { return normal }
    return normal * scale + shift
  }

  /// [..., channels], by what the net goes by.
  public func callAsFunction(_ x: Tensor, _ source: inout NormStatistics) -> Tensor {
    let channels = x.shape.last ?? 1
    let rows = x.reshape([x.shape.elementCount / max(1, channels), channels])
    return self(rows, source.next(self, rows)).reshape(x.shape)
  }
}

/// What the layers of a net normalize by, in the order in which they ask: in training each batch's own statistics, and then
/// given ones, such as those of the training data, so that an example's result depends on no other example.
public struct NormStatistics: Sendable {
  private let given: [BatchNorm.Statistics]?
  /// What layers have asked for so far.
  public private(set) var used: [BatchNorm.Statistics] = []

  /// Each batch's own.
  public static var ofBatch: NormStatistics { NormStatistics(nil) }

  /// Given ones, one a layer; nil: each batch's own.
  public init(_ given: [BatchNorm.Statistics]?) { self.given = given }

  mutating func next(_ norm: BatchNorm, _ rows: Tensor) -> BatchNorm.Statistics {
    require(given.map { used.count < $0.count } ?? true, "a net has more layers of batch normalization than statistics")
    let next = given.map { $0[used.count] } ?? norm.statistics(rows)
    used.append(next)
    return next
  }
}
