import MinimModels
import TestSupport
import Testing

@Suite struct ExpectationMaximizationTests {
  @Test("log p(x) never falls, from many starts, and ends at its maximum", arguments: OneFactor.Learned.allCases)
  func monotone(_ learned: OneFactor.Learned) {
    for seed in 1...200 as ClosedRange<UInt64> {
      let it = RandomOneFactor(seed: seed)
      let models = ExpectationMaximization(learned, it.rows).rounds(from: it.model, atMost: 100_000)
      let logProbs = models.map { $0.logProb(it.rows) }
      for (before, after) in zip(logProbs, logProbs.dropFirst()) {
        #expect(after >= before - 1e-12 * max(1, abs(before)), "seed \(seed)")
      }
      let best = it.model.maximizingLogProb(learned, it.rows)
      #expect(logProbs[logProbs.count - 1] > best.logProb(it.rows) - 1e-9, "seed \(seed)")
      // A rate of convergence near 1 leaves more of theta than of log p(x).
      #expect(abs(models[models.count - 1][learned] - best[learned]) < 1e-4, "seed \(seed)")
      #expect(logProbs[0] < best.logProb(it.rows) - 1e-9)
    }
  }

  @Test("with an E step that takes another q log p(x) may fall")
  func otherPosterior() {
    var falls = 0
    for seed in 1...200 as ClosedRange<UInt64> {
      let it = RandomOneFactor(seed: seed)
      let next = it.model.maximizingExpectedLogJoint(it.q, .weight, it.rows)
      if next.logProb(it.rows) < it.model.logProb(it.rows) - 1e-6 { falls += 1 }
    }
    #expect(falls > 20)
  }

  @Test("it stops at its limit, and where nothing moves")
  func ends() {
    let it = RandomOneFactor(seed: 3)
    let algorithm = ExpectationMaximization(.weight, it.rows)
    #expect(algorithm.rounds(from: it.model, atMost: 3).count == 4)
    #expect(algorithm.rounds(from: it.model, atMost: 0).map(\.weight) == [it.model.weight])
    let best = it.model.maximizingLogProb(.weight, it.rows)
    #expect(algorithm.rounds(from: best, atMost: 100).count == 2)
  }
}
