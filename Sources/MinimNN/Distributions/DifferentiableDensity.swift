import MinimAutodiff
import MinimData

/// A density whose logarithm is also an expression. A model that draws for itself is fitted to it by the reverse KL,
/// E_q log q(x) - log p(x).
public protocol DifferentiableDensity: Density {
  /// log p of each row, including its constant, in nats: [n, d] to [n].
  func logProb(_ x: Tensor) -> Tensor
}

extension KnownDistribution {
  /// The density as an expression; nil if it has none, or no gradient, like that of a board.
  public var differentiable: (any DifferentiableDensity)? {
    density as? any DifferentiableDensity
  }
}

extension Energy: DifferentiableDensity {
  /// -U(x) - ln Z of each row, in nats: [n, 2] to [n].
  public func logProb(_ x: Tensor) -> Tensor {
    let columns = columns(of: x, self)
    return (-value(columns[0], columns[1]) - logPartition).reshape([x.shape[0]])
  }
}

extension GaussianMixture: DifferentiableDensity {
  /// log sum_k w_k N(x; m_k, C_k) of each row, in nats: [n, d] to [n].
  public func logProb(_ x: Tensor) -> Tensor { logProb(columns: columns(of: x, self)) }

  /// log p for values one by one, [n, 1] each. All components are columns of one matrix, and x - m is whitened, so that
  /// components far from the origin keep their digits.
  func logProb(columns: [Tensor]) -> Tensor {
    let (d, n, count) = (dimensions, columns[0].shape[0], components)
    func row(_ value: (Int) -> Double) -> Tensor { .constant((0..<count).map(value), shape: [1, count]) }
    // [n, count] each
    let differences = columns.enumerated().map { j, column in column - row { flatMeans[$0 * d + j] } }
    var logs = row { constants[$0] }.broadcast(to: [n, count])
    for i in 0..<d {
      let terms = (0...i).compactMap { j -> Tensor? in
        func whitener(_ k: Int) -> Double { whiteners[(k * d + i) * d + j] }
        // Round components leave only the diagonal.
        return (0..<count).allSatisfy { whitener($0) == 0 } ? nil : differences[j] * row(whitener)
      }
      logs = logs - square(terms.dropFirst().reduce(terms[0], +)) * 0.5
    }
    return count == 1 ? logs.reshape([n]) : logs.logSumExp(axis: 1)
  }
}

extension WarpedMixture: DifferentiableDensity {
  /// log p of the points that warp to the rows, in nats: areas are preserved. [n, 2] to [n].
  public func logProb(_ x: Tensor) -> Tensor {
    let columns = columns(of: x, self)
    let point = warp.inverse((columns[0], columns[1]))
    return base.logProb(columns: [point.0, point.1])
  }
}

/// The values of rows one by one: [n, d] to d times [n, 1].
private func columns(of x: Tensor, _ density: some Density) -> [Tensor] {
  require(
    x.rank == 2 && x.shape[1] == density.dimensions,
    "\(density.name) has rows of \(density.dimensions) values, and these are of shape \(x.shape)")
  return (0..<density.dimensions).map { x.slice([0, $0], shape: [x.shape[0], 1]) }
}
