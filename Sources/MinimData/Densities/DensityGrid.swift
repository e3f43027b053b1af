import MinimKernels

/// An integral by quadrature.
public struct QuadratureEstimate: Hashable, Sendable {
  /// The value on the finer grid.
  public let value: Double
  /// The difference from the value with half as many cells per side: far more than the error of `value` if the density
  /// is smooth. 0 for a closed form.
  public let error: Double

  /// Creates an estimate from a value and its error.
  public init(_ value: Double, error: Double = 0) {
    self.value = value
    self.error = error
  }
}

/// A density on the centers of equal cells of its box, in one or two dimensions: points with weights that represent it.
///
/// Sums over the grid are the trapezoid rule with the nodes moved by half a step. For analytic functions that vanish at
/// the borders both err by less than any power of the step (Trefethen and Weideman 2014, "The exponentially convergent
/// trapezoidal rule"). This one is also exact for functions that are constant on cells, and a cell is a pixel of a
/// picture.
public struct DensityGrid: Sendable {
  /// The extents of the box, one range per dimension.
  public let bounds: [ClosedRange<Double>]
  /// The number of cells along each side.
  public let cells: [Int]
  /// The centers, [count][dimensions] row-major: the last dimension varies first.
  public let points: [Double]
  /// log p at each point, in nats.
  public let logProbs: [Double]
  /// p at each point times the cell's volume: the mass of the cell. The sum is the mass of the box.
  public let weights: [Double]

  /// Evaluates a density on a grid.
  ///
  /// - Parameters:
  ///   - density: the density to evaluate.
  ///   - bounds: the extents of the grid; by default those of the density.
  ///   - cells: the number of cells along each side; by default the number that the density asks for.
  public init(_ density: some Density, bounds: [ClosedRange<Double>]? = nil, cells: [Int]? = nil) {
    self.init(bounds: bounds ?? density.bounds, cells: cells ?? density.cells) { points in
      let d = density.dimensions
      return stride(from: 0, to: points.count, by: d).map { density.logProb(Array(points[$0..<$0 + d])) }
    }
  }

  /// Evaluates a density at many points at once.
  ///
  /// - Parameters:
  ///   - bounds: the extents of the grid, side by side.
  ///   - cells: the number of cells along each side.
  ///   - logProbs: log p at points, [count, d] row-major; nats.
  public init(bounds: [ClosedRange<Double>], cells: [Int], logProbs: ([Double]) -> [Double]) {
    let d = bounds.count
    precondition(1...2 ~= d && cells.count == d, "a grid has one or two sides here, not \(d)")
    precondition(cells.allSatisfy { $0 > 0 }, "a grid of \(cells) has no cells")
    let axes = zip(bounds, cells).map(Self.centers)
    let points = d == 1 ? axes[0] : axes[0].flatMap { first in axes[1].flatMap { [first, $0] } }
    let volume = zip(bounds, cells).reduce(1) { $0 * ($1.0.upperBound - $1.0.lowerBound) / Double($1.1) }
    let logs = logProbs(points)
    precondition(logs.count * d == points.count, "the number of densities is not that of the points")
    var weights = logs
    Elementary.exp(&weights)
    self.bounds = bounds
    self.cells = cells
    self.points = points
    self.logProbs = logs
    self.weights = weights.map { $0 * volume }
  }

  /// The number of points.
  public var count: Int { weights.count }

  /// The mass of the box: 1 for a normalized density that lies inside.
  public var mass: Double { weights.reduce(0, +) }

  /// The expectation of a function of a point's values: the sum over the box, not divided by the mass.
  public func expectation(_ function: (ArraySlice<Double>) -> Double) -> Double {
    let d = bounds.count
    return weights.indices.reduce(0) { $0 + weights[$1] * function(points[$1 * d..<($1 + 1) * d]) }
  }

  /// -E log p(x), in nats.
  public var entropy: Double { -Self.sum(weights, logProbs) }

  /// E x, [d].
  public var mean: [Double] {
    bounds.indices.map { i in expectation { $0[$0.startIndex + i] } }
  }

  /// The covariance, [d][d].
  public var covariance: [[Double]] {
    let mean = mean
    return mean.indices.map { i in
      mean.indices.map { j in
        expectation { ($0[$0.startIndex + i] - mean[i]) * ($0[$0.startIndex + j] - mean[j]) }
      }
    }
  }

  /// The masses along one side, with the other side summed over.
  public func marginal(_ dimension: Int) -> [Double] {
    guard cells.count == 2 else { return weights }
    var sums = [Double](repeating: 0, count: cells[dimension])
    for (index, weight) in weights.enumerated() {
      sums[dimension == 0 ? index / cells[1] : index % cells[1]] += weight
    }
    return sums
  }

  /// The differential entropy of one value, in nats.
  public func marginalEntropy(_ dimension: Int) -> Double {
    let masses = marginal(dimension)
    let side = bounds[dimension]
    let step = (side.upperBound - side.lowerBound) / Double(cells[dimension])
    var logs = masses.map { $0 / step }
    Elementary.log(&logs)
    return -Self.sum(masses, logs)
  }

  /// I(x1; x2), the mutual information of the two values, in nats; 0 in one dimension.
  public var mutualInformation: Double {
    cells.count == 2 ? marginalEntropy(0) + marginalEntropy(1) - entropy : 0
  }

  /// The sum of w f over the points with mass: 0 log 0 is 0 here.
  private static func sum(_ weights: [Double], _ logs: [Double]) -> Double {
    zip(weights, logs).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
  }

  private static func centers(_ side: ClosedRange<Double>, _ count: Int) -> [Double] {
    let step = (side.upperBound - side.lowerBound) / Double(count)
    return (0..<count).map { side.lowerBound + (Double($0) + 0.5) * step }
  }
}

extension Density {
  /// A quantity of the density's grid, with its difference from the one on half as many cells per side.
  public func estimate(_ metric: (DensityGrid) -> Double) -> QuadratureEstimate {
    let fine = metric(DensityGrid(self))
    let coarse = metric(DensityGrid(self, cells: cells.map { $0 / 2 }))
    return QuadratureEstimate(fine, error: abs(fine - coarse))
  }

  /// The number of cells along each side of a box, even, so that steps are at most `steps` long: at most 1,200, which
  /// are more than a million cells in two dimensions.
  static func cells(of bounds: [ClosedRange<Double>], steps: [Double]) -> [Int] {
    zip(bounds, steps).map { 2 * Int(min(600, (($0.upperBound - $0.lowerBound) / (2 * $1)).rounded(.up))) }
  }
}
