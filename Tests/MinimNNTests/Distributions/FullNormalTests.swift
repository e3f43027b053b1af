import Foundation
import MinimAutodiff
import MinimNN
import TestSupport
import Testing

@Suite struct FullNormalTests {
  private static let sizes = [1, 2, 3, 16]

  /// L as rows, from the logarithm of its diagonal and the columns below it.
  private static func matrix(_ factor: [Double], _ d: Int) -> [[Double]] {
    var l = [[Double]](repeating: [Double](repeating: 0, count: d), count: d)
    for i in 0..<d { l[i][i] = exp(factor[i]) }
    var rest = factor[d...]
    for column in 0..<d { for row in column + 1..<max(d, column + 1) { l[row][column] = rest.removeFirst() } }
    return l
  }

  /// The textbook's density with the covariance written out: Gauss-Jordan for its inverse and its determinant.
  private static func logDensity(_ x: [Double], _ mean: [Double], _ covariance: [[Double]]) -> Double {
    let d = x.count
    let r = zip(x, mean).map { $0 - $1 }
    var (a, solution, logDeterminant) = (covariance, r, 0.0)
    for pivot in 0..<d {
      logDeterminant += log(a[pivot][pivot])
      for row in 0..<d where row != pivot {
        let factor = a[row][pivot] / a[pivot][pivot]
        for column in 0..<d { a[row][column] -= factor * a[pivot][column] }
        solution[row] -= factor * solution[pivot]
      }
    }
    let square = (0..<d).reduce(0) { $0 + r[$1] * solution[$1] / a[$1][$1] }
    return -0.5 * (square + logDeterminant + Double(d) * log(2 * .pi))
  }

  private static func covariance(_ l: [[Double]]) -> [[Double]] {
    l.map { a in l.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } } }
  }

  private struct Case {
    let n = 4, d: Int
    let mean: [Double], factor: [Double], x: [Double]
    var width: Int { d * (d + 1) / 2 }
    init(_ d: Int) {
      self.d = d
      mean = values(4 * d, seed: 1)
      factor = values(4 * d * (d + 1) / 2, seed: 2).map { 0.5 * $0 }
      x = values(4 * d, seed: 3)
    }
    var normal: FullNormal {
      FullNormal(mean: .constant(mean, shape: [n, d]), factor: .constant(factor, shape: [n, width]))
    }
  }

  @Test("log densities are the textbook's", arguments: sizes) func logProb(_ d: Int) throws {
    let given = Case(d)
    let found = try valuesOf(given.normal.logProb(.constant(given.x, shape: [given.n, d])))
    let (means, factors, xs) = (rows(given.mean, d), rows(given.factor, given.width), rows(given.x, d))
    let expected = (0..<given.n).map { n in
      Self.logDensity(xs[n], means[n], Self.covariance(Self.matrix(factors[n], d)))
    }
    #expect(distance(found, expected) < 1e-10)
    guard d > 1 else { return }
    // The control: L^T L is another covariance.
    let wrong = (0..<given.n).map { n in
      let l = Self.matrix(factors[n], d)
      let transposed = l.indices.map { i in l.map { $0[i] } }
      return Self.logDensity(xs[n], means[n], Self.covariance(transposed))
    }
    #expect(distance(found, wrong) > 1e-2)
  }

  @Test("the density of a sample by its noise is that of the point, and has all its digits where the point has lost it")
  func densityByNoise() throws {
    for d in Self.sizes {
      let given = Case(d)
      let noise = Tensor.constant(given.x, shape: [given.n, d])
      let byPoint = try valuesOf(given.normal.logProb(given.normal.sample(noise: noise)))
      #expect(distance(try valuesOf(given.normal.logProb(ofNoise: noise)), byPoint) < 1e-10)
    }
    // Deviations of e^-45 are far below the last digit of a mean of 1: every point is the mean.
    let narrow = FullNormal(.constant([1, 1, -45, -45, 0], shape: [1, 5]), dimensions: 2)
    let noise = Tensor.constant([0.5, -2], shape: [1, 2])
    let exact = 90 - (0.25 + 4) / 2 - log(2 * Double.pi)
    #expect(abs(try valuesOf(narrow.logProb(ofNoise: noise))[0] - exact) < 1e-12)
    #expect(abs(try valuesOf(narrow.logProb(narrow.sample(noise: noise)))[0] - exact) > 1)
  }

  @Test("the squared distance is what the log density falls by, twice", arguments: sizes)
  func squaredDistance(_ d: Int) throws {
    let given = Case(d)
    let x = Tensor.constant(given.x, shape: [given.n, d]), mean = Tensor.constant(given.mean, shape: [given.n, d])
    let found = try valuesOf(given.normal.squaredDistance(x))
    let (here, atMean) = (try valuesOf(given.normal.logProb(x)), try valuesOf(given.normal.logProb(mean)))
    #expect(distance(found, zip(here, atMean).map { 2 * ($1 - $0) }) < 1e-11 && found.allSatisfy { $0 > 0 })
    #expect(try valuesOf(given.normal.squaredDistance(mean)) == [Double](repeating: 0, count: given.n))
  }

  @Test("without anything below the diagonal it is a diagonal normal", arguments: sizes)
  func diagonal(_ d: Int) throws {
    let given = Case(d)
    let (mean, x) = (Tensor.constant(given.mean, shape: [4, d]), Tensor.constant(given.x, shape: [4, d]))
    let logSigma = Tensor.constant(values(4 * d, seed: 7), shape: [4, d])
    let plain = DiagonalNormal(mean: mean, logStandardDeviation: logSigma)
    let full = FullNormal(mean: mean, factor: logSigma.pad([0, 0], to: [4, given.width]))
    #expect(try distance(valuesOf(full.logProb(x)), valuesOf(plain.logProb(x))) < 1e-13)
    #expect(try distance(valuesOf(full.sample(noise: x)), valuesOf(plain.sample(noise: x))) < 1e-15)
    #expect(try distance(valuesOf(full.klToStandard), valuesOf(plain.klToStandard.sum(axes: [1]))) < 1e-13)
    #expect(try distance(valuesOf(full.entropy), valuesOf(plain.entropy)) < 1e-15)
    let code = concatenate([mean, .constant(given.factor, shape: [4, given.width])], axis: 1)
    #expect(try valuesOf(FullNormal(code, dimensions: d).logProb(x)) == valuesOf(given.normal.logProb(x)))
  }

  /// Density, entropy and divergence, by their definitions as integrals in the plane.
  @Test func quadrature() throws {
    let grid = Grid(dimensions: 2, perAxis: 400)
    func p(_ n: Int) -> FullNormal {
      FullNormal(mean: .row([0.4, -0.7], times: n), factor: .row([-0.3, 0.2, 0.9], times: n))
    }
    let logP = try valuesOf(p(grid.points.count).logProb(grid.tensor))
    let logStandard = grid.points.map { Self.logDensity($0, [0, 0], [[1, 0], [0, 1]]) }
    #expect(abs(grid.integral(logP.map { exp($0) }) - 1) < 1e-10)
    #expect(abs(grid.integral(logP.map { -exp($0) * $0 }) - (try valuesOf(p(1).entropy)[0])) < 1e-10)
    let kl = grid.integral(zip(logP, logStandard).map { exp($0) * ($0 - $1) })
    #expect(abs(kl - (try valuesOf(p(1).klToStandard)[0])) < 1e-10)
    // The control: what is below the diagonal counts.
    let diagonal = DiagonalNormal(
      mean: .row([0.4, -0.7], times: 1), logStandardDeviation: .row([-0.3, 0.2], times: 1))
    #expect(abs(kl - (try valuesOf(diagonal.klToStandard.sum())[0])) > 1e-2)
  }

  @Test("divergence is positive but for the standard normal", arguments: sizes) func divergence(_ d: Int) throws {
    let given = Case(d)
    #expect(try valuesOf(given.normal.klToStandard).allSatisfy { $0 > 1e-3 })
    let zeros = FullNormal(mean: .constant(0, shape: [1, d]), factor: .constant(0, shape: [1, given.width]))
    #expect(try valuesOf(zeros.klToStandard) == [0])
  }

  /// The change of variables: log q(mean + L e) = log N(e; 0, I) - log det L.
  @Test("samples are reparameterised noise", arguments: sizes) func sample(_ d: Int) throws {
    let given = Case(d)
    let noise = Tensor.constant(given.x, shape: [given.n, d])
    let p = given.normal
    let found = try valuesOf(p.logProb(p.sample(noise: noise)))
    let (factors, es) = (rows(given.factor, given.width), rows(given.x, d))
    let expected = (0..<given.n).map { n in
      es[n].reduce(0) { $0 - 0.5 * $1 * $1 } - 0.5 * Double(d) * log(2 * .pi) - factors[n][..<d].reduce(0, +)
    }
    #expect(distance(found, expected) < 1e-12)
  }

  @Test func momentsOfSamples() throws {
    let (n, mean, factor) = (20_000, [0.5, -2, 1], [0.1, -0.4, 0.3, 0.8, 0.5, 0.6])
    let p = FullNormal(mean: .row(mean, times: n), factor: .row(factor, times: n))
    let found = moments(rows(try valuesOf(p.sample(noise: .normal(shape: [n, 3], purpose: .model))), 3))
    let exact = Self.covariance(Self.matrix(factor, 3))
    for i in 0..<3 {
      #expect(abs(found.mean[i] - mean[i]) < 5 * (exact[i][i] / Double(n)).squareRoot())
      for j in 0..<3 {
        let error = ((exact[i][i] * exact[j][j] + exact[i][j] * exact[i][j]) / Double(n)).squareRoot()
        #expect(abs(found.covariance[i][j] - exact[i][j]) < 5 * error)
        // The control: dimensions are not independent.
        if i != j { #expect(abs(found.covariance[i][j]) > 5 * error) }
      }
    }
  }

  @Test("gradients", arguments: [1, 3]) func gradients(_ d: Int) throws {
    let given = Case(d)
    let shapes = [[4, d], [4, given.width], [4, d]]
    let check = try GradientCheck(shapes, values: [given.mean, given.factor, given.x]) { t in
      let p = FullNormal(mean: t[0], factor: t[1])
      let sampled = square(p.sample(noise: t[2])).sum(axes: [1])
      return concatenate([p.logProb(t[2]), sampled, p.klToStandard, p.entropy], axis: 0)
    }
    #expect(check.first < 1e-9)
  }
}
