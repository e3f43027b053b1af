import MinimData
import MinimModels
import MinimParallel
import TestSupport
import Testing

@Suite struct NearestGrayImagesTests {
  private static func images(_ count: Int, seed: UInt64) -> [Float] {
    values(count * 6, seed: seed).map { Float((8 + 8.99 * $0).rounded(.down)) }
  }

  @Test("neighbors by the definition, the same for 1, 2 and 3 workers") func bruteForce() {
    let data = Dataset(name: "data", exampleShape: [2, 3, 1], values: Self.images(50, seed: 1))
    let targets = Self.images(40, seed: 2) + data.example(20)
    let expected = stride(from: 0, to: targets.count, by: 6).map { start in
      let distances = (0..<50).map { index in
        zip(targets[start..<start + 6], data.example(index)).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
      }
      let least = distances.min() ?? 0
      return (image: Array(data.example(distances.firstIndex(of: least) ?? 0)), distance: least)
    }
    for workers in 1...3 {
      let found = NearestGrayImages(data).search(targets, WorkerPool(workers: workers))
      #expect(found.map(\.image) == expected.map(\.image))
      #expect(found.map(\.distance) == expected.map(\.distance))
    }
    #expect(expected[40].distance == 0 && expected[0].distance > 0)
  }

  @Test("of binary images they are those in the fewest pixels; of those that are equally near the first wins")
  func binary() {
    let data = Dataset(
      name: "data", exampleShape: [1, 4, 1], values: [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 1, 0])
    let targets: [Float] = [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1]
    let pool = WorkerPool(workers: 1)
    let (gray, bits) = (NearestGrayImages(data).search(targets, pool), NearestImages(data).search(targets, pool))
    #expect(gray.map(\.image) == bits.map(\.image) && gray.map(\.distance) == [2, 2, 0])
    #expect(NearestGrayImages(data).search([], pool).isEmpty)
  }
}
