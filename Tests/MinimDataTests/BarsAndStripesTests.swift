import Foundation
import MinimConfiguration
import MinimData
import TestSupport
import Testing

@Suite struct BarsAndStripesTests {
  /// Square, wide, high, one line, one pixel.
  static let sizes = [(5, 5), (2, 2), (3, 3), (2, 4), (4, 2), (3, 5), (6, 3), (1, 1), (1, 2), (1, 6), (7, 1), (2, 9)]

  private func rows(_ data: Dataset) -> [[Float]] { (0..<data.count).map { Array(data.example($0)) } }

  /// The probabilities of all patterns: an orientation by a fair coin, then every line by a fair coin.
  private func probabilities(_ height: Int, _ width: Int) -> [[Float]: Double] {
    var result: [[Float]: Double] = [:]
    for isRows in [true, false] {
      // All outcomes of as many coins as there are lines, grown coin by coin.
      var outcomes: [[Float]] = [[]]
      for _ in 0..<(isRows ? height : width) { outcomes = outcomes.flatMap { [$0 + [0], $0 + [1]] } }
      for coins in outcomes {
        var image: [Float] = []
        for row in 0..<height { for column in 0..<width { image.append(coins[isRows ? row : column]) } }
        result[image, default: 0] += 0.5 / Double(outcomes.count)
      }
    }
    return result
  }

  @Test func fiveByFive() {
    let distinct = rows(BarsAndStripes(height: 5, width: 5, distribution: .distinct).dataset())
    #expect(distinct.count == Golden["pixel_rf", "bars_and_stripes_5x5", "distinct_patterns"].integer)
    #expect(distinct.count == 62 && Set(distinct).count == 62)
    let generator = rows(BarsAndStripes(height: 5, width: 5, distribution: .generator).dataset())
    #expect(generator.count == 64 && Set(generator) == Set(distinct))
    for (image, copies) in Dictionary(grouping: generator, by: { $0 }).mapValues(\.count) {
      #expect(copies == (Set(image).count == 1 ? 2 : 1))
    }
  }

  @Test(arguments: sizes) func generatorHasTheTrueProbabilities(_ height: Int, _ width: Int) {
    let data = rows(BarsAndStripes(height: height, width: width, distribution: .generator).dataset())
    let expected = probabilities(height, width)
    let copies = Dictionary(grouping: data, by: { $0 }).mapValues(\.count)
    #expect(Set(copies.keys) == Set(expected.keys))
    // Powers of two and sums of two of them: equal to the bit.
    for (image, count) in copies { #expect(Double(count) / Double(data.count) == expected[image], "\(image)") }
  }

  @Test(arguments: sizes) func distinctHasEveryPatternOnce(_ height: Int, _ width: Int) {
    let data = rows(BarsAndStripes(height: height, width: width, distribution: .distinct).dataset())
    let patterns = Set(probabilities(height, width).keys)
    #expect(data.count == patterns.count && Set(data) == patterns)
  }

  @Test(arguments: sizes, BarsAndStripes.Distribution.allCases)
  func countIsKnownBeforehand(_ size: (Int, Int), _ distribution: BarsAndStripes.Distribution) {
    let patterns = BarsAndStripes(height: size.0, width: size.1, distribution: distribution)
    let data = patterns.dataset()
    #expect(patterns.count == data.count)
    #expect(patterns.exampleShape == [size.0, size.1, 1] && data.exampleShape == patterns.exampleShape)
    #expect(data.values.count == data.count * size.0 * size.1)
  }

  @Test(arguments: sizes) func entropyIsThatOfTheProbabilities(_ height: Int, _ width: Int) throws {
    let expected = probabilities(height, width)
    let generator = BarsAndStripes(height: height, width: width, distribution: .generator).dataset()
    let entropy = expected.values.sorted().reduce(0) { $0 - $1 * log($1) }
    #expect(abs(try #require(generator.entropy) - entropy) <= 1e-12)
    let distinct = BarsAndStripes(height: height, width: width, distribution: .distinct).dataset()
    #expect(abs(try #require(distinct.entropy) - log(Double(expected.count))) <= 1e-12)
  }

  /// Every binary image of small canvases, against the enumeration.
  @Test(arguments: [(1, 1), (1, 5), (5, 1), (2, 2), (2, 3), (3, 3), (4, 3)])
  func containsExactlyThePatterns(_ height: Int, _ width: Int) {
    let patterns = BarsAndStripes(height: height, width: width, distribution: .distinct)
    let expected = probabilities(height, width)
    var inside = 0
    for code in 0..<(1 << (height * width)) {
      let image = (0..<height * width).map { Float((code >> $0) & 1) }
      #expect(patterns.contains(image[...]) == (expected[image] != nil), "\(image)")
      inside += patterns.contains(image[...]) ? 1 : 0
    }
    #expect(inside == patterns.count)
  }

  @Test func containsLooksAtTheSliceAlone() {
    let patterns = BarsAndStripes(height: 2, width: 2, distribution: .distinct)
    let values: [Float] = [1, 0, 0, 1, 1, 0, 1, 0]
    #expect(!patterns.contains(values[0..<4]) && patterns.contains(values[4..<8]))
    #expect(!patterns.contains(values[4..<7]) && !patterns.contains([]) && !patterns.contains(values[...]))
  }
}
