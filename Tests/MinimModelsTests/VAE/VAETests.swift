import Foundation
import MinimAutodiff
import MinimData
import MinimModels
import MinimNN
import TestSupport
import Testing

/// The likelihoods and bounds of VAEs whose decoders are known, against numbers that were computed by other means.
@Suite struct VAETests {
  private static let points = Golden["vae", "nonlinear_2d", "points"].array ?? []

  @Test("log p(x) of the tanh decoder on a grid is golden")
  func logProbOnGrids() throws {
    let it = try SmallVAE.tanh()
    let rows = try Self.points.map { try #require($0["x"]?.numbers) }
    let expected = try Self.points.map { try #require($0["log_px"]?.number) }
    let x = it.batch(rows.count).examples
    let found = try it.evaluated([it.model.logProb(x, on: .fine), it.model.logProb(x, on: .coarse)], rows)
    #expect(rows.count == 3 && distance(found[0], expected) < 1e-9)
    #expect(distance(found[1], expected) < 1e-6)
    // The controls: a grid that is too coarse for the posterior, and one that leaves some of it out.
    for grid in [LatentGrid(side: 21, reach: 8), LatentGrid(side: 401, reach: 1)] {
      #expect(distance(try it.evaluated([it.model.logProb(x, on: grid)], rows)[0], expected) > 1e-3)
    }
  }

  @Test("the ELBO of the tanh decoder at given normals is golden", arguments: 0..<3)
  func boundAtGivenNormals(_ index: Int) throws {
    let it = try SmallVAE.tanh()
    let point = try #require(Self.points.indices.contains(index) ? Self.points[index] : nil)
    let row = try #require(point["x"]?.numbers), x = it.batch(1).examples
    func elbo(_ mean: [Double], _ deviations: [Double], nodes: Int = 64) throws -> Double {
      let q = constantNormal(mean, deviations, count: 1)
      return try it.evaluated([it.model.elbo(x, q, GaussHermite(nodes))], [row])[0][0]
    }
    let fixed = try #require(point["elbo_at_fixed_q"]), best = try #require(point["best_found"]?["mean_field"])
    let (mean, deviations) = (try #require(fixed["mean"]?.numbers), try #require(fixed["std"]?.numbers))
    let expected = try #require(fixed["elbo"]?.number)
    // Far wider than the posterior, where the tanhs bend within it: 64 nodes give 1e-10, 32 give 1e-6, 24 give 2e-5.
    #expect(abs(try elbo(mean, deviations) - expected) < 1e-9)
    #expect(abs(try elbo(mean, deviations, nodes: 24) - expected) < 1e-4)
    #expect(abs(try elbo(mean, deviations, nodes: 4) - expected) > 1e-3)
    let (m, factor) = (try #require(best["mean"]?.numbers), try #require(best["L"]?.matrix))
    let s = factor.indices.map { factor[$0][$0] }, highest = try #require(best["elbo"]?.number)
    // As wide as the posterior: few nodes are many.
    for nodes in [24, 32, 64] { #expect(abs(try elbo(m, s, nodes: nodes) - highest) < 1e-10) }
    // It is the best: a step to any side loses.
    for (dm, ds) in [([0.02, 0], 1), ([0, -0.02], 1), ([0, 0], 1.1), ([0, 0], 0.9)] as [([Double], Double)] {
      #expect(try elbo(zip(m, dm).map { $0 + $1 }, s.map { $0 * ds }) < highest - 1e-4)
    }
    #expect(highest < (try #require(point["log_px"]?.number)))
  }

  @Test("a linear decoder: the closed form is the theory's, and so is log p(x) on a grid")
  func linearTheory() throws {
    let it = try SmallVAE.linear(#", "expectation": "closedForm""#), theory = LinearGaussianTheory(.example)
    let rows = (0..<6).map { values(4, seed: $0).map { 2 * $0 } }, batch = it.batch(6)
    let q = it.model.posterior(batch.examples)
    let found = try it.evaluated(
      [
        it.model.objective(batch).value, try #require(it.model.losses(batch)),
        it.model.logProb(batch.examples, on: .fine),
        q.mean, q.logStandardDeviation, it.model.elbo(batch.examples, q, GaussHermite(2)),
      ], rows)
    func theirs(_ scale: Double) -> [Double] {
      rows.indices.map { row in
        let pair = row * 2..<row * 2 + 2
        let variance = found[4][pair].map { scale * exp(2 * $0) }
        return theory.elbo(rows[row], mean: Array(found[3][pair]), variance: variance)
      }
    }
    let expected = theirs(1)
    #expect(Set(found[3]).count == 12)
    #expect(distance(found[1].map { -$0 }, expected) < 1e-10)
    #expect(abs(found[0][0] + expected.reduce(0, +) / 6) < 1e-10)
    #expect(distance(found[2], rows.map(theory.logProb)) < 1e-9)
    // Quadratic in z, so that even two nodes are exact.
    #expect(distance(found[5], expected) < 1e-10)
    // The control: other variances of z have another bound.
    #expect(distance(found[1].map { -$0 }, theirs(1.01)) > 1e-4)
    #expect(it.model.objective(batch).name == "negativeELBO")
  }

  @Test("Bernoulli likelihoods on a grid sum to 1 over all images", arguments: [1, 2])
  func massOfImages(_ latent: Int) throws {
    let it = try SmallVAE(
      #"{"latent": \#(latent), "encoder": [], "decoder": [5], "likelihood": "bernoulli"}"#, exampleShape: [2, 2, 1],
      scale: 2)
    let images = (0..<16).map { code in (0..<4).map { Double(code >> $0 & 1) } }
    func masses(_ grid: LatentGrid) throws -> [Double] {
      try it.evaluated([it.model.logProb(it.batch(16).examples, on: grid)], images)[0].map { exp($0) }
    }
    let found = try masses(.fine)
    #expect(abs(found.reduce(0, +) - 1) < 1e-9)
    #expect(Set(found).count == 16)
    // The control: a grid that leaves some of the prior out.
    #expect(try masses(LatentGrid(side: 401, reach: 4)).reduce(0, +) < 1 - 1e-5)
  }

  @Test("beta and free bits weigh the KL of each latent variable, by the formula")
  func weightedKL() throws {
    let (mean, logDeviations) = ([0.3, -1.5], [-0.1, -0.7]), theory = LinearGaussianTheory(.example)
    let variances = logDeviations.map { exp(2 * $0) }
    let kl = zip(mean, variances).map { (m: Double, v: Double) in (m * m + v - 1 - log(v)) / 2 }
    #expect(kl[0] < 0.2 && kl[1] > 0.5)
    let row = [0.5, -0.3, 1.2, 0]
    let reconstruction = theory.elbo(row, mean: mean, variance: variances) + kl[0] + kl[1]
    for (beta, freeBits) in [(1, 0), (0, 0), (0.5, 0), (1, 0.4), (2.5, 0.4), (1, 5)] as [(Double, Double)] {
      let it = try SmallVAE.linear(#", "expectation": "closedForm", "beta": \#(beta), "freeBits": \#(freeBits)"#)
      it.setEncoder(mean: mean, logStandardDeviation: logDeviations)
      let batch = it.batch(1), found = try it.evaluated([it.model.objective(batch).value], [row])[0][0]
      let expected = beta * kl.reduce(0) { $0 + max($1, freeBits) } - reconstruction
      #expect(abs(found - expected) < 1e-10, "beta \(beta), free bits \(freeBits)")
      #expect(it.model.objective(batch).name == (beta == 1 && freeBits == 0 ? "negativeELBO" : "loss"))
    }
  }

  @Test("a learned standard deviation starts where it should and never goes below its floor")
  func learnedDeviation() throws {
    let section = #"{"encoder": [], "decoder": [], "standardDeviation": 0.7, "learnStandardDeviation": true}"#
    let it = try SmallVAE(section, exampleShape: [4])
    func deviation() throws -> Double { try it.evaluated([it.model.standardDeviation])[0][0] }
    it.vector.initialize(seed: 1)
    #expect(abs(try deviation() - 0.7) < 1e-14)
    for excess in [-1000.0, -100, -10, 0, 1] {
      it.set([("likelihood.logExcess", [excess])])
      #expect(abs(try deviation() - 1e-3 - exp(excess)) < 1e-15)
    }
    // A fixed one is no parameter.
    let fixed = try SmallVAE(#"{"encoder": [], "decoder": [], "standardDeviation": 0.7}"#, exampleShape: [4])
    #expect(fixed.model.parameters.parameterCount == it.model.parameters.parameterCount - 1)
    #expect(try fixed.evaluated([fixed.model.standardDeviation]) == [[0.7]])
  }

  @Test("an encoder of some inputs sees no other")
  func encoderInputs() throws {
    let it = try SmallVAE(#"{"encoder": [5], "decoder": [3], "encoderInputs": [2, 0]}"#, exampleShape: [4])
    let q = it.model.posterior(it.batch(3).examples)
    let rows: [[Double]] = [[0.3, 1, -2, 0.5], [0.3, -7, -2, 4], [0.3, 1, -2.1, 0.5]]
    let means = try it.evaluated([q.mean], rows)[0]
    #expect(means[0..<2] == means[2..<4] && means[0] != means[4] && means[1] != means[5])
  }

  @Test("the rule's bound of a linear decoder is the closed form, and gives the same gradient")
  func gaussHermite() throws {
    let rule = try SmallVAE.linear(#", "expectation": "gaussHermite", "nodes": 5"#)
    let exact = try SmallVAE.linear(#", "expectation": "closedForm""#)
    let rows = [[0.5, -0.3, 1.2, 0], [1, 2, -1, 0.3]]
    let results = try [rule, exact].map { it in
      it.set(
        zip(exact.model.parameters.entries, exact.model.parameters.entries.map { exact.vector[$0] }).map {
          (path: $0.path, values: $1)
        })
      let loss = it.model.objective(it.batch(2)).value
      let slopes = gradient(of: loss, withRespectTo: it.model.parameters.entries.map(\.tensor))
      return try it.evaluated([loss] + slopes, rows).flatMap { $0 }
    }
    for (a, b) in zip(results[0], results[1]) { #expect(abs(a - b) < 1e-10 * max(1, abs(b))) }
  }
}
