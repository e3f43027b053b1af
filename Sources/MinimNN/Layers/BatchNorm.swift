import MinimAutodiff

/// Batch normalization (Ioffe and Szegedy 2015, "Batch Normalization: Accelerating Deep Network Training by Reducing
/// Internal Covariate Shift", algorithm 1), with statistics of the whole batch: in training the shards exchange theirs,
/// forward and backward, so that a result does not depend on how a batch is cut, up to rounding.
public struct BatchNorm: Sendable {
  /// The mean and the variance of each channel, [channels].
  public struct Statistics: Sendable {
    /// The mean and the variance, over n and not n - 1.
    public let mean: Tensor, variance: Tensor

    /// Creates known statistics, such as those of the training data.
    public init(mean: Tensor, variance: Tensor) {
      self.mean = mean
      self.variance = variance
    }
  }

  /// The factor and the summand of each channel, [channels]; nil for 1 and 0.
  public let scale: Tensor?, shift: Tensor?
  /// Added to the variance.
  public let epsilon: Double

  /// Asks the scope for "scale" and "shift", which start as 1 and 0.
  ///
  /// - Parameters:
  ///   - scope: the scope of its parameters.
  ///   - channels: the extent of the last axis.
  ///   - isAffine: whether there are a scale and a shift.
  ///   - epsilon: added to variances.
  public init(_ scope: ParameterScope, channels: Int, isAffine: Bool = true, epsilon: Double = 1e-5) {
    scale = isAffine ? scope.parameter("scale", shape: [channels], .constant(1)) : nil
    shift = isAffine ? scope.parameter("shift", shape: [channels], .zeros) : nil
    self.epsilon = epsilon
  }

  /// The statistics of a batch, [n, channels].
  public func statistics(_ x: Tensor) -> Statistics {
    let mean = x.mean(axes: [0]).batchMean()
    return Statistics(mean: mean, variance: square(x - mean).mean(axes: [0]).batchMean())
  }

  /// Normalizes [n, channels], by the batch's own statistics unless others are given.
  public func callAsFunction(_ x: Tensor, _ statistics: Statistics? = nil) -> Tensor {
    let by = statistics ?? self.statistics(x)
    let normal = (x - by.mean) / sqrt(by.variance + epsilon)
    guard let scale, let shift else { return normal }
    return normal * scale + shift
  }

  /// Normalizes [..., channels], by the next statistics of the net.
  public func callAsFunction(_ x: Tensor, _ source: inout NormStatistics) -> Tensor {
    let channels = x.shape.last ?? 1
    let rows = x.reshape([x.shape.elementCount / max(1, channels), channels])
    return self(rows, source.next(self, rows)).reshape(x.shape)
  }
}

/// The statistics that the layers of a net normalize by, in the order in which the layers ask: in training those of
/// each batch, later given ones, such as those of the training data, so that an example's result depends on no other
/// example.
public struct NormStatistics: Sendable {
  private let given: [BatchNorm.Statistics]?
  /// The statistics that layers have used so far.
  public private(set) var used: [BatchNorm.Statistics] = []

  /// The statistics of each batch.
  public static var ofBatch: NormStatistics { NormStatistics(nil) }

  /// Creates given statistics, one per layer; nil for those of each batch.
  public init(_ given: [BatchNorm.Statistics]?) { self.given = given }

  mutating func next(_ norm: BatchNorm, _ rows: Tensor) -> BatchNorm.Statistics {
    require(given.map { used.count < $0.count } ?? true, "a net has more layers of batch normalization than statistics")
    let next = given.map { $0[used.count] } ?? norm.statistics(rows)
    used.append(next)
    return next
  }
}
