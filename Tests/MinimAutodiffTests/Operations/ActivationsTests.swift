import Foundation
import MinimAutodiff
import TestSupport
import Testing

@Suite struct ActivationsTests {
  private static let given = [-30, -3, -1.25, -0.5, 0, 0.25, 0.75, 1.5, 4, 30]

  private static func values(_ f: (Tensor) -> Tensor, at x: [Double] = given) throws -> [Double] {
    try evaluate([f(.input("x", shape: [x.count]))], inputs: ["x": x])[0]
  }

  @Test("silu and gelu by their definitions; gelu near that of the normal distribution") func definitions() throws {
    let silu = Self.given.map { $0 / (1 + Foundation.exp(-$0)) }
    #expect(distance(try Self.values(MinimAutodiff.silu), silu) < 1e-14)
    let exact = Self.given.map { $0 * 0.5 * Foundation.erfc(-$0 / 2.0.squareRoot()) }
    let found = try Self.values(MinimAutodiff.gelu)
    #expect(distance(found, exact) < 5e-4 && distance(found, exact) > 1e-6)
  }

  @Test("clamp, and its derivative: 0 outside") func clamped() throws {
    let x = Tensor.input("x", shape: [Self.given.count])
    let y = clamp(x, to: -1...0.5)
    let found = try evaluate([y] + gradient(of: y.sum(), withRespectTo: [x]), inputs: ["x": Self.given])
    #expect(found[0] == Self.given.map { min(max($0, -1), 0.5) })
    #expect(found[1] == Self.given.map { (-1...0.5).contains($0) ? 1 : 0 })
  }

  @Test(
    "powers: whole ones of any sign, others of numbers above 0", arguments: [-3, -1, 0, 1, 2, 5, 13, 0.5, -1.7, 2.3])
  func powers(_ exponent: Double) throws {
    let isWhole = exponent == exponent.rounded()
    let x = Self.given.filter { isWhole ? $0 != 0 : $0 > 0 }
    let found = try Self.values({ pow($0, exponent) }, at: x)
    for (value, base) in zip(found, x) {
      let expected = Foundation.pow(base, exponent)
      #expect(abs(value - expected) <= 1e-12 * abs(expected), "\(base)^\(exponent)")
    }
  }

  @Test("softmax and its logarithm over each axis, also of large numbers", arguments: [0, 1, -1])
  func softmax(_ axis: Int) throws {
    let shape = [3, 4]
    let given = TestSupport.values(12, seed: 3).map { 2 * $0 }.enumerated().map { $0 < 4 ? $1 + 900 : $1 - 700 }
    let x = Tensor.input("x", shape: shape)
    let found = try evaluate([x.softmax(axis: axis), x.logSoftmax(axis: axis)], inputs: ["x": given])
    let groups =
      axis == 0
      ? (0..<4).map { column in (0..<3).map { $0 * 4 + column } } : (0..<3).map { row in (0..<4).map { row * 4 + $0 } }
    for group in groups {
      let largest = group.map { given[$0] }.max() ?? 0
      let total = group.reduce(0) { $0 + Foundation.exp(given[$1] - largest) }
      for place in group {
        let expected = given[place] - largest - Foundation.log(total)
        #expect(abs(found[1][place] - expected) < 1e-11)
        #expect(abs(found[0][place] - Foundation.exp(expected)) < 1e-13)
      }
      #expect(abs(group.reduce(0) { $0 + found[0][$1] } - 1) < 1e-13)
    }
  }

  @Test("argmax over each axis; of equal ones the first, and no derivative") func argmax() throws {
    let x = Tensor.input("x", shape: [2, 3])
    let given: [Double] = [1, 5, 5, 7, 2, 5]
    let columns = x.argmax(axis: 0), rows = x.argmax(), kept = x.argmax(keepingDimensions: true)
    #expect(rows.shape == [2] && columns.shape == [3] && kept.shape == [2, 1])
    let found = try evaluate(
      [rows, columns, kept] + gradient(of: (rows * rows).sum(), withRespectTo: [x]), inputs: ["x": given])
    #expect(found[0] == [1, 0] && found[1] == [1, 0, 0] && found[2] == [1, 0])
    #expect(found[3] == [Double](repeating: 0, count: 6))
  }
}
