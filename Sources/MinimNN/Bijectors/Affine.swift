import MinimAutodiff
import MinimKernels

/// y = L x + b with a lower triangular L of positive diagonal; for rows, x L^T + b. Standard normal noise becomes any
/// normal distribution: the most that a flow without couplings can be.
///
/// L is assembled once per step. The inverse is written out column by column, so its expression grows with d: for up to
/// about 64 dimensions.
public struct Affine: Bijector {
  /// [d], the logarithm of the diagonal of L.
  public let logDiagonal: Tensor
  /// [d (d - 1) / 2], the elements below the diagonal of L, column by column.
  public let below: Tensor
  /// [d]
  public let bias: Tensor

  /// Creates the map of given parts, of the shapes [d], [d (d - 1) / 2] and [d].
  public init(logDiagonal: Tensor, below: Tensor, bias: Tensor) {
    let d = logDiagonal.shape.elementCount
    require(
      logDiagonal.shape == [d] && below.shape == [d * (d - 1) / 2] && bias.shape == [d],
      "an affine map has no diagonal, triangle and bias of shapes \([logDiagonal, below, bias].map(\.shape))")
    self.logDiagonal = logDiagonal
    self.below = below
    self.bias = bias
  }

  /// Asks the scope for "logDiagonal", "below" and "bias": zeros, so that the map starts as the identity.
  ///
  /// - Parameters:
  ///   - scope: the scope of its parameters.
  ///   - d: the dimensions of a point.
  ///   - start: the initial bias; [] for zeros.
  ///   - deviation: the initial diagonal.
  public init(_ scope: ParameterScope, dimensions d: Int, bias start: [Double] = [], deviation: Double = 1) {
    self.init(
      logDiagonal: scope.parameter("logDiagonal", shape: [d], .constant(Elementary.log(deviation))),
      below: scope.parameter("below", shape: [d * (d - 1) / 2], .zeros),
      bias: scope.parameter("bias", shape: [d], start.isEmpty ? .zeros : .values(start)))
  }

  private var dimensions: Int { bias.shape[0] }

  /// [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    (matmul(x, transposedFactor) + bias, logDiagonal.sum().broadcast(to: [x.shape[0]]))
  }

  /// L^-1 (y - b) by forward substitution: [n, d] to [n, d] and [n].
  public func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    let (n, d) = (y.shape[0], dimensions)
    let inverseDiagonal = exp(-logDiagonal)
    var rest = y - bias  // [n, d - j]
    var x: [Tensor] = []
    for j in 0..<d {
      let xj = rest.slice([0, 0], shape: [n, 1]) * inverseDiagonal.slice([j], shape: [1])
      x.append(xj)
      guard j < d - 1 else { break }
      let column = below.slice([start(ofColumn: j)], shape: [d - 1 - j])
      rest = rest.slice([0, 1], shape: [n, d - 1 - j]) - xj * column
    }
    return (concatenate(x, axis: 1), (-logDiagonal.sum()).broadcast(to: [n]))
  }

  /// L^T: [d, d]. Its elements are gathered from those of the diagonal, those below it, and a zero.
  private var transposedFactor: Tensor {
    let d = dimensions
    let zero = d + below.shape[0]
    let places = (0..<d).flatMap { column in
      (0..<d).map { row in
        row == column ? row : row < column ? zero : d + start(ofColumn: column) + row - column - 1
      }
    }
    let elements = concatenate([exp(logDiagonal), below, .constant(0, shape: [1])], axis: 0)
    return elements.gather(.constant(places.map(Double.init), shape: [d * d])).reshape([d, d])
  }

  /// The start of column j in `below`.
  private func start(ofColumn j: Int) -> Int { j * (dimensions - 1) - j * (j - 1) / 2 }
}
