import MinimAutodiff
import MinimKernels
import MinimNN
import TestSupport

/// A bijector in one direction beside its definition: the whole Jacobian of each row, from the engine's own gradients, and its
/// determinant by LU decomposition.
struct JacobianCheck {
  /// The images of the rows, row-major.
  let images: [Double]
  /// What the bijector says, of each row.
  let logDet: [Double]
  /// log |det| of the Jacobian, of each row.
  let exact: [Double]
  /// The largest over the smallest singular value of the Jacobian, of each row.
  let condition: [Double]
  /// The Jacobian of each row, row-major: [d, d].
  let jacobians: [[Double]]

  var error: Double { distance(logDet, exact) }

  init(
    _ bijector: any Bijector, _ direction: Direction, _ rows: [Double], dimensions d: Int, parameters: [Double] = []
  ) throws {
    let n = rows.count / d
    let x = Tensor.input("x", shape: [n, d])
    let (y, logDet) = bijector.through(direction, x)
    // Rows do not depend on each other: the gradient of a column's sum holds that column's derivatives at every row.
    let gradients = (0..<d).map { gradient(of: y.slice([0, $0], shape: [n, 1]).sum(), withRespectTo: [x])[0] }
    let found = try evaluate([y, logDet] + gradients, parameters: parameters, inputs: ["x": rows])
    images = found[0]
    self.logDet = found[1]
    jacobians = (0..<n).map { row in (0..<d).flatMap { found[2 + $0][row * d..<(row + 1) * d] } }
    exact = try jacobians.map { try LAPACK.logAbsDeterminant($0, n: d).logAbs }
    condition = try jacobians.map {
      let singular = try LAPACK.singularValues($0, n: d)
      return singular[0] / singular[d - 1]
    }
  }
}

extension Bijector {
  func through(_ direction: Direction, _ x: Tensor) -> (Tensor, Tensor) {
    direction == .forward ? forwardAndLogDet(x) : inverseAndLogDet(x)
  }
}

/// The control: a bijector that gets the sign of its log-det wrong.
struct WrongSign: Bijector {
  let bijector: any Bijector

  func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) {
    let (y, logDet) = bijector.forwardAndLogDet(x)
    return (y, -logDet)
  }

  func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) {
    let (x, logDet) = bijector.inverseAndLogDet(y)
    return (x, -logDet)
  }
}
