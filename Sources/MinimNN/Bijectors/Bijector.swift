import MinimAutodiff

/// An invertible map of R^d with the determinant of its Jacobian, in both directions. With y = f(x),
///
///     log p_X(x) = log p_Y(f(x)) + log |det df/dx|
///
/// (Dinh, Sohl-Dickstein and Bengio 2017, "Density estimation using Real NVP", eq. 2 and 3). In nats. Everything is an
/// expression: an objective made from it is planned and differentiated like any other.
public protocol Bijector: Sendable {
  /// y = f(x) for rows x, and log |det df/dx| at each: [n, d] to [n, d] and [n].
  func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor)

  /// x = f^-1(y) for rows y, and log |det df^-1/dy| at each: [n, d] to [n, d] and [n].
  func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor)

  /// Sets the parameters that start from data, from rows of data that reach this bijector: see `ActNorm`. Called once,
  /// between `ParameterVector.initialize(seed:)` and the first step. Other bijectors need not implement it.
  ///
  /// - Parameters:
  ///   - parameters: the parameters of the model that contains this bijector; all others have their initial values
  ///     already.
  ///   - rows: the rows that the bijector takes in this direction.
  ///   - direction: the direction in which data go.
  /// - Returns: the rows after this bijector, with the parameters set.
  /// - Throws: `KernelError` if there is not enough memory.
  @discardableResult
  func start(_ parameters: ParameterVector, from rows: [[Double]], _ direction: Direction) throws -> [[Double]]
}

/// The directions through a bijector.
public enum Direction: Sendable {
  case forward, inverse

  /// The opposite direction.
  public var reversed: Direction { self == .forward ? .inverse : .forward }
}

extension Bijector {
  /// Sets nothing.
  public func start(
    _ parameters: ParameterVector, from rows: [[Double]], _ direction: Direction
  ) throws -> [[Double]] {
    try mapped(rows, direction, parameters)
  }

  /// The rows after the bijector, in Double, all at once: for a start, not for loops.
  ///
  /// - Throws: `KernelError` if there is not enough memory.
  func mapped(_ rows: [[Double]], _ direction: Direction, _ parameters: ParameterVector) throws -> [[Double]] {
    guard let width = rows.first?.count else { return [] }
    let input = Tensor.input("rows", shape: [rows.count, width])
    let output = direction == .forward ? forwardAndLogDet(input).y : inverseAndLogDet(input).x
    let values = try evaluate([output], parameters: parameters.values, inputs: ["rows": rows.flatMap { $0 }])[0]
    return rows.indices.map { Array(values[$0 * width..<($0 + 1) * width]) }
  }
}
