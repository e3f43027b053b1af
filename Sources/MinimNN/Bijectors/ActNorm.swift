import MinimAutodiff
import MinimKernels

/// A scale and a shift for each dimension, y = x exp(logScale) + bias, which start so that data leave it with mean 0
/// and variance 1 (Kingma and Dhariwal 2018, "Glow", section 3.1).
///
/// There are two ways to start. If the rows that reach it are known when the model is made, as for the first bijector
/// after the data, they determine the initializers: nothing else is to be done, and a resumed run starts in the same
/// way. Couplings that start as the identity, and permutations, leave normalized rows normalized: an `ActNorm` after
/// those correctly starts as the identity. If the bijectors before it start as anything else, `start` of the whole
/// chain sets each one in turn.
public struct ActNorm: Bijector {
  /// [d] each.
  public let logScale: Tensor, bias: Tensor

  /// Creates the map of a given log scale and bias, [d] each.
  public init(logScale: Tensor, bias: Tensor) {
    require(
      logScale.rank == 1 && logScale.shape == bias.shape,
      "an ActNorm has no log scale of shape \(logScale.shape) next to a bias of shape \(bias.shape)")
    self.logScale = logScale
    self.bias = bias
  }

  /// Asks the scope for "logScale" and "bias", [dimensions] each.
  ///
  /// - Parameters:
  ///   - scope: the scope of its parameters.
  ///   - dimensions: the dimensions of a point.
  ///   - rows: the data, or a first batch of them, as they reach this bijector; without any it starts as the identity.
  ///   - direction: the direction in which the rows go.
  public init(
    _ scope: ParameterScope, dimensions: Int, normalizing rows: [[Double]] = [], _ direction: Direction = .forward
  ) {
    let start = Self.normalizing(rows, dimensions: dimensions, direction)
    logScale = scope.parameter("logScale", shape: [dimensions], .values(start.logScale))
    bias = scope.parameter("bias", shape: [dimensions], .values(start.bias))
  }

  /// [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    (x * exp(logScale) + bias, logScale.sum().broadcast(to: [x.shape[0]]))
  }

  /// x = (y - bias) exp(-logScale): [n, d] to [n, d] and [n].
  public func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    ((y - bias) * exp(-logScale), (-logScale.sum()).broadcast(to: [y.shape[0]]))
  }

  /// The log scale and the bias, [d] each, that give rows going one way the mean 0 and the variance 1 (over their
  /// number) in each dimension. A dimension that does not vary is only shifted. The identity for no rows.
  public static func normalizing(
    _ rows: [[Double]], dimensions: Int, _ direction: Direction = .forward
  ) -> (logScale: [Double], bias: [Double]) {
    require(
      rows.allSatisfy { $0.count == dimensions }, "an ActNorm of \(dimensions) dimensions cannot start from other rows")
    let zeros = [Double](repeating: 0, count: dimensions)
    if rows.isEmpty { return (zeros, zeros) }
    let n = Double(rows.count)
    let moments = (0..<dimensions).map { j in
      let mean = rows.reduce(0) { $0 + $1[j] } / n
      let variance = rows.reduce(0) { $0 + ($1[j] - mean) * ($1[j] - mean) } / n
      return (mean: mean, deviation: variance > 0 ? variance.squareRoot() : 1)
    }
    let logDeviations = moments.map { Elementary.log($0.deviation) }
    switch direction {
    case .forward: return (logDeviations.map { -$0 }, moments.map { -$0.mean / $0.deviation })
    case .inverse: return (logDeviations, moments.map(\.mean))
    }
  }

  /// Normalizes the rows: sets the log scale and the bias if they are parameters of the vector, and not fixed.
  public func start(
    _ parameters: ParameterVector, from rows: [[Double]], _ direction: Direction
  ) throws -> [[Double]] {
    let start = Self.normalizing(rows, dimensions: bias.shape[0], direction)
    for entry in parameters.layout.entries where !rows.isEmpty {
      if entry.tensor === logScale { parameters[entry] = start.logScale }
      if entry.tensor === bias { parameters[entry] = start.bias }
    }
    return try mapped(rows, direction, parameters)
  }
}
