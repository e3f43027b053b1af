import MinimData
import TestSupport
import Testing

@Suite struct IsingEntropyTests {
  @Test("conditional entropies are those of all images", arguments: IsingTests.models)
  func ofAllImages(_ model: Ising) throws {
    let all = EveryImage(model)
    var generator = SplitMix(seed: 5)
    for pixel in 0..<model.height * model.width {
      let random = (0..<6).map { _ in (0..<pixel).filter { _ in generator.uniform() < 0.5 } }
      for field in random + [[], Array(0..<pixel), Array((0..<pixel).suffix(model.width))] {
        let found = try #require(model.conditionalEntropy(of: pixel, given: field))
        #expect(abs(found - all.conditionalEntropy(of: pixel, given: field)) <= 1e-12, "\(pixel) given \(field)")
        // The order of a field says nothing.
        #expect(model.conditionalEntropy(of: pixel, given: field.reversed()) == found)
      }
    }
  }

  /// The chain rule: who sees all earlier pixels, or as much as the last `width` of them, pays the entropy; who sees fewer
  /// pays more.
  @Test(arguments: [(5, 5, 0.44), (12, 10, 0.3), (64, 10, 0.44), (6, 1, 1.5), (1, 10, -1)])
  func fullSightPaysTheEntropy(_ height: Int, _ width: Int, _ beta: Double) throws {
    let model = Ising(height: height, width: width, beta: beta)
    let pixels = 0..<height * width
    let full = try #require(model.lowestNLL(pixels.map { Array(0..<$0) }))
    #expect(abs(full - model.entropy) <= 1e-9 * model.entropy)
    let frontier = try #require(model.lowestNLL(pixels.map { Array((0..<$0).suffix(width)) }))
    #expect(abs(frontier - full) <= 1e-9 * full)
    guard width > 1 else { return }
    let fewer = try #require(model.lowestNLL(pixels.map { Array((0..<$0).suffix(width - 1)) }))
    if height > 1 { #expect(fewer > full + 1e-3) }
  }

  /// More than a frontier in a field: pixels behind a gap are kept in mind all the way.
  @Test func distantPixels() throws {
    let model = Ising(height: 4, width: 3, beta: 0.5)
    let all = EveryImage(model)
    for field in [[0, 1, 2], [0, 4, 10], [0, 1, 3, 5, 8], [2], [1, 2, 3, 4, 6, 8, 9, 10], [3, 4, 5, 10]] {
      let found = try #require(model.conditionalEntropy(of: 11, given: field))
      #expect(abs(found - all.conditionalEntropy(of: 11, given: field)) <= 1e-12, "\(field)")
    }
  }

  @Test func tooManyStates() {
    let model = Ising(height: 5, width: 10, beta: 0.44)
    // 15 pixels beyond the frontier of 10: 2^25 states before the pixel. Gaps keep them from screening each other.
    let field = (0..<15).map { $0 * 2 }
    #expect(model.conditionalEntropy(of: 49, given: field) == nil)
    #expect(model.conditionalEntropy(of: 49, given: Array(field.suffix(8))) != nil)
    #expect(model.lowestNLL((0..<50).map { $0 < 49 ? [] : field }) == nil)
    // All of them are no trouble: the frontier is enough.
    #expect(model.conditionalEntropy(of: 49, given: Array(0..<49)) != nil)
  }
}
