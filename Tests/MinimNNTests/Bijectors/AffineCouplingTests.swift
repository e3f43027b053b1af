import Foundation
import MinimAutodiff
import MinimNN
import TestSupport
import Testing

@Suite struct AffineCouplingTests {
  /// The formula by loops: a net without hidden layers, so that s and t are linear or its hyperbolic tangent.
  @Test("the paper's formula", arguments: AffineCoupling.Bound.allCases) func formula(_ bound: AffineCoupling.Bound)
    throws
  {
    let (n, d, mask) = (4, 7, CouplingMask.irregular)
    let given = BijectorCase("linear", mask, hidden: [], .tanh, bound)
    let (coupling, vector) = try given.make(seed: 5)
    let count = mask.changed.count
    let entries = vector.layout.entries
    let (weight, bias) = (TestSupport.rows(vector[entries[0]], 2 * count), vector[entries[1]])
    let range: [Double]? =
      switch bound {
      case .none: nil
      case .shared: [Double](repeating: vector[entries[2]][0], count: count)
      case .perDimension: vector[entries[2]]
      }
    let x = values(n * d, seed: 6)
    var (expected, logDets) = (x, [Double](repeating: 0, count: n))
    for row in 0..<n {
      func code(_ j: Int) -> Double {
        mask.kept.enumerated().reduce(bias[j]) { $0 + x[row * d + $1.element] * weight[$1.offset][j] }
      }
      for (j, dimension) in mask.changed.enumerated() {
        let s = range.map { $0[j] * tanh(code(j)) } ?? code(j)
        expected[row * d + dimension] = x[row * d + dimension] * exp(s) + code(count + j)
        logDets[row] += s
      }
    }
    let (y, logDet) = coupling.forwardAndLogDet(.input("x", shape: [n, d]))
    let found = try evaluate([y, logDet], parameters: vector.values, inputs: ["x": x])
    #expect(distance(found[0], expected) < 1e-14)
    #expect(distance(found[1], logDets) < 1e-14)
  }

  @Test("what is kept keeps its bits, and a changed dimension moves itself only", arguments: couplingCases)
  func structure(_ given: BijectorCase) throws {
    let (n, d) = (3, given.dimensions)
    let (f, vector) = try given.make(seed: 50)
    guard let mask = (f as? AffineCoupling)?.mask else { Issue.record("no coupling"); return }
    let x = values(n * d, seed: 8)
    for direction in [Direction.forward, .inverse] {
      let check = try JacobianCheck(f, direction, x, dimensions: d, parameters: vector.values)
      let (before, after) = (TestSupport.rows(x, d), TestSupport.rows(check.images, d))
      for (jacobian, row) in zip(check.jacobians, 0..<n) {
        #expect(mask.kept.allSatisfy { before[row][$0].bitPattern == after[row][$0].bitPattern })
        #expect(mask.changed.allSatisfy { before[row][$0] != after[row][$0] })
        for i in mask.changed {
          #expect(jacobian[i * d + i] > 0)
          #expect(mask.changed.allSatisfy { $0 == i || jacobian[i * d + $0] == 0 })
          // The control: it depends on what is kept.
          #expect(mask.kept.contains { jacobian[i * d + $0] != 0 })
        }
      }
    }
  }

  @Test("the net has no weights for what is masked") func noMaskedWeights() throws {
    for given in couplingCases {
      let (f, vector) = try given.make()
      guard let mask = (f as? AffineCoupling)?.mask else { continue }
      let weights = vector.layout.entries.filter { $0.path.hasSuffix("weight") }
      #expect(weights.first?.shape.first == mask.kept.count)
      #expect(weights.last?.shape.last == 2 * mask.changed.count)
    }
  }

  @Test("halves are plain slices and concatenations") func movements() throws {
    func plan(_ mask: CouplingMask) -> String {
      let coupling = AffineCoupling(ParameterScope(), mask, hidden: [4], .tanh)
      let (y, logDet) = coupling.forwardAndLogDet(.input("x", shape: [8, mask.dimensions]))
      return "\(Plan(packing: [y, logDet]))"
    }
    #expect(!plan(.half(6)).contains("columns"))
    #expect(!plan(.half(6).complement).contains("columns"))
    #expect(plan(.alternating(6)).contains("columns"))
  }

  @Test("s is bounded by the range") func bounded() throws {
    let (coupling, vector) = try BijectorCase("shared", .half(2), hidden: [], .tanh, .shared).make(seed: 2)
    let range = vector.layout.entries[2]
    #expect(range.path == "range")
    vector[range] = [0.3]
    let rows = values(40, seed: 3).map { 100 * $0 }
    let (_, logDet) = coupling.forwardAndLogDet(.input("x", shape: [20, 2]))
    let found = try evaluate([logDet], parameters: vector.values, inputs: ["x": rows])[0]
    #expect(found.allSatisfy { abs($0) <= 0.3 })
    #expect(found.contains { abs($0) > 0.29 })
  }
}
