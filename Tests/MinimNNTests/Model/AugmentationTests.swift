import MinimAutodiff
import MinimNN
import TestSupport
import Testing

/// Each change of a view alone, against what it may be, and all together against themselves.
@Suite struct AugmentationTests {
  private static let (height, width) = (5, 6)
  /// Every pixel another value above 0.
  private static let image = (1...height * width).map { Double($0) / 31 }

  /// Views of copies of the image, each row-major.
  private static func views(
    _ augmentation: Augmentation, examples: Int = 300, views: Int = 2, step: UInt64 = 1, firstExample: Int = 0
  ) throws -> [[Double]] {
    let images = Tensor.input("x", shape: [examples, height, width])
    let found = try evaluate(
      [augmentation.views(images, views)], inputs: ["x": (0..<examples).flatMap { _ in image }],
      random: (seed: 4, step: step, firstExample: firstExample))[0]
    return rows(found, height * width)
  }

  private static func moved(_ down: Int, _ right: Int) -> [Double] {
    (0..<height * width).map { place in
      let (row, column) = (place / width - down, place % width - right)
      return (0..<height).contains(row) && (0..<width).contains(column) ? image[row * width + column] : 0
    }
  }

  @Test("no change at all") func nothing() throws {
    #expect(try Self.views(Augmentation()).allSatisfy { $0 == Self.image })
  }

  @Test("shifts by whole pixels, each as often as any other", arguments: [1, 2]) func shifts(_ most: Int) throws {
    let found = try Self.views(Augmentation(shift: most), examples: 2000)
    let side = 2 * most + 1
    var counts = [Int](repeating: 0, count: side * side)
    let all = (-most...most).flatMap { down in (-most...most).map { Self.moved(down, $0) } }
    for view in found { counts[try #require(all.firstIndex(of: view))] += 1 }
    let expected = 4000 / Double(side * side)
    let chiSquare = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    // Mean side^2 - 1, five deviations above it.
    let freedom = Double(side * side - 1)
    #expect(chiSquare < freedom + 5 * (2 * freedom).squareRoot())
  }

  @Test("a square of black pixels within the image, each place as often as any other") func cutOut() throws {
    let side = 2
    let found = try Self.views(Augmentation(cutOut: side), examples: 2000)
    let (down, right) = (Self.height - side + 1, Self.width - side + 1)
    var counts = [Int](repeating: 0, count: down * right)
    for view in found {
      let first = try #require(view.firstIndex(of: 0))
      let (row, column) = (first / Self.width, first % Self.width)
      let exact = Self.image.enumerated().map { place, value in
        (row..<row + side).contains(place / Self.width) && (column..<column + side).contains(place % Self.width)
          ? 0 : value
      }
      #expect(view == exact)
      counts[row * right + column] += 1
    }
    let expected = 4000 / Double(down * right), freedom = Double(down * right - 1)
    let chiSquare = counts.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    #expect(chiSquare < freedom + 5 * (2 * freedom).squareRoot())
  }

  @Test("brightness by one factor an image, uniform about 1") func intensity() throws {
    let found = try Self.views(Augmentation(intensity: 0.3), examples: 1000)
    let factors = found.map { $0[7] / Self.image[7] }
    for (view, factor) in zip(found, factors) {
      #expect(zip(view, Self.image).allSatisfy { abs($0 - factor * $1) < 1e-14 })
    }
    #expect((factors.min() ?? 0) >= 0.7 && (factors.max() ?? 2) <= 1.3)
    #expect(haveMoments(factors.map { [$0] }, [1], [[0.03]]))
  }

  @Test("noise of every pixel by itself, of mean 0") func noise() throws {
    let found = try Self.views(Augmentation(noise: 0.2), examples: 1000)
    let noise = found.map { view in [0, 1, 29].map { view[$0] - Self.image[$0] } }
    #expect(haveMoments(noise, [0, 0, 0], [[0.04, 0, 0], [0, 0.04, 0], [0, 0, 0.04]]))
  }

  @Test("views of an example are a function of its place and the step, and not of the batch that it is in")
  func places() throws {
    let all = Augmentation(shift: 1, cutOut: 2, intensity: 0.2, noise: 0.1)
    let whole = try Self.views(all, examples: 8)
    let part = try Self.views(all, examples: 3, firstExample: 5)
    #expect(part == Array(whole[10...]))
    #expect(Set(whole).count == 16)
    #expect(try Self.views(all, examples: 8, step: 2) != whole)
  }
}
