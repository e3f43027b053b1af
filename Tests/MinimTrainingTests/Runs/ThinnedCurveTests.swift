import MinimTraining
import Testing

/// Curves of any length with few points.
@Suite struct ThinnedCurveTests {
  private static func points(_ count: Int) -> [ThinnedCurve.Point] {
    (0..<count).map { (Double($0), Double(($0 * 7919) % 10_007)) }
  }

  @Test("a short curve keeps all its points", arguments: [0, 1, 2, 7, 1999, 2000]) func short(_ count: Int) {
    let curve = ThinnedCurve(Self.points(count), most: 2000).points
    #expect(curve.map(\.x) == Self.points(count).map(\.x) && curve.map(\.y) == Self.points(count).map(\.y))
  }

  @Test("a long one has at most so many, each of its own, with the lowest and the highest, in their order")
  func long() {
    for count in [2001, 4000, 4001, 30_000, 123_457] {
      let all = Self.points(count)
      for most in [4, 100, 2000] {
        let curve = ThinnedCurve(all, most: most).points
        #expect(curve.count <= most && curve.count >= most / 4)
        #expect(curve.map(\.y).min() == all.map(\.y).min() && curve.map(\.y).max() == all.map(\.y).max())
        #expect(zip(curve, curve.dropFirst()).allSatisfy { $0.x < $1.x })
        #expect(curve.allSatisfy { $0.y == all[Int($0.x)].y })
        // The same whether the points come at once or one by one: there is but one way.
        #expect(ThinnedCurve(all, most: most).points.map(\.x) == curve.map(\.x))
      }
    }
  }

  @Test("every piece of equal length is seen: no stretch of the curve is left out") func even() {
    let curve = ThinnedCurve(Self.points(100_000), most: 100).points
    let gaps = zip(curve, curve.dropFirst()).map { $1.x - $0.x }
    // Two points per piece of 2048 or 4096 points.
    #expect((gaps.max() ?? .infinity) < 2 * 4096)
  }

  @Test("what is not a number gives way to numbers, and infinity is the highest") func notFinite() {
    let values = [Double.nan, 1, .nan, 2, .infinity, .nan, 3, -.infinity]
    let all = (0..<8000).map { (x: Double($0), y: values[$0 % 8]) }
    let curve = ThinnedCurve(all, most: 100).points
    #expect(curve.allSatisfy { !$0.y.isNaN } && Set(curve.map(\.y)) == [-.infinity, .infinity])
  }
}
