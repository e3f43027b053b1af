import MinimAutodiff
import MinimKernels

/// A scale and a shift for each dimension, y = x exp(logScale) + bias, that start so that data leave it with mean 0 and
/// variance 1 (Kingma and Dhariwal 2018, "Glow", section 3.1).
///
/// The start comes by one of two ways. Where the rows that reach it are known when the model is made, as for the first
/// bijector behind the data, they are its initialisers: nothing else is to be done, and a resumed run starts alike. Couplings
/// that start as the identity and permutations leave normalized rows normalized: an `ActNorm` behind those starts right as
/// the identity. Where what comes before starts as anything else, `start` of the whole chain sets each one in turn.
public struct ActNorm: Bijector {
  /// [d] each.
  public let logScale: Tensor, bias: Tensor

  /// The map of a given log scale and bias, [d] each.
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
  ///   - scope: where its parameters are.
  ///   - dimensions: of a point.
  ///   - rows: the data, or a first batch of them, as they come to this bijector; without any it starts as the identity.
  ///   - direction: the one that they go.
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

  /// The log scale and the bias, [d] each, with which rows going one way get the mean 0 and the variance 1 (over their number)
  /// in each dimension. One that does not vary is shifted only. The identity for no rows.
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
