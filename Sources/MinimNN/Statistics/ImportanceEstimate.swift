import MinimKernels

/// log p = log E_q w, in nats, from draws of a proposal q with the weights w = p(x, z) / q(z), and signs of whether to
/// believe it.
public struct ImportanceEstimate: Sendable, Equatable, BitwiseCopyable {
  /// The logarithm of the mean weight, in nats; NaN if a weight is not a weight. Its expectation is below the truth, by
  /// about half the square of its standard error.
  public let logProb: Double
  /// The standard error of `logProb`: that of the mean weight, relative to it (the delta method).
  public let standardError: Double
  /// (sum of w)^2 / sum of w^2: the number of equal weights that would be worth as much (Kong 1992).
  public let effectiveSampleSize: Double
  /// The shape of the tail of the weights (``ParetoTail``); infinity if there are too few to tell.
  public let paretoK: Double

  /// Whether the estimate and its error are meaningful: the tail's shape is at most 0.7 (Vehtari et al. 2024, section
  /// 3).
  public var isReliable: Bool { paretoK <= 0.7 }

  /// Estimates from the logarithms of weights, one for each draw.
  public init(logWeights: [Double]) { self.init(strata: [logWeights]) }

  /// Estimates from a mixture whose parts were drawn from in proportion to their shares: then the distribution of draws
  /// over the parts is not a source of error. The weights are those of the whole mixture.
  public init(strata: [[Double]]) {
    let all = strata.flatMap { $0 }
    paretoK = ParetoTail(logWeights: all)?.shape ?? .infinity
    guard let most = all.max(), most.isFinite, !all.contains(where: \.isNaN) else {
      (logProb, standardError, effectiveSampleSize) = (.nan, .nan, 0)
      return
    }
    let count = Double(all.count)
    var (sum, squares, variance) = (0.0, 0.0, 0.0)
    for logWeights in strata {
      var weights = logWeights.map { $0 - most }
      Elementary.exp(&weights)
      let own = weights.reduce(0, +)
      let mean = own / Double(weights.count)
      let spread = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, Double(weights.count) - 1)
      sum += own
      squares += weights.reduce(0) { $0 + $1 * $1 }
      // The variance of the sum of this part's weights.
      variance += Double(weights.count) * spread
    }
    logProb = most + Elementary.log(sum / count)
    standardError = variance.squareRoot() / sum
    effectiveSampleSize = sum * sum / squares
  }
}
