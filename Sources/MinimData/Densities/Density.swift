import MinimKernels

/// A distribution over R^d whose density can be evaluated, including its constant.
public protocol Density: KnownDistribution {
  /// The name in reports.
  var name: String { get }
  /// The number of dimensions, d.
  var dimensions: Int { get }
  /// A box that leaves less than 1e-9 of the mass out, one range per dimension: the extent of sums over a grid.
  var bounds: [ClosedRange<Double>] { get }
  /// The box of pictures: it holds nearly all of the mass, and little else.
  var window: [ClosedRange<Double>] { get }
  /// The number of cells along each side of `bounds` with which a sum is as good as an integral; even.
  var cells: [Int] { get }
  /// log p(x) of d values, in nats.
  func logProb(_ x: [Double]) -> Double
}

/// A distribution of which everything is known: the density, exact draws, the moments, and therefore the best that any
/// model of its data can reach.
public protocol KnownDensity: Density, ExampleSource {
  /// E x, [d].
  var mean: [Double] { get }
  /// E (x - mean)(x - mean)^T, [d][d].
  var covariance: [[Double]] { get }
  /// Draws one row of d values over the content of `row`, as a function of the key alone. It allocates nothing: a step
  /// of training draws its rows by it.
  func draw(_ key: RandomKey, into row: inout [Double])
  /// The differential entropy -E log p(x) in nats, in closed form or by a sum over a grid, which is computed anew each
  /// time; nil if neither is available.
  func entropy() -> QuadratureEstimate?
}

extension Density {
  /// The whole box, unless something smaller shows more.
  public var window: [ClosedRange<Double>] { bounds }
}

extension KnownDensity {
  /// The entropy by a sum over a grid, in one and two dimensions.
  public func entropy() -> QuadratureEstimate? {
    dimensions <= 2 ? estimate(\.entropy) : nil
  }

  /// Returns one draw, a function of the key alone.
  public func draw(_ key: RandomKey) -> [Double] {
    var row = [Double](repeating: 0, count: dimensions)
    draw(key, into: &row)
    return row
  }

  /// The extents of an example: a row of d values.
  public var exampleShape: [Int] { [dimensions] }
  /// The number of values of an example: d.
  public var exampleCount: Int { dimensions }

  /// Draws rows; row i is `draw(key.folding(i))`, rounded to Float.
  public func draw(_ range: Range<Int>, key: RandomKey, into buffer: UnsafeMutableBufferPointer<Float>) {
    let d = dimensions
    precondition(buffer.count >= range.count * d, "\(range.count) rows do not fit into \(buffer.count) values")
    var row = [Double](repeating: 0, count: d)
    for (slot, index) in range.enumerated() {
      draw(key.folding(UInt64(index)), into: &row)
      for i in 0..<d { buffer[slot * d + i] = Float(row[i]) }
    }
  }

  /// Independent rows: row i is a function of the key and i alone, so a larger sample begins with the same rows.
  public func dataset(rows: Int, key: RandomKey) -> Dataset { dataset(name: name, rows: rows, key: key) }
}
