import MinimAutodiff

/// A bijector with its directions exchanged.
public struct Inverse: Bijector {
  /// The bijector that this is the inverse of.
  public let bijector: any Bijector

  /// Creates the inverse of a bijector.
  public init(_ bijector: any Bijector) { self.bijector = bijector }

  /// x = f^-1(y): [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    let (y, logDet) = bijector.inverseAndLogDet(x)
    return (y, logDet)
  }

  /// y = f(x): [n, d] to [n, d] and [n].
  public func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    let (x, logDet) = bijector.forwardAndLogDet(y)
    return (x, logDet)
  }

  /// Starts the bijector in the opposite direction.
  public func start(
    _ parameters: ParameterVector, from rows: [[Double]], _ direction: Direction
  ) throws -> [[Double]] {
    try bijector.start(parameters, from: rows, direction.reversed)
  }
}
