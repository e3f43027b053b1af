import MinimKernels

/// A distribution over R^d whose density can be evaluated, constant and all.
public protocol Density: KnownDistribution {
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
public protocol KnownDensity: Density, ExampleSource {
  /// E x: [d].
  var mean: [Double] { get }
  /// E (x - mean)(x - mean)^T: [d][d].
  var covariance: [[Double]] { get }
  /// One draw, a function of the key alone, over what stands in a row of d values. It allocates nothing: a step of training
  /// draws its rows by it.
  func draw(_ key: RandomKey, into row: inout [Double])
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

  /// One draw: a function of the key alone.
  public func draw(_ key: RandomKey) -> [Double] {
    var row = [Double](repeating: 0, count: dimensions)
    draw(key, into: &row)
    return row
  }

  /// A row of d values.
  public var exampleShape: [Int] { [dimensions] }
  /// d.
  public var exampleCount: Int { dimensions }

  /// Row i is `draw(key.folding(i))`, rounded to Float.
  public func draw(_ range: Range<Int>, key: RandomKey, into buffer: UnsafeMutableBufferPointer<Float>) {
    let d = dimensions
    precondition(buffer.count >= range.count * d, "\(range.count) rows do not fit into \(buffer.count) values")
    var row = [Double](repeating: 0, count: d)
    for (slot, index) in range.enumerated() {
      draw(key.folding(UInt64(index)), into: &row)
      for i in 0..<d { buffer[slot * d + i] = Float(row[i]) }
    }
  }

  /// Independent rows: row i is a function of the key and i alone, so that more rows begin with the same ones.
  public func dataset(rows: Int, key: RandomKey) -> Dataset { dataset(name: name, rows: rows, key: key) }
}
