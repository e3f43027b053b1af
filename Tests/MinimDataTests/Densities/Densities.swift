import Foundation
import MinimData
import MinimKernels
import Testing

/// A density under test, by its name.
struct DensityCase: CustomTestStringConvertible, Sendable {
  let density: any KnownDensity
  var testDescription: String { density.name }

  init(_ density: any KnownDensity) { self.density = density }

  /// One of every kind, as a config has it by default, and some of other values.
  static let all: [DensityCase] = [
    DensityCase(GaussianMixture.twoHumps), DensityCase(GaussianMixture.fourClusters),
    DensityCase(GaussianMixture.ring()),
    DensityCase(GaussianMixture.twoMoons()), DensityCase(GaussianMixture.spirals()),
    DensityCase(GaussianMixture.correlatedNormal()),
    DensityCase(
      GaussianMixture(
        name: "uneven", means: [[0, 1], [-2, 0.5], [1, -1]], sigmas: [0.3, 0.5, 0.2], weights: [1, 5, 2])),
    DensityCase(WarpedMixture.banana()), DensityCase(WarpedMixture.banana(deviation: 0.7, sigma: 0.4, curvature: -1)),
    DensityCase(WarpedMixture.pinwheel()), DensityCase(Checkerboard()),
    DensityCase(Checkerboard(squares: 3, side: 0.7)),
  ]

  /// A sample of a key that is always the same.
  func sample(_ count: Int) -> [[Double]] {
    rows(of: density.dataset(rows: count, key: RandomKey(seed: 57).folding(.data)))
  }
}

/// How many standard deviations a chi-square statistic of points is off, against the masses of 12 cells a side of the
/// density's window and of all that is outside, each summed over a grid.
///
/// The cube root of a chi-square variable over its degrees k is near N(1 - 2 / 9k, 2 / 9k) (Wilson and Hilferty 1931).
func deviate(of points: [[Double]], from density: some Density) -> Double {
  let side = 12
  let (window, bounds) = (density.window, density.bounds)
  func width(_ range: ClosedRange<Double>) -> Double { range.upperBound - range.lowerBound }
  // Twice as fine as what makes a smooth sum exact: here the cells have borders.
  let cells = density.cells.indices.map { i in
    side * max(8, Int((2 * Double(density.cells[i]) * width(window[i]) / width(bounds[i]) / Double(side)).rounded(.up)))
  }
  let grid = DensityGrid(density, bounds: window, cells: cells)
  let d = density.dimensions
  func cell(_ x: ArraySlice<Double>) -> Int? {
    var index = 0
    for (i, value) in x.enumerated() {
      let at = Int((Double(side) * (value - window[i].lowerBound) / width(window[i])).rounded(.down))
      guard (0..<side).contains(at) else { return nil }
      index = index * side + at
    }
    return index
  }
  let count = d == 2 ? side * side : side
  var (expected, counts) = ([Double](repeating: 0, count: count + 1), [Double](repeating: 0, count: count + 1))
  for (index, weight) in grid.weights.enumerated() {
    expected[cell(grid.points[index * d..<(index + 1) * d]) ?? count] += weight * Double(points.count)
  }
  expected[count] = max(0, Double(points.count) - expected.reduce(0, +))
  for point in points { counts[cell(point[...]) ?? count] += 1 }
  // Cells of fewer than five expected are one.
  let large = expected.indices.filter { expected[$0] >= 5 }
  let pool = expected.indices.filter { expected[$0] < 5 }
  var pairs = large.map { (counts[$0], expected[$0]) }
  let pooled = (pool.reduce(0) { $0 + counts[$1] }, pool.reduce(0) { $0 + expected[$1] })
  if pooled.1 >= 5 { pairs.append(pooled) }
  // Points where none are expected at all cannot hide in a pool that is left out.
  if pooled.1 < 5, pooled.0 > 25 { return .infinity }
  let (statistic, k) = (pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }, Double(pairs.count - 1))
  return (cbrt(statistic / k) - (1 - 2 / (9 * k))) / (2 / (9 * k)).squareRoot()
}

/// A probability of 1e-4 that a right sample is called wrong.
let largestDeviate = 3.72

/// The density of another one's logarithm plus something: what a wrong constant makes of it.
struct Shifted: Density {
  let density: any KnownDensity
  let shift: Double
  var name: String { "shifted" }
  var dimensions: Int { density.dimensions }
  var bounds: [ClosedRange<Double>] { density.bounds }
  var cells: [Int] { density.cells }
  func logProb(_ x: [Double]) -> Double { density.logProb(x) + shift }
}
