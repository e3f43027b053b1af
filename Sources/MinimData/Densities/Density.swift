import MinimKernels

/// A distribution over R^d whose density can be evaluated, constant and all.
public protocol Density: Sendable {
  /// What it is, for reports.
  var name: String { get }
  /// d.
  var dimensions: Int { get }
  /// A box, one range a dimension, beyond which is less than 1e-9 of the mass: what sums over a grid span.
  var bounds: [ClosedRange<Double>] { get }
  /// The box of pictures: nearly all of the mass, and little else.
  var window: [ClosedRange<Double>] { get }
  /// So many cells of each side of `bounds` that a sum over them is an integral; even.
  var cells: [Int] { get }
  /// log p(x) of d values, in nats.
  func logProb(_ x: [Double]) -> Double
}

/// A distribution of which everything is known: the density, exact draws, the moments, and so what any model of its data
/// can reach at best.
public protocol KnownDensity: Density {
  /// E x: [d].
  var mean: [Double] { get }
  /// E (x - mean)(x - mean)^T: [d][d].
  var covariance: [[Double]] { get }
  /// One draw: a function of the key alone.
  func draw(_ key: RandomKey) -> [Double]
  /// The differential entropy -E log p(x) in nats: in closed form, or by a sum over a grid, which is made anew each time; nil
  /// where neither is at hand.
  func entropy() -> QuadratureEstimate?
}

extension Density {
  /// The whole box, unless something smaller shows more.
  public var window: [ClosedRange<Double>] { bounds }
}

extension KnownDensity {
  /// By a sum over a grid, in one and two dimensions.
  public func entropy() -> QuadratureEstimate? {
    dimensions <= 2 ? estimate(\.entropy) : nil
  }

  /// Independent rows: row i is a function of the key and i alone.
  public func dataset(rows: Int, key: RandomKey) -> Dataset {
    Dataset(name: name, inputs: dimensions, rows: rows, key: key, row: draw)
  }
}
