import MinimAutodiff
import MinimData

/// The map from the unit that a flow works in to that of its data, x = offset + scale y for each value. It has no
/// parameters.
public struct Rescale: Bijector {
  /// The offsets and scales.
  public let scaling: Scaling

  /// Creates the map of a scaling.
  public init(_ scaling: Scaling) { self.scaling = scaling }

  /// [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    (Optional(scaling).restored(x), .constant(scaling.logDeterminant, shape: [x.shape[0]]))
  }

  /// [n, d] to [n, d] and [n].
  public func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    (Optional(scaling).normalized(y), .constant(-scaling.logDeterminant, shape: [y.shape[0]]))
  }
}

extension Scaling? {
  /// y of rows x, [n, d]: (x - offset) / scale, or x itself without a scaling.
  public func normalized(_ x: Tensor) -> Tensor {
    guard let self else { return x }
    let centered = self.offset.allSatisfy { $0 == 0 } ? x : x - .constant(self.offset, shape: [self.offset.count])
    return self.scale.allSatisfy { $0 == 1 }
      ? centered : centered * .constant(self.scale.map { 1 / $0 }, shape: [self.scale.count])
  }

  /// x of rows y, [n, d]: offset + scale y, or y itself without a scaling.
  public func restored(_ y: Tensor) -> Tensor {
    guard let self else { return y }
    let scaled = self.scale.allSatisfy { $0 == 1 } ? y : y * .constant(self.scale, shape: [self.scale.count])
    return self.offset.allSatisfy { $0 == 0 } ? scaled : scaled + .constant(self.offset, shape: [self.offset.count])
  }

  /// y of the values of whole examples, row-major, in Double; the values themselves without a scaling.
  public func normalized(_ x: [Double]) -> [Double] { self?.normalized(x) ?? x }

  /// log |det dx/dy|, in nats; 0 without a scaling.
  public var logDeterminant: Double { self?.logDeterminant ?? 0 }
}
