import Foundation
import MinimNN
import TestSupport
import Testing

@Suite struct StatisticsTests {
  @Test("quantiles of published tables")
  func quantiles() {
    let table: [(degrees: Int, statistic: Double, tail: Double)] = [
      (1, 3.841458820694124, 0.05), (1, 6.634896601021213, 0.01), (5, 15.086272469388987, 0.01),
      (10, 18.307038053275146, 0.05), (10, 3.940299136119, 0.95), (10, 29.58829844507442, 0.001),
      (100, 124.34211340400407, 0.05), (1000, 1074.6794488, 0.05),
    ]
    for row in table {
      let tail = Statistics.chiSquareTail(row.statistic, degrees: row.degrees)
      #expect(abs(tail - row.tail) < 1e-8, "\(row)")
    }
  }

  /// With an even number k of degrees Q = exp(-x/2) times the first k/2 terms of the series of exp(x/2).
  @Test("even degrees have a closed form, far into the tail")
  func evenDegrees() {
    for degrees in [2, 4, 10, 60, 200] {
      for statistic in [0.01, 0.5, 1, 3, 10, 59, 61, 130, 250, 900] {
        var term = exp(-statistic / 2)
        var sum = term
        for j in 1..<max(1, degrees / 2) {
          term *= statistic / 2 / Double(j)
          sum += term
        }
        let tail = Statistics.chiSquareTail(statistic, degrees: degrees)
        #expect(abs(tail - sum) < 1e-11 * sum + 1e-14, "k \(degrees), x \(statistic)")
      }
    }
    #expect(abs(Statistics.chiSquareTail(1000, degrees: 2) / exp(-500) - 1) < 1e-10)
  }

  @Test func oneDegreeIsASquaredNormal() {
    for z in [0.1, 1, 1.959963984540054, 3, 6, 12] {
      let tail = Statistics.chiSquareTail(z * z, degrees: 1)
      #expect(abs(tail / erfc(z / 2.0.squareRoot()) - 1) < 1e-9, "z \(z)")
      #expect(abs(tail / Statistics.normalTail(-z) - 1) < 1e-9)
    }
    #expect(abs(Statistics.normalTail(1.959963984540054) - 0.05) < 1e-14)
  }

  @Test func edges() {
    #expect(Statistics.chiSquareTail(0, degrees: 3) == 1)
    #expect(Statistics.chiSquareTail(5, degrees: 0) == 1)
    #expect(Statistics.chiSquareTail(.infinity, degrees: 3) == 0)
    #expect(Statistics.chiSquareTail(.nan, degrees: 3).isNaN)
    #expect(Statistics.chiSquareTail(1e6, degrees: 511) == 0)
  }

  @Test func theStatisticIsPearsons() {
    let result = Statistics.chiSquare([12, 8, 30], expected: [10, 10, 30])
    #expect(abs(result.statistic - 0.8) < 1e-15)
    #expect(result.degrees == 2)
  }

  @Test("cells that expect fewer than five are pooled")
  func pooling() {
    // 3 + 2 + 1 = 6 expected in the pool, 4 + 0 + 5 = 9 seen.
    let result = Statistics.chiSquare([4, 20, 0, 5, 11], expected: [3, 20, 2, 1, 14])
    #expect(abs(result.statistic - (9.0 / 6 + 9.0 / 14)) < 1e-12)
    #expect(result.degrees == 2)
  }

  @Test("a pool that expects fewer than five itself joins the smallest of the other cells")
  func smallPools() {
    // The pool of 0.5 joins the cell of 6; alone its one count would add 0.5 to the statistic, ten would add 180.
    let result = Statistics.chiSquare([20, 5, 1], expected: [19.5, 6, 0.5])
    #expect(abs(result.statistic - (0.25 / 19.5 + 0.25 / 6.5)) < 1e-12)
    #expect(result.degrees == 1)
    #expect(Statistics.chiSquare([3], expected: [3]).degrees == 0)
  }

  @Test("what cannot happen and is seen is not overlooked")
  func impossibleCells() {
    #expect(Statistics.chiSquare([50, 50, 1], expected: [50.5, 50.5, 0]).statistic == .infinity)
    let unseen = Statistics.chiSquare([50, 51, 0], expected: [50.5, 50.5, 0])
    #expect(unseen.statistic < 0.1 && unseen.degrees == 1)
  }

  @Test("the mean and its standard error, s / sqrt(n) with n - 1 under s^2")
  func mean() {
    let result = Statistics.mean([1, 2, 3, 6])
    #expect(result.mean == 3)
    // Squares 4 + 1 + 0 + 9 = 14, s^2 = 14/3, error sqrt(14 / 12).
    #expect(abs(result.error - (14.0 / 12).squareRoot()) < 1e-15)
    #expect(Statistics.mean([5]) == (5, 0))
    #expect(Statistics.mean([2, 2, 2]) == (2, 0))
    // Far from zero no digit is lost to the mean's own square.
    let far = Statistics.mean([1, 2, 3, 6].map { $0 + 1e9 })
    #expect(far.mean == 1e9 + 3 && abs(far.error - result.error) < 1e-7)
    #expect(Statistics.mean([]).mean.isNaN)
  }

  @Test("the standard error is that of means of many samples")
  func standardError() {
    var generator = SplitMix(seed: 9)
    let means = (0..<2000).map { _ in Statistics.mean((0..<30).map { _ in generator.uniform() }) }
    // Of 30 uniform numbers: sqrt(1 / 12 / 30) = 0.0527.
    let expected = (1.0 / 360).squareRoot()
    let spread = Statistics.mean(means.map { ($0.mean - 0.5) * ($0.mean - 0.5) }).mean.squareRoot()
    #expect(abs(spread / expected - 1) < 0.07)
    #expect(abs(Statistics.mean(means.map(\.error)).mean / expected - 1) < 0.02)
  }

  @Test("a share's tolerance is 3.48 standard errors, and for rare events what Poisson's distribution leaves to chance")
  func shares() {
    for p in [0.5, 0.2, 0.99] {
      let normal = 3.48 * (p * (1 - p) / 10_000).squareRoot()
      #expect(abs(Statistics.shareTolerance(p, count: 10_000) - normal) < 1e-12)
    }
    for expected in [0, 1e-3, 0.058, 0.7, 3, 20] as [Double] {
      let probability = 1 - expected / 10_000
      let tolerance = Statistics.shareTolerance(probability, count: 10_000)
      // The chance that more of the rare events come than are allowed, by the definition.
      let allowed = Int((tolerance * 10_000 + expected).rounded(.down))
      var (term, sum) = (exp(-expected), exp(-expected))
      for k in stride(from: 1, through: allowed, by: 1) {
        term *= expected / Double(k)
        sum += term
      }
      #expect(1 - sum <= 2.5e-4, "\(expected): \(allowed)")
      // The control: by standard errors alone a single rare event of 0.058 expected would be an alarm.
      if expected == 0.058 { #expect(allowed >= 2 && 3.48 * expected.squareRoot() < 1 - expected + 0.01) }
    }
    #expect(Statistics.shareTolerance(1 + 1e-16, count: 100) >= 0)
  }

  @Test("normal quantiles invert the tail")
  func normalQuantile() {
    for p in [1e-9, 0.025, 0.3, 0.5, 0.8, 0.999] {
      let z = Statistics.normalQuantile(p)
      #expect(abs(Statistics.normalTail(z) - 2 * min(p, 1 - p)) < 1e-12)
      #expect(abs(z) < 1e-12 || (z < 0) == (p < 0.5))
    }
    #expect(abs(Statistics.normalQuantile(0.975) - 1.959963984540054) < 1e-12)
  }
}
