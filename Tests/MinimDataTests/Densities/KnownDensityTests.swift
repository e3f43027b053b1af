import Foundation
import MinimData
import MinimKernels
import TestSupport
import Testing

/// What holds of every density.
@Suite struct KnownDensityTests {
  @Test("mass 1, and the moments, by sums over two grids", arguments: DensityCase.all)
  func mass(_ test: DensityCase) {
    let density = test.density
    let mass = density.estimate(\.mass)
    #expect(abs(mass.value - 1) < 1e-9 && mass.error < 1e-8, "\(mass)")
    let grid = DensityGrid(density)
    // A uniform square's second moment is off by a twelfth of the step's square, the one moment that is no smooth sum.
    let tolerance = density is Checkerboard ? 1e-3 : 1e-8
    #expect(distance(grid.mean, density.mean) < tolerance)
    #expect(distance(grid.covariance, density.covariance) < tolerance)
    // The controls: a deviation that is 1 % too large in the constant alone, and a box that cuts something off.
    let wrong = Shifted(density: density, shift: -log(1.01)).estimate(\.mass)
    #expect(abs(wrong.value - 1) > 1e-3)
    let cut = density.bounds.map { $0.lowerBound...$0.lowerBound + 0.55 * ($0.upperBound - $0.lowerBound) }
    #expect(DensityGrid(density, bounds: cut).mass < 0.95)
  }

  @Test("the entropy by a grid of the density itself", arguments: DensityCase.all)
  func entropy(_ test: DensityCase) throws {
    let known = try #require(test.density.entropy())
    #expect(abs(test.density.estimate(\.entropy).value - known.value) < 1e-7)
    // And of a sample: the mean of -log p within five standard errors.
    let surprise = moments(test.sample(4000).map { [-test.density.logProb($0)] })
    let error = (surprise.covariance[0][0] / 4000).squareRoot()
    #expect(abs(surprise.mean[0] - known.value) <= 5 * error + 1e-12)
  }

  @Test("a sample is of the density", arguments: DensityCase.all)
  func sample(_ test: DensityCase) {
    let points = test.sample(20_000)
    let right = deviate(of: points, from: test.density)
    #expect(right < largestDeviate, "\(right)")
    #expect(haveMoments(points, test.density.mean, test.density.covariance))
    // The controls: points that are a little wider, and that are elsewhere.
    let wider = points.map { zip($0, test.density.mean).map { 1.1 * ($0 - $1) + $1 } }
    #expect(deviate(of: wider, from: test.density) > largestDeviate)
    #expect(deviate(of: points.map { $0.map { $0 + 0.1 } }, from: test.density) > largestDeviate)
  }

  @Test("rows depend on key and index alone", arguments: DensityCase.all)
  func rowsByNumber(_ test: DensityCase) {
    let key = RandomKey(seed: 58).folding(.data)
    let many = test.density.dataset(rows: 50, key: key)
    #expect(many.exampleShape == [test.density.dimensions] && many.count == 50 && many.name == test.density.name)
    #expect(
      test.density.dataset(rows: 7, key: key).values == Array(many.values[..<(7 * test.density.dimensions)]))
    for index in [49, 0, 20] {
      #expect(many.example(index).elementsEqual(test.density.draw(key.folding(UInt64(index))).map { Float($0) }))
    }
    #expect(test.density.dataset(rows: 50, key: RandomKey(seed: 59)).values != many.values)
    // A range is drawn as its rows are one by one, over what was in memory before.
    var part = [Float](repeating: .nan, count: 13 * test.density.dimensions)
    part.withUnsafeMutableBufferPointer { test.density.draw(31..<44, key: key, into: $0) }
    #expect(part.elementsEqual((31..<44).flatMap { many.example($0) }))
    // No row is where there is no density, whatever rounding did to it.
    #expect(rows(of: many).allSatisfy { test.density.logProb($0).isFinite })
  }

  /// A deviation that is wrong by a tenth: no density of mass 1 hides it from the sample.
  @Test func aWrongDeviationIsSeen() {
    let points = DensityCase(GaussianMixture.ring(sigma: 0.11)).sample(20_000)
    #expect(deviate(of: points, from: GaussianMixture.ring(sigma: 0.11)) < largestDeviate)
    #expect(deviate(of: points, from: GaussianMixture.ring(sigma: 0.1)) > largestDeviate)
  }
}
