import Foundation
import MinimAutodiff
import MinimNN
import TestSupport
import Testing

@Suite struct DiagonalNormalTests {
  private static let count = 5, dimensions = 3
  private static let shape = [5, 3]
  private static let mean = values(15, seed: 1), logSigma = values(15, seed: 2), x = values(15, seed: 3)
  private static let otherMean = values(15, seed: 4), otherLogSigma = values(15, seed: 5)

  private static func normal(_ mean: [Double] = mean, _ logSigma: [Double] = logSigma) -> DiagonalNormal {
    DiagonalNormal(mean: .constant(mean, shape: shape), logStandardDeviation: .constant(logSigma, shape: shape))
  }

  /// The textbook's density.
  private static func logDensity(_ x: Double, _ mean: Double, _ sigma: Double) -> Double {
    log(exp(-(x - mean) * (x - mean) / (2 * sigma * sigma)) / (sigma * (2 * .pi).squareRoot()))
  }

  private static func perExample(_ term: (Int) -> Double) -> [Double] {
    (0..<count).map { n in (0..<dimensions).reduce(0) { $0 + term(n * dimensions + $1) } }
  }

  @Test func logProbIsTheTextbooks() throws {
    let found = try valuesOf(Self.normal().logProb(.constant(Self.x, shape: Self.shape)))
    let expected = Self.perExample { Self.logDensity(Self.x[$0], Self.mean[$0], exp(Self.logSigma[$0])) }
    #expect(distance(found, expected) < 1e-13)
    // The control: variances in the place of deviations.
    let wrong = Self.perExample { Self.logDensity(Self.x[$0], Self.mean[$0], exp(2 * Self.logSigma[$0])) }
    #expect(distance(found, wrong) > 1e-2)
  }

  @Test func aDeviationMayBeShared() throws {
    let x = Tensor.constant(Self.x, shape: Self.shape)
    let mean = Tensor.constant(Self.mean, shape: Self.shape)
    let whole = Self.normal(Self.mean, .init(repeating: -0.7, count: 15))
    let shared = DiagonalNormal(mean: mean, logStandardDeviation: .constant(-0.7))
    #expect(try valuesOf(shared.logProb(x)) == valuesOf(whole.logProb(x)))
    #expect(try valuesOf(shared.entropy) == valuesOf(whole.entropy))
    let code = concatenate([mean, .constant(Self.logSigma, shape: Self.shape)], axis: 1)
    #expect(try valuesOf(DiagonalNormal(code).logProb(x)) == valuesOf(Self.normal().logProb(x)))
  }

  /// Density, entropy and both divergences, by their definitions as integrals.
  @Test("integrals over a grid", arguments: [1, 2]) func quadrature(_ d: Int) throws {
    let grid = Grid(dimensions: d, perAxis: 400)
    let n = grid.points.count
    func of(_ mean: [Double], _ logSigma: [Double], _ n: Int) -> DiagonalNormal {
      DiagonalNormal(
        mean: .row(Array(mean[..<d]), times: n), logStandardDeviation: .row(Array(logSigma[..<d]), times: n))
    }
    func p(_ n: Int) -> DiagonalNormal { of([0.4, -0.7], [-0.3, 0.2], n) }
    func q(_ n: Int) -> DiagonalNormal { of([-0.2, 0.5], [0.3, -0.1], n) }
    func standard(_ n: Int) -> DiagonalNormal { of([0, 0], [0, 0], n) }
    let (logP, logQ) = (try valuesOf(p(n).logProb(grid.tensor)), try valuesOf(q(n).logProb(grid.tensor)))
    let logStandard = try valuesOf(standard(n).logProb(grid.tensor))
    #expect(abs(grid.integral(logP.map { exp($0) }) - 1) < 1e-10)
    #expect(abs(grid.integral(logP.map { -exp($0) * $0 }) - (try valuesOf(p(1).entropy)[0])) < 1e-10)
    func divergence(_ a: [Double], _ b: [Double]) -> Double { grid.integral(zip(a, b).map { exp($0) * ($0 - $1) }) }
    let kl = try valuesOf(p(1).kl(to: q(1)))[0]
    #expect(abs(divergence(logP, logQ) - kl) < 1e-10)
    #expect(abs(divergence(logP, logStandard) - (try valuesOf(p(1).klToStandard.sum())[0])) < 1e-10)
    // The controls: it has a direction, and a density without its constant is none.
    #expect(abs(divergence(logQ, logP) - kl) > 1e-2)
    #expect(abs(grid.integral(logP.map { exp($0 + 0.1) }) - 1) > 1e-2)
  }

  @Test func divergencesArePositiveButForEquals() throws {
    let (p, q) = (Self.normal(), Self.normal(Self.otherMean, Self.otherLogSigma))
    #expect(try valuesOf(p.kl(to: q)).allSatisfy { $0 > 1e-2 })
    #expect(try valuesOf(p.kl(to: p)).allSatisfy { abs($0) < 1e-14 })
    let standard = Self.normal(.init(repeating: 0, count: 15), .init(repeating: 0, count: 15))
    #expect(try valuesOf(p.klToStandard).allSatisfy { $0 > 0 })
    #expect(try valuesOf(standard.klToStandard) == .init(repeating: 0, count: 15))
    let sum = try valuesOf(p.klToStandard.sum(axes: [1]))
    #expect(distance(sum, try valuesOf(p.kl(to: standard))) < 1e-13)
  }

  /// The change of variables: log q(mean + sigma e) = log N(e; 0, I) - sum of log sigma.
  @Test func samplesAreReparameterisedNoise() throws {
    let noise = Tensor.constant(Self.x, shape: Self.shape)
    let p = Self.normal()
    let found = try valuesOf(p.logProb(p.sample(noise: noise)))
    let expected = Self.perExample { Self.logDensity(Self.x[$0], 0, 1) - Self.logSigma[$0] }
    #expect(distance(found, expected) < 1e-13)
  }

  @Test func momentsOfSamples() throws {
    let (n, mean, logSigma) = (20_000, [0.5, -2], [0.4, -1])
    let p = DiagonalNormal(mean: .row(mean, times: n), logStandardDeviation: .row(logSigma, times: n))
    let samples = rows(try valuesOf(p.sample(noise: .normal(shape: [n, 2], purpose: .model))), 2)
    let found = moments(samples)
    for j in 0..<2 {
      let sigma = exp(logSigma[j])
      #expect(abs(found.mean[j] - mean[j]) < 5 * sigma / Double(n).squareRoot())
      #expect(abs(found.covariance[j][j] / (sigma * sigma) - 1) < 5 * (2 / Double(n)).squareRoot())
      // The control: sigma is no variance.
      #expect(abs(found.covariance[j][j] / sigma - 1) > 5 * (2 / Double(n)).squareRoot())
    }
    let product = exp(logSigma[0] + logSigma[1])
    #expect(abs(found.covariance[0][1]) < 5 * product / Double(n).squareRoot())
  }

  @Test func gradients() throws {
    let shapes = [[Int]](repeating: Self.shape, count: 5)
    let given = [Self.mean, Self.logSigma, Self.x, Self.otherMean, Self.otherLogSigma]
    let check = try GradientCheck(shapes, values: given) { t in
      let p = DiagonalNormal(mean: t[0], logStandardDeviation: t[1])
      let q = DiagonalNormal(mean: t[3], logStandardDeviation: t[4])
      let noisy = q.logProb(p.sample(noise: t[2]))
      return concatenate([p.logProb(t[2]), noisy, p.kl(to: q), p.klToStandard.sum(axes: [1]), p.entropy], axis: 0)
    }
    #expect(check.first < 1e-9)
  }
}
