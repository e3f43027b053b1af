import Foundation
import MinimNN
import TestSupport
import Testing

@Suite struct ImportanceEstimateTests {
  @Test("the definitions, in loops")
  func definitions() {
    let weights = values(200, seed: 1).map { 2 + $0 }
    let found = ImportanceEstimate(logWeights: weights.map { log($0) - 1000 })
    let n = 200.0, mean = weights.reduce(0, +) / n
    let variance = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    #expect(abs(found.logProb - (log(mean) - 1000)) < 1e-10)
    #expect(abs(found.standardError - (variance / n).squareRoot() / mean) < 1e-10)
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    #expect(abs(found.effectiveSampleSize - mean * n * mean * n / squares) < 1e-9)
    #expect(found.paretoK == ParetoTail(logWeights: weights.map { log($0) - 1000 })?.shape)
    #expect(found.isReliable)
  }

  @Test("equal weights are exact")
  func equal() {
    let found = ImportanceEstimate(logWeights: .init(repeating: -7.25, count: 50))
    #expect(found.logProb == -7.25 && found.standardError == 0 && found.effectiveSampleSize == 50)
    #expect(found.isReliable)
  }

  @Test("what is no weight, or too few of them, is not believed")
  func notBelieved() {
    let good = values(100, seed: 1)
    for wrong in [[Double.nan], [.infinity]] {
      let found = ImportanceEstimate(logWeights: good + wrong)
      #expect(found.logProb.isNaN && found.standardError.isNaN && !found.isReliable)
    }
    let none = ImportanceEstimate(logWeights: [])
    #expect(none.logProb.isNaN && none.effectiveSampleSize == 0 && !none.isReliable)
    #expect(!ImportanceEstimate(logWeights: Array(good.prefix(10))).isReliable)
    #expect(!ImportanceEstimate(logWeights: .init(repeating: -.infinity, count: 100)).isReliable)
    // The control: weights that vanish for a part of the draws are all right.
    #expect(ImportanceEstimate(logWeights: good + .init(repeating: -.infinity, count: 100)).isReliable)
  }

  /// Two parts whose weights differ: each uniform about its own mean.
  @Test("drawn in proportion from parts, the error is that of many repetitions; as one sample it would be larger")
  func strata() {
    var generator = SplitMix(seed: 1)
    let all = (0..<2000).map { _ in
      [(180, 1.0), (20, 5.0)].map { count, mean in
        (0..<count).map { _ in log(mean + 0.5 * generator.symmetric()) }
      }
    }
    let estimates = all.map { ImportanceEstimate(strata: $0) }
    let found = moments(estimates.map { [$0.logProb] })
    let deviation = found.covariance[0][0].squareRoot()
    #expect(abs(found.mean[0] - log(1.4)) < 5 * deviation / 2000.0.squareRoot())
    let stated = estimates.reduce(0) { $0 + $1.standardError } / 2000
    // The deviation of 2,000 is known to a sixtieth.
    #expect(abs(stated / deviation - 1) < 0.08, "\(stated) for \(deviation)")
    let pooled = ImportanceEstimate(logWeights: all[0].flatMap { $0 })
    #expect(pooled.standardError > 3 * deviation && pooled.logProb == estimates[0].logProb)
  }
}
