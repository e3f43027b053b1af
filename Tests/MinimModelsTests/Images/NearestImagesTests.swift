import MinimData
import MinimModels
import MinimParallel
import TestSupport
import Testing

@Suite struct NearestImagesTests {
  private static func images(_ count: Int, pixels: Int, seed: UInt64, share: Double = 0) -> [Float] {
    values(count * pixels, seed: seed).map { $0 < share ? 1 : 0 }
  }

  /// The definition: the first of those at the least distance.
  private static func search(_ images: [Float], among data: Dataset) -> [(image: [Float], distance: Int)] {
    stride(from: 0, to: images.count, by: data.exampleCount).map { start in
      let distances = (0..<data.count).map { index in
        zip(images[start..<start + data.exampleCount], data.example(index)).count { $0 != $1 }
      }
      let least = distances.min() ?? 0
      return (Array(data.example(distances.firstIndex(of: least) ?? 0)), least)
    }
  }

  @Test("neighbors by brute force, the same for 1, 2 and 3 workers", arguments: [1, 9, 63, 64, 65, 128, 130])
  func bruteForce(_ pixels: Int) {
    let data = Dataset(
      name: "data", exampleShape: [1, pixels, 1], values: Self.images(50, pixels: pixels, seed: 1))
    let targets = Self.images(40, pixels: pixels, seed: 2, share: 0.3) + data.example(20)
    let expected = Self.search(targets, among: data)
    for workers in 1...3 {
      let found = NearestImages(data).search(targets, WorkerPool(workers: workers))
      #expect(found.map(\.image) == expected.map(\.image))
      #expect(found.map(\.distance) == expected.map { Double($0.distance) })
    }
    #expect(expected.last?.distance == 0)
  }

  @Test("of those that are equally near the first wins")
  func ties() {
    let data = Dataset(
      name: "data", exampleShape: [1, 4, 1], values: [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 1, 0])
    let found = NearestImages(data).search([0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1], WorkerPool(workers: 1))
    #expect(found.map(\.distance) == [2, 2, 0])
    #expect(found.map(\.image) == [[1, 1, 0, 0], [1, 1, 1, 1], [0, 0, 1, 1]])
    #expect(NearestImages(data).search([], WorkerPool(workers: 2)).isEmpty)
  }

  private static func grayImages(_ count: Int, seed: UInt64) -> [Float] {
    values(count * 6, seed: seed).map { Float((8 + 8.99 * $0).rounded(.down)) }
  }

  @Test("gray neighbors by the definition, the same for 1, 2 and 3 workers") func grayBruteForce() {
    let data = Dataset(name: "data", exampleShape: [2, 3, 1], values: Self.grayImages(50, seed: 1))
    let targets = Self.grayImages(40, seed: 2) + data.example(20)
    let expected = stride(from: 0, to: targets.count, by: 6).map { start in
      let distances = (0..<50).map { index in
        zip(targets[start..<start + 6], data.example(index)).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) }
      }
      let least = distances.min() ?? 0
      return (image: Array(data.example(distances.firstIndex(of: least) ?? 0)), distance: least)
    }
    for workers in 1...3 {
      let found = NearestImages(data).search(targets, WorkerPool(workers: workers))
      #expect(found.map(\.image) == expected.map(\.image))
      #expect(found.map(\.distance) == expected.map(\.distance))
    }
    #expect(expected[40].distance == 0 && expected[0].distance > 0)
  }

  @Test("binary images among gray ones, and gray ones among binary ones, are compared by their values") func mixed() {
    let binary = Dataset(name: "binary", exampleShape: [1, 2, 1], values: [0, 0, 1, 1])
    let gray = Dataset(name: "gray", exampleShape: [1, 2, 1], values: [0, 3, 2, 1])
    let pool = WorkerPool(workers: 2)
    #expect(NearestImages(gray).search([1, 1], pool).map(\.distance) == [1])
    let found = NearestImages(binary).search([0, 3, 2, 1], pool)
    #expect(found.map(\.distance) == [3, 1] && found.map(\.image) == [[0, 0], [1, 1]])
  }
}
