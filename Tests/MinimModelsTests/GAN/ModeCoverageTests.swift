import MinimData
import MinimKernels
import MinimModels
import TestSupport
import Testing

/// Samples whose faults are known.
@Suite struct ModeCoverageTests {
  private static let ring = GaussianMixture.ring()
  private static let count = 8000

  private static func draws(_ mixture: GaussianMixture, seed: UInt64) -> [Double] {
    let key = RandomKey(seed: seed)
    return (0..<UInt64(count)).flatMap { mixture.draw(key.folding($0)) }
  }

  private static func coverage(_ samples: [Double]) -> ModeCoverage {
    ModeCoverage(samples, of: ring, reference: draws(ring, seed: 1))
  }

  @Test("draws of the mixture cover all of it as they should") func good() throws {
    let it = Self.coverage(Self.draws(Self.ring, seed: 2))
    #expect(it.covered == 8 && it.leastShare > 0.9 && it.divergence < 0.002)
    // Within three deviations lie 1 - exp(-9/2) of a normal of the plane.
    #expect(abs(it.withinThreeDeviations - (1 - Elementary.exp(-4.5))) < 0.005)
    #expect(it.spreads.allSatisfy { abs($0 - 1) < 0.1 })
  }

  @Test("eight points are all near a component, and have no width") func points() throws {
    let it = Self.coverage((0..<Self.count).flatMap { Self.ring.means[$0 % 8] })
    #expect(it.covered == 8 && it.reached == 8 && it.withinThreeDeviations == 1 && it.divergence == 0)
    #expect(it.spreads.count == 8 && it.spreads.allSatisfy { $0 < 1e-9 })
  }

  @Test("86 % in one component is found by the shares") func dominated() throws {
    let uneven = GaussianMixture(
      name: "uneven", means: Self.ring.means, covariances: Self.ring.covariances,
      weights: [0.86] + [Double](repeating: 0.02, count: 7))
    let it = Self.coverage(Self.draws(uneven, seed: 3))
    #expect(it.covered == 1 && it.reached == 8 && it.withinThreeDeviations > 0.98)
    #expect(abs(it.leastShare - 0.02 * 8) < 0.05)
    let exact = 0.86 * Elementary.log(0.86 * 8) + 0.14 * Elementary.log(0.16)
    #expect(abs(it.divergence - exact) < 0.05)
  }

  @Test("a component without samples, and samples that are no numbers") func missing() throws {
    let one = Self.coverage((0..<100).flatMap { _ in Self.ring.means[2] })
    #expect(one.covered == 1 && one.leastShare == 0 && abs(one.divergence - Elementary.log(8)) < 1e-12)
    let none = Self.coverage([Double](repeating: .nan, count: 20))
    #expect(none.covered == 0 && none.withinThreeDeviations == 0)
  }

  @Test("the energy distance of points by hand, and of two samples of one distribution near 0") func energy() throws {
    // 2 E|X - Y| - E|X - X'| - E|Y - Y'| of {0, 2} and {3}: 2 (3 + 1) / 2 - 2 - 0.
    #expect(energyDistance([0, 2], [3], dimensions: 1) == 2)
    // Distances of the plane: 5 between (0, 0) and (3, 4).
    #expect(energyDistance([0, 0], [3, 4], dimensions: 2) == 10)
    let (a, b) = (Self.draws(Self.ring, seed: 4), Self.draws(Self.ring, seed: 5))
    let near = energyDistance(Array(a.prefix(2000)), Array(b.prefix(2000)), dimensions: 2)
    #expect(abs(near) < 0.02)
    let moved = energyDistance(Array(a.prefix(2000)), b.prefix(2000).map { $0 + 0.5 }, dimensions: 2)
    #expect(moved > 0.1)
  }
}
