import Foundation
import MinimAutodiff
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Bounds by draws, against the same draws by plain formulas and against what they are draws of.
@Suite struct VAEDrawsTests {
  private static let mean = [0.1, -0.2], deviations = [0.55, 0.7]

  /// The mean of terms and its standard error.
  private static func estimate(_ terms: [Double]) -> (mean: Double, error: Double) {
    let found = moments(terms.map { [$0] })
    return (found.mean[0], (found.covariance[0][0] / Double(terms.count)).squareRoot())
  }

  @Test("the mean of the sampled objective is the closed form")
  func sampledObjective() throws {
    let it = try SmallVAE.linear(), row = [0.5, -0.3, 1.2, 0], count = 20_000
    it.setEncoder(mean: Self.mean, logStandardDeviation: Self.deviations.map { log($0) })
    let losses = try #require(it.model.losses(it.batch(count)))
    let found = Self.estimate(try it.evaluated([losses], .init(repeating: row, count: count))[0].map { -$0 })
    let theory = LinearGaussianTheory(.example)
    let expected = theory.elbo(row, mean: Self.mean, variance: Self.deviations.map { $0 * $0 })
    #expect(abs(found.mean - expected) < 5 * found.error, "\(found) for \(expected)")
    // The controls: the precision is enough to tell the bound from a likelihood, and seeds are other draws.
    #expect(theory.logProb(row) - expected > 20 * found.error)
    let other = try it.evaluated([losses], .init(repeating: row, count: count), seed: 2)[0]
    #expect(Self.estimate(other.map { -$0 }).mean != found.mean)
  }

  /// log of the mean over draws of p(x, z) / q(z), in loops, with the data set's own density.
  @Test("the importance-weighted bound is the definition's, draw for draw", arguments: [1, 2, 5])
  func definition(_ samples: Int) throws {
    let it = try SmallVAE.tanh(), rows = (0..<4).map { values(3, seed: $0) }, x = it.batch(4).examples
    let q = it.model.posterior(x)
    let noise = Tensor.normal(shape: [4, samples, 2], purpose: .model)
    let found = try it.evaluated(
      [it.model.importanceWeightedBound(x, q, samples: samples), noise, q.mean, q.logStandardDeviation], rows)
    let expected = rows.indices.map { row in
      let weights = (0..<samples).map { draw in
        let e = (0..<2).map { found[1][(row * samples + draw) * 2 + $0] }
        let z = (0..<2).map { found[2][row * 2 + $0] + exp(found[3][row * 2 + $0]) * e[$0] }
        let logQ = (0..<2).reduce(0.0) { sum, i in
          let logDensity = -e[i] * e[i] / 2 - log(2 * .pi) / 2
          return sum + logDensity - found[3][row * 2 + i]
        }
        return exp(TanhGaussian().logJoint(rows[row], z) - logQ)
      }
      return log(weights.reduce(0, +) / Double(samples))
    }
    #expect(distance(found[0], expected) < 1e-11)
    #expect(Set(found[1]).count == 8 * samples)
  }

  /// One draw: the same draws of log p(x | z), but log p(z) - log q(z) in the place of its mean, -KL.
  @Test("with one sample it differs from the sampled ELBO by what has the mean 0")
  func oneSample() throws {
    let it = try SmallVAE.tanh(), count = 20_000, x = it.batch(count).examples
    it.setEncoder(mean: Self.mean, logStandardDeviation: Self.deviations.map { log($0) })
    let q = it.model.posterior(x)
    let z = q.sample(noise: .normal(shape: [count, 2], purpose: .model))
    let difference =
      DiagonalNormal.standard(shape: z.shape).logProb(z) - q.logProb(z) + q.klToStandard.sum(axes: [1])
    let (reconstruction, kl) = it.model.elboParts(x, q)
    let found = try it.evaluated(
      [it.model.importanceWeightedBound(x, q, samples: 1), reconstruction - kl.sum(axes: [1]), difference],
      .init(repeating: [0.4, -0.2, 0.9], count: count))
    #expect(distance(zip(found[0], found[1]).map { $0 - $1 }, found[2]) < 1e-10)
    let mean = Self.estimate(found[2])
    #expect(abs(mean.mean) < 5 * mean.error && mean.error > 1e-4)
  }

  @Test("the bound rises with the draws, and stays below log p(x)")
  func moreSamples() throws {
    let it = try SmallVAE.tanh(), count = 4000, row = [0.4, -0.2, 0.9], x = it.batch(count).examples
    it.setEncoder(mean: [-0.28, 0.22], logStandardDeviation: [log(0.25), log(0.25)])
    let logProb = try it.evaluated([it.model.logProb(it.batch(1).examples, on: .fine)], [row])[0][0]
    let found = try [1, 2, 5, 20, 50].map { samples in
      let bound = it.model.importanceWeightedBound(x, it.model.posterior(x), samples: samples)
      return Self.estimate(try it.evaluated([bound], .init(repeating: row, count: count))[0])
    }
    for (fewer, more) in zip(found, found.dropFirst()) {
      #expect(more.mean > fewer.mean - 5 * hypot(fewer.error, more.error))
    }
    #expect(found[4].mean > found[0].mean + 5 * hypot(found[0].error, found[4].error))
    for bound in found { #expect(bound.mean < logProb + 5 * bound.error, "\(bound) for \(logProb)") }
    // The control: without the division by the number of draws it is no bound.
    #expect(found[4].mean + log(50) > logProb + 5 * found[4].error)
  }

  @Test("the parts of a bound with several draws are means over the same draws, and share a plan with it")
  func parts() throws {
    let (n, k) = (3, 5)
    let it = try SmallVAE.tanh(#", "samples": \#(k)"#), rows = (0..<n).map { values(3, seed: UInt64($0)) }
    let batch = it.batch(n), q = it.model.posterior(batch.examples)
    let noise = Tensor.normal(shape: [n, k, 2], purpose: .model)
    let part = try #require(it.model.parts(batch).first { $0.name == "reconstruction" }).value
    let losses = try #require(it.model.losses(batch))
    let found = try it.evaluated([part, noise, q.mean, q.logStandardDeviation, losses], rows)
    let theory = TanhGaussian(sigma: 0.3)
    let expected = (0..<n).map { row in
      (0..<k).reduce(0.0) { sum, draw in
        let z = (0..<2).map { j -> Double in
          let place = 2 * row + j
          return found[2][place] + exp(found[3][place]) * found[1][2 * (row * k + draw) + j]
        }
        let logPrior = -z.reduce(0) { $0 + $1 * $1 } / 2 - log(2 * Double.pi)
        return sum + theory.logJoint(rows[row], z) - logPrior
      } / Double(k)
    }
    #expect(distance(found[0], expected) < 1e-10 && found[4].allSatisfy(\.isFinite))
  }

  @Test("more than one sample train the importance-weighted bound, one the ELBO")
  func objectives() throws {
    for samples in [1, 5] {
      let it = try SmallVAE.tanh(#", "samples": \#(samples)"#), rows = (0..<3).map { values(3, seed: $0) }
      let batch = it.batch(3), q = it.model.posterior(batch.examples)
      let (reconstruction, kl) = it.model.elboParts(batch.examples, q)
      let bound =
        samples == 1
        ? reconstruction - kl.sum(axes: [1]) : it.model.importanceWeightedBound(batch.examples, q, samples: 5)
      let found = try it.evaluated([it.model.objective(batch).value, bound], rows)
      #expect(abs(found[0][0] + found[1].reduce(0, +) / 3) < 1e-12)
    }
  }
}
