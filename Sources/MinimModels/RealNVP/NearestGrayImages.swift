import MinimData
import MinimNN
import MinimParallel

/// Finds, among images, the one with the smallest sum of differences from another.
package struct NearestGrayImages: Sendable {
  /// An image's nearest neighbor, the first one at a tie.
  package struct Neighbor: Sendable {
    package let image: [Float]
    /// The sum of all differences, in the unit of the values.
    package let distance: Double
  }

  private let data: Dataset

  package init(_ data: Dataset) { self.data = data }

  /// The neighbors of images given row-major.
  package func search(_ images: [Float], _ pool: WorkerPool) -> [Neighbor] {
    let count = images.count / data.exampleCount
    let found = pool.map(count) { image, _ in nearest(images, image) }
    return found.map { Neighbor(image: Array(data.example($0.index)), distance: Double($0.distance)) }
  }

  private func nearest(_ images: [Float], _ image: Int) -> (index: Int, distance: Float) {
    let pixels = data.exampleCount
    var best = (index: 0, distance: Float.infinity)
    images.withUnsafeBufferPointer { images in
      data.values.withUnsafeBufferPointer { values in
        for index in 0..<data.count {
          var distance: Float = 0
          for pixel in 0..<pixels { distance += abs(images[image * pixels + pixel] - values[index * pixels + pixel]) }
          if distance < best.distance { best = (index, distance) }
        }
      }
    }
    return best
  }
}
