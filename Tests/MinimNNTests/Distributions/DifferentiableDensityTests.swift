import MinimAutodiff
import MinimData
import MinimKernels
import MinimNN
import TestSupport
import Testing

/// Densities as expressions, beside what they say of one point and how that changes.
@Suite struct DifferentiableDensityTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let density: any DifferentiableDensity
    var testDescription: String { density.name }
    init(_ density: any DifferentiableDensity) { self.density = density }

    static let all: [Case] =
      [
        GaussianMixture.twoHumps, GaussianMixture.fourClusters, GaussianMixture.ring(), GaussianMixture.twoMoons(),
        GaussianMixture.spirals(), GaussianMixture.correlatedNormal(),
        GaussianMixture(
          name: "uneven, in three dimensions", means: [[0, 1, 2], [-2, 0.5, 900]],
          covariances: [
            [[1, 0.3, -0.2], [0.3, 2, 0.5], [-0.2, 0.5, 1]], [[0.04, 0, 0], [0, 0.01, 0], [0, 0, 0.09]],
          ],
          weights: [1, 5]),
      ].map { Case($0) }
      + [
        WarpedMixture.banana(), WarpedMixture.banana(deviation: 0.7, sigma: 0.4, curvature: -1),
        WarpedMixture.pinwheel(),
      ].map { Case($0) }
      + EnergyName.allCases.flatMap { [Energy($0), Energy($0, confinement: 0.7)] }.map { Case($0) }

    /// Points of the window, around it and far away, those with equal values and the origin among them.
    var points: [[Double]] {
      let d = density.dimensions
      var random = SplitMix(seed: 17)
      let places = [1.0, 3, 8, 50].flatMap { reach in
        (0..<40).map { _ in (0..<d).map { _ in reach * random.symmetric() } }
      }
      let corners = (0..<1 << d).map { code in (0..<d).map { code >> $0 & 1 == 1 ? 50.0 : -50 } }
      let windowed = (0..<40).map { _ in
        density.window.map {
          ($0.lowerBound + $0.upperBound + ($0.upperBound - $0.lowerBound) * random.symmetric()) / 2
        }
      }
      return places + corners + windowed + [[Double](repeating: 0, count: d), [Double](repeating: 2, count: d)]
    }
  }

  private static func evaluated(_ density: any DifferentiableDensity, _ points: [[Double]], _ precision: Precision)
    throws -> (values: [Double], gradients: [[Double]])
  {
    let (n, d) = (points.count, density.dimensions)
    let x = Tensor.input("x", shape: [n, d])
    let logProb = density.logProb(x)
    #expect(logProb.shape == [n])
    let found = try evaluate(
      [logProb, gradient(of: logProb.sum(), withRespectTo: [x])[0]], inputs: ["x": points.flatMap { $0 }],
      kernels: KernelTable(level: .preferred, precision: precision))
    return (found[0], rows(found[1], d))
  }

  @Test("the expression is the logarithm of the density, near and far", arguments: Case.all)
  func values(_ test: Case) throws {
    let points = test.points
    let found = try Self.evaluated(test.density, points, .float64)
    let expected = points.map { test.density.logProb($0) }
    #expect(distance(found.values, expected) < 1e-12 && found.values.allSatisfy { $0.isFinite })
    // The control: other points have other densities.
    #expect(distance(found.values, expected.reversed()) > 1e-2)
    // One row is a batch too.
    #expect(try Self.evaluated(test.density, [points[3]], .float64).values.count == 1)
  }

  @Test("its gradient is that of the density, by differences", arguments: Case.all)
  func gradients(_ test: Case) throws {
    let points = test.points
    let gradients = try Self.evaluated(test.density, points, .float64).gradients
    #expect(gradients.joined().allSatisfy { $0.isFinite })
    for (point, gradient) in zip(points, gradients) where point.contains(where: { $0 != 0 }) {
      let length = point.reduce(1) { max($0, abs($1)) }
      for i in point.indices {
        let step = 2e-5 / length
        func at(_ t: Double) -> Double {
          test.density.logProb(point.indices.map { point[$0] + (i == $0 ? t * step : 0) })
        }
        let difference = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * step)
        // What is left is rounding: of values as large as these, over the step.
        let rounding = 1e-15 * max(1, abs(at(0))) / step
        #expect(abs(gradient[i] - difference) < 20 * rounding + 1e-6 * max(1, abs(difference)), "\(point)")
      }
    }
  }

  /// At its origin U1 has a kink; nothing may become of it that is not a number.
  @Test("in Float nothing is lost but digits", arguments: Case.all) func inFloat(_ test: Case) throws {
    let points = test.points.map { $0.map { Double(Float($0)) } }
    let found = try Self.evaluated(test.density, points, .float32)
    #expect((found.values + found.gradients.joined()).allSatisfy { $0.isFinite })
    let near = points.indices.filter { points[$0].allSatisfy { abs($0) < 3 } }
    let expected = near.map { test.density.logProb(points[$0]) }
    #expect(distance(near.map { found.values[$0] }, expected) < 1e-3)
  }

  @Test func whereTheyAreFound() {
    let known: [any KnownDistribution] = [
      Energy(.u3), GaussianMixture.ring(), WarpedMixture.banana(),
    ]
    #expect(
      known.map { $0.differentiable?.name } == ["energy U3 of Rezende and Mohamed, confined to 2.0"]
        + [GaussianMixture.ring().name, WarpedMixture.banana().name])
    // A board has edges, and images are no points.
    #expect(Checkerboard().differentiable == nil)
    #expect(Ising(height: 2, width: 2, beta: 0.1).differentiable == nil)
  }
}
