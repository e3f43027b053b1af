import MinimTraining
import Testing

/// The mean of curves, and the room that they take.
@Suite struct CurveMeanTests {
  @Test("the mean, the lowest and the highest value at each place") func values() throws {
    let curves = [4.0, 5, 6].map { level in (0..<5).map { (x: Double($0), y: level + Double($0)) } }
    let mean = try #require(CurveMean(curves))
    #expect(mean.line.map(\.x) == [0, 1, 2, 3, 4] && mean.line.map(\.y) == [5, 6, 7, 8, 9])
    #expect(mean.band.map(\.low) == [4, 5, 6, 7, 8] && mean.band.map(\.high) == [6, 7, 8, 9, 10])
  }

  @Test("other places are interpolated, and places that not all have are left out") func places() throws {
    let mean = try #require(CurveMean([[(0, 0), (2, 2), (4, 4), (9, 9)], [(1, 1), (5, 5)]]))
    #expect(mean.line.map(\.x) == [2, 4] && mean.line.map(\.y) == [2, 4])
    #expect(mean.band.allSatisfy { $0.low == $0.high })
    let long = (0...1000).map { (x: Double($0), y: 1.0) }
    let thinned = try #require(CurveMean([long, long], most: 10))
    #expect(thinned.line.count <= 11 && thinned.line.last?.x == 1000)
  }

  @Test("a value that is not a number leaves no mean at its place, and changes no other") func notNumbers() throws {
    let mean = try #require(CurveMean([[(0, 1), (1, .nan), (2, 3)], [(0, 3), (1, 3), (2, 5)]]))
    #expect(mean.line[0].y == 2 && mean.line[1].y.isNaN && mean.line[2].y == 4)
    #expect(mean.band[1].low.isNaN && mean.band[1].high.isNaN && mean.band[2].low == 3 && mean.band[2].high == 5)
  }

  @Test("one curve, and curves without common places, have no mean") func nothing() {
    #expect(CurveMean([[(0, 1), (1, 1)]]) == nil && CurveMean([]) == nil)
    #expect(CurveMean([[(0, 1), (1, 1)], [(2, 1), (3, 1)]]) == nil && CurveMean([[], []]) == nil)
    #expect(CurveMean([[(0, 1), (1, 1)], [(0, 1), (1, 1)], []]) == nil)
  }
}
