import MinimAutodiff

/// The dimensions in another, fixed order. Volumes stay: the log-det is 0.
public struct Permutation: Bijector {
  /// Dimension j of y is dimension `order[j]` of x.
  public let order: [Int]
  private let inverse: [Int]

  /// - Parameter order: each of 0 ..< d once.
  public init(_ order: [Int]) {
    require(order.sorted() == Array(order.indices), "\(order) is not a permutation of the dimensions")
    self.order = order
    inverse = order.indices.sorted { order[$0] < order[$1] }
  }

  /// The dimensions from the last to the first.
  public static func reversal(_ dimensions: Int) -> Permutation { Permutation((0..<dimensions).reversed()) }

  /// y_j = x_order[j]: [n, d] to [n, d] and [n].
  public func forwardAndLogDet(_ x: Tensor) -> (y: Tensor, logDet: Tensor) { (moved(x, order), zeros(x)) }

  /// x_order[j] = y_j: [n, d] to [n, d] and [n].
  public func inverseAndLogDet(_ y: Tensor) -> (x: Tensor, logDet: Tensor) { (moved(y, inverse), zeros(y)) }

  private func moved(_ x: Tensor, _ order: [Int]) -> Tensor {
    require(
      x.rank == 2 && x.shape[1] == order.count, "a permutation of \(order.count) dimensions of shape \(x.shape)")
    return x.columns(order)
  }

  private func zeros(_ x: Tensor) -> Tensor { .constant(0, shape: [x.shape[0]]) }
}
