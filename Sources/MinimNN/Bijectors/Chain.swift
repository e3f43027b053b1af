import MinimAutodiff

/// Bijectors one after the other; their log-dets add up (Dinh, Sohl-Dickstein and Bengio 2017, eq. 9 and 10).
public struct Chain: Bijector {
  /// The bijectors in order of application. An empty chain is the identity.
  public let bijectors: [any Bijector]

  /// Creates the composition of bijectors of the same R^d.
  public init(_ bijectors: [any Bijector]) { self.bijectors = bijectors }

  /// Applies the bijectors from the first to the last: [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    bijectors.reduce((y: x, logDet: zeros(x))) { before, bijector in
      let (y, logDet) = bijector.forwardAndLogDet(before.y)
      return (y, before.logDet + logDet)
    }
  }

  /// Applies the inverses from the last to the first: [n, d] to [n, d] and [n].
  public func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    bijectors.reversed().reduce((x: y, logDet: zeros(y))) { before, bijector in
      let (x, logDet) = bijector.inverseAndLogDet(before.x)
      return (x, before.logDet + logDet)
    }
  }

  private func zeros(_ x: Tensor) -> Tensor { .constant(0, shape: [x.shape[0]]) }

  /// Starts one bijector after the other, each from the rows that those before it return after their start.
  public func start(
    _ parameters: ParameterVector, from rows: [[Double]], _ direction: Direction
  ) throws -> [[Double]] {
    let inOrder = direction == .forward ? bijectors : bijectors.reversed()
    return try inOrder.reduce(rows) { try $1.start(parameters, from: $0, direction) }
  }
}
