import Foundation
import MinimAutodiff
import MinimNN
import TestSupport
import Testing

@Suite struct MonotoneMapTests {
  /// F(u) = 1.2u + 0.5 tanh u + 0.1 of the golden file.
  private static let golden = MonotoneMap { 1.2 * $0 + 0.5 * tanh($0) + 0.1 }

  @Test("log-det is the sum of the logarithms of the derivatives") func logDet() throws {
    let x = values(12, seed: 1).map { 3 * $0 }
    let (y, logDet) = Self.golden.forwardAndLogDet(.constant(x, shape: [4, 3]))
    #expect(try distance(valuesOf(y), x.map { 1.2 * $0 + 0.5 * tanh($0) + 0.1 }) < 1e-15)
    func expected(_ slope: (Double) -> Double) -> [Double] {
      rows(x.map { log(slope($0)) }, 3).map { $0.reduce(0, +) }
    }
    let found = try valuesOf(logDet)
    #expect(distance(found, expected { 1.2 + 0.5 / (cosh($0) * cosh($0)) }) < 1e-14)
    #expect(distance(found, expected { 1.2 + 0.5 * tanh($0) }) > 1e-2)
  }

  @Test func inverse() throws {
    let x = (-200...200).map { 0.25 * Double($0) }
    let y = try valuesOf(Self.golden.forwardAndLogDet(.constant(x, shape: [x.count, 1])).y)
    // The condition is the ratio of slopes, below 1.5.
    #expect(try distance(Self.golden.inverse(y), x) < 1e-14)
    // Newton alone would run away from here, or stand still: a steep step, and a slope of 0 at the root.
    let step = MonotoneMap { 0.001 * $0 + tanh(1000 * $0) }
    let steep = [-3, -0.5, -1e-4, 0, 1e-3, 0.7, 2.0]
    let steps = steep.map { 0.001 * $0 + tanh(1000 * $0) }
    let found = try step.inverse(steps)
    #expect(try distance(valuesOf(step.forwardAndLogDet(.constant(found, shape: [7, 1])).y), steps) < 1e-14)
    let cubed = try MonotoneMap { $0 * $0 * $0 }.inverse([-27, 0, 1e-30, 8])
    #expect(distance(cubed, [-3, 0, 1e-10, 2]) < 1e-14)
  }

  @Test("no x, no number") func outOfRange() throws {
    let found = try MonotoneMap { sigmoid($0) }.inverse([0.5, 2, -1, .nan])
    #expect(abs(found[0]) < 1e-15)
    #expect(found[1...].allSatisfy { $0.isNaN })
  }

  // MARK: - Divergences

  /// 0.5 N(-1, 0.5^2) + 0.5 N(1.5, 0.7^2).
  private static func logMixture(_ x: Double) -> Double {
    log(0.5 * exp(logNormal(x, -1, 0.5)) + 0.5 * exp(logNormal(x, 1.5, 0.7)))
  }

  private static func logNormal(_ x: Double, _ mean: Double, _ sigma: Double) -> Double {
    -0.5 * ((x - mean) * (x - mean) / (sigma * sigma) + log(2 * .pi)) - log(sigma)
  }

  /// The Kullback-Leibler divergence is the same in x and in u, by the integrals that define them.
  @Test("the golden divergences") func divergences() throws {
    let kl = Golden["flow", "kl_identity_1d"]
    let grid = Grid(dimensions: 1, radius: 9, perAxis: 3000)
    let points = grid.points.map { $0[0] }
    let f = Self.golden
    func forward(_ u: [Double]) throws -> (x: [Double], logDet: [Double]) {
      let (x, logDet) = f.forwardAndLogDet(.constant(u, shape: [u.count, 1]))
      return (try valuesOf(x), try valuesOf(logDet))
    }
    // In x: the flow's density needs u.
    let u = try f.inverse(points)
    let logDetAtX = try forward(u).logDet
    let inX = points.indices.map { i in
      let logP = Self.logMixture(points[i])
      return exp(logP) * (logP - Self.logNormal(u[i], 0, 1) + logDetAtX[i])
    }
    // In u: that of the data needs the log-det.
    let (x, logDet) = try forward(points)
    let logPulled = points.indices.map { Self.logMixture(x[$0]) + logDet[$0] }
    let logBase = points.map { Self.logNormal($0, 0, 1) }
    let inU = points.indices.map { exp(logPulled[$0]) * (logPulled[$0] - logBase[$0]) }
    let reverse = points.indices.map { exp(logBase[$0]) * (logBase[$0] - logPulled[$0]) }
    func close(_ values: [Double], _ key: String) -> Bool {
      abs(grid.integral(values) - (kl[key]?.number ?? .nan)) < 1e-10
    }
    #expect(close(inX, "forward_KL_in_x"))
    #expect(close(inU, "forward_KL_in_u"))
    #expect(close(reverse, "reverse_KL"))
    // The control: without the log-det it is no divergence of these.
    #expect(!close(points.indices.map { inU[$0] - exp(logPulled[$0]) * logDet[$0] }, "forward_KL_in_u"))
    // The law of F^-1(X) has mass 1; with the determinant of F^-1 for that of F it is no density.
    #expect(close(logPulled.map { exp($0) }, "correct_pushforward_total_mass"))
    #expect(close(points.indices.map { exp(logPulled[$0] - 2 * logDet[$0]) }, "seed_wrong_pushforward_total_mass"))
    // With the density of F(U) for that of X, every term of the chain is 0.
    let chain = points.indices.map { i in
      let logModel = Self.logNormal(u[i], 0, 1) - logDetAtX[i]
      return exp(logModel) * (logModel - Self.logNormal(u[i], 0, 1) + logDetAtX[i])
    }
    #expect(close(chain, "seed_31_final_line_value"))
  }
}
