import Foundation
import MinimAutodiff
import MinimNN
import TestSupport
import Testing

@Suite struct LogitTests {
  private static let logit = Logit(width: 17, alpha: 0.05)
  private static let x = [0, 1e-3, 0.5, 4, 8.5, 12.25, 16, 17]

  /// log(s / (1 - s)) of s = 0.05 + 0.9 x / 17, and the logarithm of its derivative 0.9 / (17 s (1 - s)).
  private static func formula(_ x: Double) -> (y: Double, log: Double) {
    let s = 0.05 + 0.9 * x / 17
    return (log(s / (1 - s)), log(0.9 / (17 * s * (1 - s))))
  }

  @Test("the formula, and its derivative by differences") func formula() throws {
    let (y, logDet) = Self.logit.forwardAndLogDet(.constant(Self.x, shape: [8, 1]))
    let found = (try valuesOf(y), try valuesOf(logDet))
    #expect(distance(found.0, Self.x.map { Self.formula($0).y }) < 1e-13)
    #expect(distance(found.1, Self.x.map { Self.formula($0).log }) < 1e-13)
    for x in Self.x {
      let slope = (Self.formula(x + 1e-4).y - Self.formula(x - 1e-4).y) / 2e-4
      #expect(abs(log(slope) - Self.formula(x).log) < 1e-7)
    }
    // The middle is 0, and the ends lie as far below and above.
    #expect(abs(found.0[4]) < 1e-15 && abs(found.0[0] + found.0[7]) < 1e-14)
  }

  @Test("there and back, in Double and in Float; log-dets of rows are sums") func roundTrip() throws {
    let x = Tensor.input("x", shape: [2, 4])
    let (y, logDet) = Self.logit.forwardAndLogDet(x)
    let (back, inverse) = Self.logit.inverseAndLogDet(y)
    let sums = rows(Self.x.map { Self.formula($0).log }, 4).map { $0.reduce(0, +) }
    for kernels in try everyKernelTable() {
      let tolerance = kernels.precision == .float64 ? 1e-13 : 2e-5
      let found = try evaluate([back, logDet, inverse], inputs: ["x": Self.x], kernels: kernels)
      #expect(distance(found[0], Self.x) < tolerance)
      #expect(distance(found[1], found[2].map { -$0 }) < tolerance)
      #expect(distance(found[1], sums) < tolerance)
    }
  }

  @Test("far from the middle values come to the ends of what is reached, and log-dets stay finite") func ends() throws {
    let (x, logDet) = Self.logit.inverseAndLogDet(.constant([-800, -50, 50, 800], shape: [4, 1]))
    let end = 0.05 * 17 / 0.9
    #expect(try distance(valuesOf(x), [-end, -end, 17 + end, 17 + end]) < 1e-12)
    #expect(try distance(valuesOf(logDet), [-800, -50, -50, -800].map { $0 + log(17 / 0.9) }) < 1e-10)
  }

  @Test("without a margin the ends themselves have no logit, and outside of what is reached nothing has") func outside()
    throws
  {
    let (y, _) = Logit(alpha: 0).forwardAndLogDet(.constant([0, 0.5, 1], shape: [3, 1]))
    #expect(try valuesOf(y) == [-.infinity, 0, .infinity])
    #expect(try valuesOf(Self.logit.forwardAndLogDet(.constant([-1, 18], shape: [2, 1])).y).allSatisfy(\.isNaN))
  }
}
