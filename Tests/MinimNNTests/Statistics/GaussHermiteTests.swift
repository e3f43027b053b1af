import MinimNN
import Testing

@Suite struct GaussHermiteTests {
  /// E x^degree of a standard normal: (degree - 1)!! for even degrees, 0 for odd ones.
  private static func moment(_ degree: Int) -> Double {
    degree % 2 == 1 ? 0 : stride(from: 1, to: degree, by: 2).reduce(1.0) { $0 * Double($1) }
  }

  private static func power(_ x: Double, _ degree: Int) -> Double {
    (0..<degree).reduce(1.0) { product, _ in product * x }
  }

  /// A moment by a rule, relative to the sum of the magnitudes of its terms, which is the moment itself for even degrees.
  private static func error(_ rule: GaussHermite, _ degree: Int) -> Double {
    let terms = zip(rule.nodes, rule.weights).map { $1 * power($0, degree) }
    let scale = terms.reduce(0) { $0 + abs($1) }
    return abs(terms.reduce(0, +) - moment(degree)) / max(1, scale, moment(degree))
  }

  @Test("n nodes are exact for every degree below 2n, and not for 2n", arguments: 1...32)
  func moments(_ count: Int) {
    let rule = GaussHermite(count)
    for degree in 0..<2 * count { #expect(Self.error(rule, degree) < 1e-12, "degree \(degree)") }
    // The control: He_n^2 vanishes at every node, and its mean is n!, which for n = 32 is 1 / 2^32 of the moment or so.
    #expect(Self.error(rule, 2 * count) > 1e-11)
  }

  @Test("weights are positive with sum 1, nodes ascend and are symmetric about 0", arguments: 1...64)
  func shape(_ count: Int) {
    let rule = GaussHermite(count)
    #expect(rule.nodes.count == count && rule.weights.count == count)
    #expect(rule.weights.allSatisfy { $0 > 0 })
    #expect(abs(rule.weights.reduce(0, +) - 1) < 1e-14)
    #expect(zip(rule.nodes, rule.nodes.dropFirst()).allSatisfy { $0 < $1 })
    for (here, there) in zip(0..<count, (0..<count).reversed()) {
      #expect(rule.nodes[here] == -rule.nodes[there] && rule.weights[here] == rule.weights[there])
    }
  }

  @Test func threeNodes() {
    let rule = GaussHermite(3), root = 3.0.squareRoot()
    for (found, expected) in zip(rule.nodes + rule.weights, [-root, 0, root, 1 / 6.0, 2 / 3.0, 1 / 6.0]) {
      #expect(abs(found - expected) < 1e-15)
    }
    #expect(GaussHermite(1).nodes == [0] && GaussHermite(1).weights == [1])
  }

  @Test("a product rule is every combination, and exact for products of powers", arguments: 1...3)
  func products(_ dimensions: Int) {
    let rule = GaussHermite(4), (points, weights) = rule.product(dimensions: dimensions)
    let count = (0..<dimensions).reduce(1) { product, _ in product * 4 }
    #expect(weights.count == count && points.count == count * dimensions)
    #expect(abs(weights.reduce(0, +) - 1) < 1e-14)
    let degrees = [6, 2, 4]
    let found = (0..<count).reduce(0.0) { sum, index in
      sum + (0..<dimensions).reduce(weights[index]) { $0 * Self.power(points[index * dimensions + $1], degrees[$1]) }
    }
    let expected = degrees[..<dimensions].reduce(1) { $0 * Self.moment($1) }
    #expect(abs(found / expected - 1) < 1e-13)
    // The first dimension is the slowest.
    for (index, weight) in weights.enumerated() {
      let digits = (0..<dimensions).reversed().reduce(into: (rest: index, digits: [Int]())) { state, _ in
        state.digits.insert(state.rest % 4, at: 0)
        state.rest /= 4
      }.digits
      #expect(Array(points[index * dimensions..<(index + 1) * dimensions]) == digits.map { rule.nodes[$0] })
      #expect(abs(weight / digits.reduce(1) { $0 * rule.weights[$1] } - 1) < 1e-14)
    }
  }
}
