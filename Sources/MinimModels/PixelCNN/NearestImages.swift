import MinimData
import MinimNN
import MinimParallel

/// Finds, among binary images, the one that differs from another in the fewest pixels.
package struct NearestImages: Sendable {
  /// An image's nearest neighbor, the first one at a tie.
  package struct Neighbor {
    package let image: [Float]
    /// The number of pixels that differ.
    package let distance: Int
  }

  private let data: Dataset
  /// Each image in words of 64 pixels.
  private let words: [UInt64]
  private let wordsPerImage: Int

  package init(_ data: Dataset) {
    self.data = data
    wordsPerImage = (data.exampleCount + 63) / 64
    words = Self.packed(data.values, pixels: data.exampleCount)
  }

  /// The neighbors of images given row-major.
  package func search(_ images: [Float], _ pool: WorkerPool) -> [Neighbor] {
    let pixels = data.exampleCount
    let targets = Self.packed(images, pixels: pixels)
    let count = images.count / pixels
    let found = pool.map(count) { image, _ in nearest(targets, image) }
    return found.map { Neighbor(image: Array(data.example($0.index)), distance: $0.distance) }
  }

  private func nearest(_ targets: [UInt64], _ image: Int) -> (index: Int, distance: Int) {
    var best = (index: 0, distance: Int.max)
    targets.withUnsafeBufferPointer { targets in
      words.withUnsafeBufferPointer { words in
        for index in 0..<data.count {
          var distance = 0
          for word in 0..<wordsPerImage {
            distance += (targets[image * wordsPerImage + word] ^ words[index * wordsPerImage + word]).nonzeroBitCount
          }
          if distance < best.distance { best = (index, distance) }
        }
      }
    }
    return best
  }

  private static func packed(_ values: [Float], pixels: Int) -> [UInt64] {
    let wordsPerImage = (pixels + 63) / 64
    var words = [UInt64](repeating: 0, count: values.count / pixels * wordsPerImage)
    for (index, value) in values.enumerated() where value > 0.5 {
      let (image, pixel) = index.quotientAndRemainder(dividingBy: pixels)
      words[image * wordsPerImage + pixel / 64] |= 1 << UInt64(pixel % 64)
    }
    return words
  }
}
