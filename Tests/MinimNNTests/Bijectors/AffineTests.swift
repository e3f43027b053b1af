import Foundation
import MinimAutodiff
import MinimNN
import TestSupport
import Testing

@Suite struct AffineTests {
  @Test("x L^T + b by loops", arguments: [1, 2, 3, 6]) func byLoops(_ d: Int) throws {
    let n = 3
    let (affine, vector) = try BijectorCase("affine", d, { Affine($0, dimensions: d) }).make(seed: 4)
    let entries = vector.layout.entries
    var below = vector[entries[1]]
    let logDiagonal = vector[entries[0]]
    var l = (0..<d).map { i in (0..<d).map { $0 == i ? exp(logDiagonal[i]) : 0 } }
    for column in 0..<d { for row in column + 1..<max(d, column + 1) { l[row][column] = below.removeFirst() } }
    #expect(below.isEmpty)
    let bias = vector[entries[2]]
    let x = values(n * d, seed: 5)
    let expected = rows(x, d).flatMap { x in (0..<d).map { i in (0..<d).reduce(bias[i]) { $0 + l[i][$1] * x[$1] } } }
    let (y, _) = affine.forwardAndLogDet(.input("x", shape: [n, d]))
    #expect(try distance(evaluate([y], parameters: vector.values, inputs: ["x": x])[0], expected) < 1e-14)
  }

  /// The density that a flow gives is the textbook's: noise through L and b is normal with covariance L L^T.
  @Test func density() throws {
    let (n, d) = (5, 3)
    let (affine, vector) = try BijectorCase("affine", d, { Affine($0, dimensions: d) }).make(seed: 4)
    let x = Tensor.input("x", shape: [n, d])
    let (u, logDet) = affine.inverseAndLogDet(x)
    let flow = DiagonalNormal.standard(shape: [n, d]).logProb(u) + logDet
    let entries = vector.layout.entries
    let factor = vector[entries[0]] + vector[entries[1]]
    let normal = FullNormal(mean: .row(vector[entries[2]], times: n), factor: .row(factor, times: n))
    let found = try evaluate(
      [flow, normal.logProb(x)], parameters: vector.values, inputs: ["x": values(n * d, seed: 6)])
    #expect(distance(found[0], found[1]) < 1e-12)
  }
}
