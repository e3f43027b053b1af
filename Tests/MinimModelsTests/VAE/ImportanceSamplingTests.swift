import Foundation
import MinimData
import MinimKernels
import MinimModels
import MinimNN
import TestSupport
import Testing

/// Importance sampling of log p(x) against grids and closed forms, with proposals that must fail.
@Suite struct ImportanceSamplingTests {
  /// A linear model whose decoder is the one of `theory`, with rows that it draws.
  private static func linear(_ theory: LinearGaussianTheory, rows: Int) throws -> (VAE, Trained, Dataset) {
    let model = theory.model
    let it = try SmallVAE(
      """
      {"latent": \(model.latent), "encoder": [], "decoder": [],
       "standardDeviation": \(model.variance.squareRoot())}
      """, exampleShape: [model.inputs])
    it.setDecoder(model)
    let data = model.dataset(rows: rows, key: RandomKey(seed: 1).folding(.data))
    return (it.model, trained(it.vector, data: DataSplit(name: data.name, training: .rows(data))), data)
  }

  /// Two latents whose posterior has the correlation -`rho`, whatever x is.
  private static func correlated(_ rho: Double) -> LinearGaussianTheory {
    // W^T W / s = r [[1, 1], [1, 1]] and r / (1 + r) = rho.
    let w = (rho / (1 - rho)).squareRoot()
    return LinearGaussianTheory(LinearGaussian(weights: [[w, w]], bias: [0.3], variance: 1))
  }

  private static func values(_ data: Dataset, _ row: Int) -> [Double] { data.example(row).map(Double.init) }

  /// The code of the best normal with independent variables.
  private static func meanFieldCode(_ theory: LinearGaussianTheory, _ x: [Double]) -> [Double] {
    let d = theory.model.latent
    return theory.posteriorMean(x) + theory.optimalVariances.map { log($0) / 2 }
      + .init(repeating: 0, count: d * (d - 1) / 2)
  }

  /// The posterior as a search that is not quite there might leave it: half a deviation off, and too narrow.
  private static func roughCode(_ theory: LinearGaussianTheory, _ x: [Double]) -> [Double] {
    let d = theory.model.latent
    return posteriorCode(theory, x).enumerated().map { index, value in
      index < d
        ? value + 0.5 * theory.posteriorCovariance[index, index].squareRoot() / Double(d).squareRoot()
        : index < 2 * d ? value - 0.2 : value * exp(-0.2)
    }
  }

  /// The code of the posterior itself.
  private static func posteriorCode(_ theory: LinearGaussianTheory, _ x: [Double]) -> [Double] {
    let l = lowerFactor(theory.posteriorCovariance.allRows), d = l.count
    return theory.posteriorMean(x) + (0..<d).map { log(l[$0][$0]) }
      + (0..<d).flatMap { column in (column + 1..<d).map { l[$0][column] } }
  }

  private func sampled(
    _ theory: LinearGaussianTheory, _ code: (LinearGaussianTheory, [Double]) -> [Double],
    _ proposal: ImportanceProposal, rows: Int = 20, draws: Int = 4000, workers: Int = 1
  ) throws -> [(estimate: ImportanceEstimate, exact: Double)] {
    let (vae, it, data) = try Self.linear(theory, rows: rows)
    let codes = (0..<data.count).map { code(theory, Self.values(data, $0)) }
    let estimates = try vae.importanceEstimates(
      data, codes: codes, proposal, draws: draws, trained(it.parameters, data: it.data, workers: workers))
    return zip(estimates, (0..<data.count).map { theory.logProb(Self.values(data, $0)) }).map { ($0, $1) }
  }

  /// x = w (z1 + z2) + noise: along z1 - z2 the variance of q is 1 - rho of the posterior's, so the tail's shape is rho.
  @Test("correlation 0.9: the best independent q is flagged, and mixtures about it are right")
  func correlation() throws {
    let theory = Self.correlated(0.9)
    // Few weights make the tail, and it bends toward its shape slowly: some of these seem a little lighter.
    let plain = try sampled(theory, Self.meanFieldCode, .plain, draws: 40_000)
    #expect(plain.count == 20 && plain.count { !$0.estimate.isReliable } >= 17)
    // What the flag warns of: nearly all estimates are below the truth.
    #expect(plain.count { $0.estimate.logProb < $0.exact } >= 15)
    for (proposal, code) in [
      (.mixture, Self.meanFieldCode), (.inflated(4), Self.meanFieldCode), (.mixture, Self.posteriorCode),
      (.inflated(1.3), Self.posteriorCode),
    ] as [(ImportanceProposal, (LinearGaussianTheory, [Double]) -> [Double])] {
      for (estimate, exact) in try sampled(theory, code, proposal) {
        #expect(estimate.isReliable, "\(proposal): \(estimate.paretoK)")
        #expect(abs(estimate.logProb - exact) < 4 * estimate.standardError, "\(proposal): \(estimate)")
        #expect(estimate.standardError < 0.05)
      }
    }
  }

  @Test("the tail of the best independent q is the heavier, the more the posterior is correlated")
  func tails() throws {
    let means = try [0.2, 0.5, 0.8, 0.95].map { rho in
      let found = try sampled(Self.correlated(rho), Self.meanFieldCode, .plain, rows: 40)
      return found.reduce(0) { $0 + $1.estimate.paretoK } / 40
    }
    for (less, more) in zip(means, means.dropFirst()) { #expect(more > less + 0.05, "\(means)") }
    #expect(means[0] < 0.5 && means[3] > 0.75)
  }

  @Test("a proposal that is the posterior has equal weights", arguments: [2, 4, 8])
  func exactPosterior(_ latent: Int) throws {
    let theory = LinearGaussianTheory(latent == 2 ? .example : .wide(latent))
    for (estimate, exact) in try sampled(theory, Self.posteriorCode, .plain) {
      #expect(abs(estimate.logProb - exact) < 1e-9 && estimate.standardError < 1e-12)
      #expect(abs(estimate.effectiveSampleSize - 4000) < 1e-6 && estimate.paretoK == -.infinity)
    }
    // The control: the best independent normal has none.
    for (estimate, _) in try sampled(theory, Self.meanFieldCode, .plain) {
      #expect(estimate.standardError > 1e-3 && estimate.effectiveSampleSize < 3900)
    }
  }

  @Test(
    "mixtures agree with the closed form for several latents, and the error is that of many estimates",
    arguments: [4, 8])
  func severalLatents(_ latent: Int) throws {
    let theory = LinearGaussianTheory(.wide(latent))
    let found = try sampled(theory, Self.roughCode, .mixture, rows: 400)
    let reliable = found.filter { $0.estimate.isReliable }
    #expect(reliable.count > 380)
    let z = reliable.map { ($0.estimate.logProb - $0.exact) / $0.estimate.standardError }
    #expect(z.count { abs($0) > 3 } <= reliable.count / 100, "\(z.filter { abs($0) > 3 })")
    let size = (z.reduce(0) { $0 + $1 * $1 } / Double(z.count)).squareRoot()
    #expect(abs(size - 1) < 0.15, "\(size)")
  }

  @Test("estimates do not depend on the workers, nor on the rows that follow; they do on the seed and the row")
  func determinism() throws {
    let theory = LinearGaussianTheory(.wide(4))
    func estimates(_ rows: Int, workers: Int = 1) throws -> [ImportanceEstimate] {
      try sampled(theory, Self.meanFieldCode, .mixture, rows: rows, draws: 1000, workers: workers).map(\.estimate)
    }
    let one = try estimates(21)
    #expect(try estimates(21, workers: 3) == one)
    #expect(try estimates(9) == Array(one.prefix(9)))
    let (vae, it, data) = try Self.linear(theory, rows: 1)
    let twice = data.selecting([0, 0], name: "twice"), code = Self.meanFieldCode(theory, Self.values(data, 0))
    func run(seed: UInt64) throws -> [Double] {
      try vae.importanceEstimates(
        twice, codes: [code, code], draws: 1000, trained(it.parameters, data: it.data, seed: seed)
      ).map(\.logProb)
    }
    let found = try run(seed: 1) + run(seed: 2)
    #expect(Set(found).count == 4 && found[0] == one[0].logProb)
  }

  /// The best normal leaves out what of the posterior lies outside it, and the weights there are large.
  @Test("a curved decoder: estimates agree with a grid; q alone, and q with nothing but the prior, are flagged")
  func curved() throws {
    let it = try SmallVAE.tanh(), rows = 600
    let data = TanhGaussian().dataset(rows: rows, key: RandomKey(seed: 1).folding(.data))
    let all = trained(it.vector, data: DataSplit(name: data.name, training: .rows(data)))
    let gaps = try it.model.inferenceGaps(data, all)
    let reliable = gaps.filter(\.importance.isReliable)
    #expect(reliable.count >= 500)
    #expect(gaps.map(\.logProbError).max() ?? 1 < 1e-9)
    let far = reliable.filter { abs($0.importance.logProb - $0.logProb) > 3 * $0.importance.standardError }
    #expect(far.count <= reliable.count / 100, "\(far.count) of \(reliable.count)")
    // The controls, from the same normals as the gaps found.
    let few = data.selecting(Array(0..<100), name: "few")
    let start = [[Double]](repeating: [0, 0, -1, -1, 0], count: few.count)
    let codes = try PosteriorSearch(hasCovariance: true).search(it.model, few, from: start, all).map(\.code)
    for (proposal, expected) in [(.plain, 60...100), (.defensive, 60...100), (.mixture, 0...25)]
      as [(ImportanceProposal, ClosedRange<Int>)]
    {
      let found = try it.model.importanceEstimates(few, codes: codes, proposal, draws: 2000, all)
      let flagged = found.count { !$0.isReliable }
      #expect(expected.contains(flagged), "\(proposal): \(flagged)")
    }
  }
}

/// L with L L^T = A, in loops.
private func lowerFactor(_ a: [[Double]]) -> [[Double]] {
  var l = a.map { $0.map { _ in 0.0 } }
  for i in a.indices {
    for j in 0...i {
      let rest = (0..<j).reduce(a[i][j]) { $0 - l[i][$1] * l[j][$1] }
      l[i][j] = i == j ? rest.squareRoot() : rest / l[j][j]
    }
  }
  return l
}
