import MinimData
import MinimParallel

/// Finds, among images, the one with the smallest sum of differences from another; for binary images that is the number
/// of differing pixels.
package struct NearestImages: Sendable {
  /// An image's nearest neighbor, the first one at a tie.
  package struct Neighbor: Sendable {
    package let image: [Float]
    /// The sum of all differences, in the unit of the values.
    package let distance: Double
  }

  private let data: Dataset
  /// The images as bits; nil if a value is neither 0 nor 1.
  private let bits: PackedImages?

  package init(_ data: Dataset) {
    self.data = data
    bits = PackedImages(data.values, pixels: data.exampleCount)
  }

  /// The neighbors of images given row-major.
  package func search(_ images: [Float], _ pool: WorkerPool) -> [Neighbor] {
    let count = images.count / data.exampleCount
    let packed = bits == nil ? nil : PackedImages(images, pixels: data.exampleCount)
    return pool.map(count) { image, _ in
      guard let bits, let packed else { return nearest { distance($0, to: images, image) } }
      return nearest { Float(bits.distance($0, to: packed, image)) }
    }
  }

  @inline(__always)
  private func nearest(_ distance: (_ index: Int) -> Float) -> Neighbor {
    var best = (index: 0, distance: Float.infinity)
    for index in 0..<data.count {
      let distance = distance(index)
      if distance < best.distance { best = (index, distance) }
    }
    return Neighbor(image: Array(data.example(best.index)), distance: Double(best.distance))
  }

  private func distance(_ index: Int, to images: [Float], _ image: Int) -> Float {
    let pixels = data.exampleCount
    return images.withUnsafeBufferPointer { images in
      data.values.withUnsafeBufferPointer { values in
        (0..<pixels).reduce(0) { $0 + abs(images[image * pixels + $1] - values[index * pixels + $1]) }
      }
    }
  }
}

/// Binary images in words of 64 pixels, which are compared at once.
private struct PackedImages: Sendable {
  private let words: [UInt64]
  private let wordsPerImage: Int

  /// - Returns: nil if a value is neither 0 nor 1.
  init?(_ values: [Float], pixels: Int) {
    guard values.allSatisfy({ $0 == 0 || $0 == 1 }) else { return nil }
    wordsPerImage = (pixels + 63) / 64
    var words = [UInt64](repeating: 0, count: values.count / pixels * wordsPerImage)
    for (index, value) in values.enumerated() where value == 1 {
      let (image, pixel) = index.quotientAndRemainder(dividingBy: pixels)
      words[image * wordsPerImage + pixel / 64] |= 1 << UInt64(pixel % 64)
    }
    self.words = words
  }

  /// The number of pixels that differ.
  func distance(_ index: Int, to others: PackedImages, _ other: Int) -> Int {
    words.withUnsafeBufferPointer { words in
      others.words.withUnsafeBufferPointer { others in
        (0..<wordsPerImage).reduce(0) {
          $0 + (words[index * wordsPerImage + $1] ^ others[other * wordsPerImage + $1]).nonzeroBitCount
        }
      }
    }
  }
}
