import Foundation
import MinimData
import TestSupport
import Testing

@Suite struct GaussianMixtureTests {
  private static func golden(_ part: String, _ key: String) throws -> Double {
    try #require(Golden["flow", part, key].number)
  }

  @Test func fourClustersAreGolden() throws {
    let mixture = GaussianMixture.fourClusters
    let centers = try #require(Golden["flow", "mixture_2d", "centers"].matrix)
    #expect(mixture.components == 4)
    for center in centers { #expect(mixture.nearestComponent(to: center).distance < 1e-12) }
    let sigma = try Self.golden("mixture_2d", "sigma")
    for covariance in mixture.covariances {
      #expect(distance(covariance, [[sigma * sigma, 0], [0, sigma * sigma]]) < 1e-15)
    }
    #expect(abs(mixture.logProb([0, 0]) - (try Self.golden("mixture_2d", "log_density_at_origin"))) < 1e-12)
    let entropy = try #require(mixture.entropy())
    #expect(abs(entropy.value - (try Self.golden("mixture_2d", "entropy"))) < 1e-9 && entropy.error < 1e-6)
    let marginal = try Self.golden("mixture_2d", "marginal_entropy")
    for i in 0..<2 {
      #expect(abs(DensityGrid(mixture).marginalEntropy(i) - marginal) < 1e-9)
      #expect(abs(try #require(mixture.marginal(i).entropy()).value - marginal) < 1e-9)
    }
    // The control.
    let other = GaussianMixture.ring(components: 4, radius: 1.5, sigma: 0.351)
    #expect(abs(other.logProb([0, 0]) - mixture.logProb([0, 0])) > 1e-3)
    #expect(abs(try #require(other.entropy()).value - entropy.value) > 1e-3)
  }

  @Test func twoHumpsAreGolden() throws {
    let mixture = GaussianMixture.twoHumps
    #expect(abs(try #require(mixture.entropy()).value - (try Self.golden("kl_identity_1d", "entropy_PX"))) < 1e-9)
    #expect(abs(mixture.mean[0] - (try Self.golden("kl_identity_1d", "mean"))) < 1e-12)
    #expect(abs(mixture.covariance[0][0] - (try Self.golden("kl_identity_1d", "var"))) < 1e-12)
  }

  /// sum_k w_k exp(-(x - m)^T C^-1 (x - m) / 2) / (2 pi sqrt(det C)), with the inverse of two by two numbers.
  @Test func densityByTheDefinition() {
    let covariances = [[[1, 0.6], [0.6, 0.5]], [[0.2, -0.1], [-0.1, 0.3]]]
    let (means, weights) = ([[0.5, -1], [2, 1.5]], [3.0, 1])
    let mixture = GaussianMixture(name: "two", means: means, covariances: covariances, weights: weights)
    #expect(mixture.weights == [0.75, 0.25])
    var random = SplitMix(seed: 3)
    for _ in 0..<20 {
      let x = (0..<2).map { _ in 4 * random.symmetric() }
      let density = (0..<2).reduce(0.0) { sum, k in
        let (c, r) = (covariances[k], zip(x, means[k]).map { $0 - $1 })
        let determinant = c[0][0] * c[1][1] - c[0][1] * c[1][0]
        let square = (c[1][1] * r[0] * r[0] - 2 * c[0][1] * r[0] * r[1] + c[0][0] * r[1] * r[1]) / determinant
        return sum + weights[k] / 4 * exp(-square / 2) / (2 * .pi * determinant.squareRoot())
      }
      #expect(abs(mixture.logProb(x) - log(density)) < 1e-10)
    }
    // Far from everything the logarithm stays finite.
    #expect(mixture.logProb([300, 300]) < -1e4 && mixture.logProb([300, 300]).isFinite)
  }

  @Test func nearestComponents() {
    let ring = GaussianMixture.ring()
    #expect(ring.components == 8)
    for (index, mean) in ring.means.enumerated() {
      #expect(abs(hypot(mean[0], mean[1]) - 2) < 1e-12)
      let nearest = ring.nearestComponent(to: mean.map { 1.3 * $0 })
      #expect(nearest.index == index && abs(nearest.distance - 0.6) < 1e-12)
    }
    #expect(ring.nearestComponent(to: [1.9, 0.1]).index == 0)
    #expect(GaussianMixture.twoHumps.nearestComponent(to: [0.25]).index == 0)
  }

  @Test func marginals() throws {
    let normal = GaussianMixture.correlatedNormal(mean: [1, -1], deviations: [2, 3])
    let second = normal.marginal(1)
    #expect(second.dimensions == 1 && second.mean == [-1] && abs(second.covariance[0][0] - 9) < 1e-12)
    #expect(abs(second.logProb([2]) + log(3) + log(2 * .pi) / 2 + 0.5) < 1e-12)
  }

  /// Components at most one deviation apart along curves of known lengths, and ripples that nothing sees.
  @Test func curves() {
    let moons = GaussianMixture.twoMoons()
    #expect(moons.components == 64 && distance(moons.mean, [0, 0]) < 1e-12)
    for mean in moons.means[..<32] { #expect(abs(hypot(mean[0] + 0.5, mean[1] + 0.25) - 1) < 1e-12) }
    let spirals = GaussianMixture.spirals()
    #expect(spirals.components == 294 && distance(spirals.mean, [0, 0]) < 1e-12)
    for (mixture, count) in [(moons, 32), (spirals, 147)] {
      let gaps = zip(mixture.means, mixture.means.dropFirst()).map { hypot($1[0] - $0[0], $1[1] - $0[1]) }
      let arm = Array(gaps[..<(count - 1)])
      // Chords are shorter than arcs, which are all as long.
      #expect(arm.allSatisfy { $0 <= 0.1 && $0 > 0.09 })
    }
    for (index, mean) in spirals.means[..<147].enumerated() {
      // r = radius angle / (2 pi turns), the angle modulo a turn.
      let angle = 3 * .pi * hypot(mean[0], mean[1]) / 3
      #expect(abs(cos(angle) - mean[0] / hypot(mean[0], mean[1])) < 1e-9, "\(index)")
    }
    #expect(rippleOfLine(spacing: 0.1) < 5e-8)
    // The control: two deviations apart they are seen.
    #expect(rippleOfLine(spacing: 0.2) > 1e-3)
  }

  /// By how much log p changes between a component of deviation 0.1 and half way to the next one, far from the ends.
  private func rippleOfLine(spacing: Double) -> Double {
    let means = (-30...30).map { [spacing * Double($0)] }
    let line = GaussianMixture(name: "line", means: means, sigmas: means.map { _ in 0.1 })
    return abs(line.logProb([0]) - line.logProb([spacing / 2]))
  }
}
