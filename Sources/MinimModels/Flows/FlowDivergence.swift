import MinimData
import MinimKernels

// A flow compared with a known density, by sums over grids: no draws, so no sampling error.

extension PointFlow {
  /// KL(target, model) = sum of p (log p - log q) over the target's own grid, in nats. One or two dimensions.
  package func forwardKL(from target: some Density) -> QuadratureEstimate {
    // The model may be sharper than the target: a multiple of the target's cells, so that edges stay between cells.
    let cells = target.cells.map { $0 * ((leastCells + $0 - 1) / $0) }
    let (fine, coarse) = (forwardKL(from: target, cells: cells), forwardKL(from: target, cells: cells.map { $0 / 2 }))
    return QuadratureEstimate(fine, error: abs(fine - coarse))
  }

  /// KL(target, model) on one grid.
  ///
  /// - Parameters:
  ///   - cells: the number along each side.
  ///   - least: the mass of a cell that counts.
  package func forwardKL(from target: some Density, cells: [Int], above least: Double = 1e-18) -> Double {
    let grid = DensityGrid(target, cells: cells)
    let (places, points) = grid.massive(above: least)
    return zip(places, logProbs(points)).reduce(0) { sum, place in
      sum + grid.weights[place.0] * (grid.logProbs[place.0] - place.1)
    }
  }

  /// Both KL on one grid over the target, and the model's mass in its cells; nats. What the model has elsewhere is missing in the
  /// second.
  ///
  /// - Parameter least: the mass of a cell that counts.
  func divergences(
    from target: some Density, cells: [Int], above least: Double
  ) -> (forward: Double, reverse: Double, mass: Double) {
    let grid = DensityGrid(target, cells: cells)
    let (places, points) = grid.massive(above: least)
    return zip(places, logProbs(points)).reduce((0, 0, 0)) { sums, item in
      let (place, own) = item, difference = grid.logProbs[place] - own
      // A cell's mass under the model is that under the target times q / p.
      let mass = grid.weights[place] * Elementary.exp(-difference)
      return (sums.0 + grid.weights[place] * difference, sums.1 - mass * difference, sums.2 + mass)
    }
  }

  /// KL(model, target) = E_u [log N(u) - log |det dF/du| - log p(F(u))], by a grid over the base, in nats. One or two
  /// dimensions.
  ///
  /// - Parameter cells: the number of cells along each side of the base's grid.
  package func reverseKL(to target: some Density, cells: Int = baseCells) -> QuadratureEstimate {
    func value(_ cells: Int) -> Double {
      let grid = baseGrid(cells)
      let (places, points) = grid.massive()
      let images = forward(points)
      let logTargets = target.logProbs(images.points)
      return places.indices.reduce(0) { sum, index in
        let place = places[index]
        return sum + grid.weights[place] * (grid.logProbs[place] - images.logDets[index] - logTargets[index])
      }
    }
    let (fine, coarse) = (value(cells), value(cells / 2))
    return QuadratureEstimate(fine, error: abs(fine - coarse))
  }

  /// The model's mass in a box by its own density, and the same without log |det dF^-1/dx|; one or two dimensions.
  package func mass(
    in box: [ClosedRange<Double>], cells: Int
  ) -> (mass: QuadratureEstimate, withoutDeterminant: Double) {
    func values(_ cells: Int) -> (mass: Double, withoutDeterminant: Double) {
      var logDets: [Double] = []
      let grid = DensityGrid(bounds: box, cells: box.map { _ in cells }) { points in
        let images = inverse(points)
        logDets = images.logDets
        return zip(baseLogProbs(images.points), logDets).map { $0 + $1 }
      }
      var factors = logDets.map { -$0 }
      Elementary.exp(&factors)
      let without = zip(grid.weights, factors).reduce(0) { $1.0 > 0 ? $0 + $1.0 * $1.1 : $0 }
      return (grid.mass, without)
    }
    let (fine, coarse) = (values(cells), values(cells / 2))
    return (QuadratureEstimate(fine.mass, error: abs(fine.mass - coarse.mass)), fine.withoutDeterminant)
  }

  /// The target in u, by a grid of its own there; one or two dimensions.
  package func pulledBack(_ target: some Density, cells: Int) -> PulledBackDensity {
    // The box holds the cells that have mass to speak of: a flow throws points of the tails so far out that a box around all
    // of them leaves few nodes for the rest.
    let coarse = DensityGrid(target, cells: target.cells.map { max(2, $0 / 4) })
    let box = inverse(coarse.massive(above: 1e-12).points).box
    func values(_ cells: Int) -> [Double] {
      var (base, logDets): ([Double], [Double]) = ([], [])
      let grid = DensityGrid(bounds: box, cells: box.map { _ in cells }) { points in
        base = baseLogProbs(points)
        let images = forward(points)
        logDets = images.logDets
        return zip(target.logProbs(images.points), logDets).map { $0 + $1 }
      }
      var (kl, klWithInverse) = (0.0, 0.0)
      var inverseFactors = logDets.map { -2 * $0 }
      Elementary.exp(&inverseFactors)
      for place in grid.weights.indices where grid.weights[place] > 0 {
        kl += grid.weights[place] * (grid.logProbs[place] - base[place])
        klWithInverse +=
          grid.weights[place] * inverseFactors[place] * (grid.logProbs[place] - 2 * logDets[place] - base[place])
      }
      return [grid.mass, kl, klWithInverse]
    }
    let fine = values(cells)
    let estimates = zip(fine, values(cells / 2)).map { QuadratureEstimate($0, error: abs($0 - $1)) }
    return PulledBackDensity(mass: estimates[0], kl: estimates[1], klWithInverse: fine[2])
  }

  /// The standard normal on a grid.
  private func baseGrid(_ cells: Int) -> DensityGrid {
    DensityGrid(
      bounds: (0..<dimensions).map { _ in -8...8 }, cells: (0..<dimensions).map { _ in cells }, logProbs: baseLogProbs)
  }
}

/// The law of u = F^-1(x) for x of a target, r(u) = p(F(u)) |det dF/du|, on a grid in u.
package struct PulledBackDensity: Sendable {
  /// The mass of r.
  package let mass: QuadratureEstimate
  /// KL(r, N(0, I)); nats.
  package let kl: QuadratureEstimate
  /// The same sum with p(F(u)) |det dF^-1/dx| instead of r, which is not a density; nats.
  package let klWithInverse: Double
}

/// The usual number of cells along each side of a grid over the base.
package let baseCells = 400
/// The least number along each side of one over the data.
private let leastCells = 400

extension DensityGrid {
  /// The cells whose mass is above `least`, and their centers; by default the others together have less than 1e-12.
  func massive(above least: Double = 1e-18) -> (places: [Int], points: [Double]) {
    let d = bounds.count
    let places = weights.indices.filter { weights[$0] > least }
    return (places, places.flatMap { points[$0 * d..<($0 + 1) * d] })
  }
}

extension Density {
  /// log p at points, [count, d] row-major; nats.
  func logProbs(_ points: [Double]) -> [Double] {
    let d = dimensions
    return stride(from: 0, to: points.count, by: d).map { logProb(Array(points[$0..<$0 + d])) }
  }
}
