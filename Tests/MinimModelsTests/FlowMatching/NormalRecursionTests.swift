import Foundation
import MinimAutodiff
import MinimConfiguration
import MinimData
import MinimFiles
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

@Suite struct NormalRecursionTests {
  @Test("Euler's and Maruyama's steps of a normal have the golden means and variances") func sampler() throws {
    let golden = goldenField["sde"]
    for item in try #require(golden["cases"]?.array) {
      func number(_ name: String) throws -> Double { try #require(item[name]?.number) }
      let g = try number("g"), recursion = NormalRecursion(.linear, mean: 0.8, variance: 0.25)
      // g^2 = 2 r w sigma, with w = 1 and sigma = 1 - t.
      let noise = { (t: Double) in g * g / (2 * (1 - t)) }
      let found = try recursion.ends(Int(number("steps")), drift: noise, noise: noise)
      #expect(
        try abs(found.mean - number("mean")) < 1e-10 && abs(found.variance - number("variance")) < 1e-10, "\(found)")
    }
  }

  @Test("samples with noise have the recursion's mean and variance, and the mixture's shares") func samples() throws {
    let golden = goldenField["sde"], count = 20_000
    let field = MarginalField(.linear, means: [[0.8]], covariances: [[[0.25]]], weights: [1])
    for g in [0.0, 1] {
      let noise = { @Sendable (t: Double) in g * g / (2 * (1 - t)) }
      let sampler = try FieldSampler(of: field.velocity, .linear, dimensions: 1, steps: 16, noise: noise, untrained())
      let points = sampler.draws(count, RandomKey(seed: 5))
      let ends = NormalRecursion(.linear, mean: 0.8, variance: 0.25).ends(16, drift: noise, noise: noise)
      let mean = points.reduce(0, +) / Double(count)
      let variance = points.reduce(0) { $0 + ($1 - ends.mean) * ($1 - ends.mean) } / Double(count)
      #expect(abs(mean - ends.mean) < 4 * (ends.variance / Double(count)).squareRoot())
      #expect(abs(variance / ends.variance - 1) < 4 * (2 / Double(count)).squareRoot(), "\(variance), \(ends.variance)")
    }
    let mixture = try goldenMixture()
    let sampler = try FieldSampler(
      of: MarginalField(.linear, mixture).velocity, .linear, dimensions: 1, steps: 512, noise: { 0.5 / (1 - $0) },
      untrained())
    let edges = try #require(golden["sixteenths_of_the_mixture"]?.numbers)
    var counts = [Int](repeating: 0, count: 16)
    for point in sampler.draws(5000, RandomKey(seed: 6)) { counts[edges.count { $0 < point }] += 1 }
    let test = Statistics.chiSquare(counts, expected: [Double](repeating: 5000.0 / 16, count: 16))
    #expect(Statistics.chiSquareTail(test.statistic, degrees: test.degrees) > 1e-4, "\(counts)")
  }

  @Test("a constant error of the velocity moves the best sampler with noise as the golden bound says") func bound()
    throws
  {
    for item in try #require(goldenField["sde_bound"]["cases"]?.array) {
      func number(_ name: String) throws -> Double { try #require(item[name]?.number) }
      let (end, error) = try (number("t1"), number("delta")),
        normal = NormalRecursion(.linear, mean: 0.8, variance: 0.25)
      let shift = normal.shift(at: end, error: error)
      #expect(try abs(shift - number("mean_shift")) < 1e-8, "\(shift)")
      #expect(try abs(normal.kl(at: end, shift: shift) - number("KL_at_t1")) < 1e-8)
    }
  }

  @Test("the denoiser of a normal is the golden matrix") func denoiser() throws {
    let golden = goldenField["gaussian"], item = try #require(golden["denoiser"])
    let field = MarginalField(
      .angle, means: [try #require(golden["mean"]?.numbers)],
      covariances: [Matrix(rows: try #require(golden["covariance"]?.matrix))], weights: [1])
    let level = try #require(item["log_snr"]?.number)
    let (z, t) = (Tensor.input("z", shape: [1, 2]), Tensor.input("t", shape: [1, 1]))
    let found = try MinimAutodiff.evaluate(
      [field.posterior(z, t).data],
      inputs: ["z": #require(item["z"]?.numbers), "t": [ProbabilityPath.angle.time(ofLogSNR: level)]])[0]
    #expect(try zip(found, #require(item["E_data"]?.numbers)).allSatisfy { abs($0 - $1) < 1e-11 }, "\(found)")
  }
}
