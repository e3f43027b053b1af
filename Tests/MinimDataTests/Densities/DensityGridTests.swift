import Foundation
import MinimData
import TestSupport
import Testing

@Suite struct DensityGridTests {
  /// Points and weights by the definition.
  @Test func pointsAndWeights() {
    let normal = GaussianMixture.correlatedNormal()
    let grid = DensityGrid(normal, bounds: [0...1, -1...1], cells: [2, 4])
    #expect(grid.count == 8)
    #expect(
      grid.points == [
        0.25, -0.75, 0.25, -0.25, 0.25, 0.25, 0.25, 0.75, 0.75, -0.75, 0.75, -0.25, 0.75, 0.25, 0.75, 0.75,
      ])
    for index in 0..<8 {
      let x = Array(grid.points[2 * index..<2 * index + 2])
      #expect(grid.logProbs[index] == normal.logProb(x))
      #expect(abs(grid.weights[index] - exp(normal.logProb(x)) / 4) < 1e-15)
    }
    #expect(grid.marginal(0).count == 2 && grid.marginal(1).count == 4)
    #expect(abs(grid.marginal(1)[2] - grid.weights[2] - grid.weights[6]) < 1e-15)
    let line = DensityGrid(GaussianMixture.twoHumps, bounds: [-1...1], cells: [4])
    #expect(line.points == [-0.75, -0.25, 0.25, 0.75] && line.marginal(0) == line.weights)
    #expect(line.mutualInformation == 0)
  }

  /// Closed forms of a normal with correlation r: I = -log(1 - r^2) / 2, and the entropies.
  @Test(arguments: [0, 0.8, -0.95]) func closedForms(_ r: Double) throws {
    let normal = GaussianMixture.correlatedNormal(mean: [3, -2], deviations: [0.5, 2], correlation: r)
    let grid = DensityGrid(normal)
    let entropies = [0.5, 2].map { log($0) + (1 + log(2 * .pi)) / 2 }
    for i in 0..<2 { #expect(abs(grid.marginalEntropy(i) - entropies[i]) < 1e-9) }
    #expect(abs(grid.mutualInformation + log(1 - r * r) / 2) < 1e-9)
    #expect(abs(grid.entropy - entropies[0] - entropies[1] - log(1 - r * r) / 2) < 1e-9)
    #expect(abs(try #require(normal.entropy()).value - grid.entropy) < 1e-9)
    #expect(abs(grid.expectation { $0.reduce(0, +) } - 1) < 1e-9)
  }

  /// Half as many cells are the coarser grid, and a grid that is too coarse says so.
  @Test func theErrorIsTheDifference() {
    let ring = GaussianMixture.ring()
    let fine = DensityGrid(ring)
    let coarse = DensityGrid(ring, cells: ring.cells.map { $0 / 2 })
    #expect(ring.estimate(\.entropy).error == abs(fine.entropy - coarse.entropy))
    // Steps of three deviations are too coarse.
    #expect(abs(DensityGrid(ring, cells: ring.cells.map { $0 / 30 }).mass - 1) > 1e-3)
  }

  @Test("no affine map, and none of each value for itself, does better") func floors() throws {
    func golden(_ part: String, _ key: String) throws -> Double { try #require(Golden["flow", part, key].number) }
    let (plane, line) = (GaussianMixture.fourClusters, GaussianMixture.twoHumps)
    let affine = try golden("mixture_2d", "affine_flow_forward_KL_floor")
    #expect(abs(try #require(plane.affineFloor()).value - affine) < 1e-9)
    let entrywise = try golden("mixture_2d", "mutual_information_x1_x2")
    let found = try #require(plane.entrywiseFloor())
    #expect(abs(found.value - entrywise) < 1e-9 && found.error < 1e-6)
    let lineAffine = try golden("kl_identity_1d", "affine_flow_forward_KL_floor")
    #expect(abs(try #require(line.affineFloor()).value - lineAffine) < 1e-9)
    #expect(line.entrywiseFloor() == QuadratureEstimate(0))
    // A normal is an affine map of one.
    #expect(abs(try #require(GaussianMixture.correlatedNormal().affineFloor()).value) < 1e-12)
    // The controls: another deviation has other floors.
    let other = GaussianMixture.ring(components: 4, radius: 1.5, sigma: 0.36)
    #expect(abs(try #require(other.affineFloor()).value - affine) > 1e-2)
    #expect(abs(try #require(other.entrywiseFloor()).value - entrywise) > 1e-3)
  }

  /// The sums of more than two dimensions are not made.
  @Test func moreDimensions() throws {
    let round = GaussianMixture(name: "round", means: [[0, 0, 0], [1, 1, 1]], sigmas: [1, 2])
    #expect(round.entropy() == nil && round.affineFloor() == nil && round.entrywiseFloor() == nil)
    let one = GaussianMixture(name: "one", means: [[0, 0, 0]], sigmas: [2])
    #expect(abs(try #require(one.entropy()).value - 1.5 * (1 + log(2 * .pi)) - 3 * log(2)) < 1e-12)
  }
}
