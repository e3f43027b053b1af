import MinimData
import MinimKernels

/// The model of independent pixels, which knows only how often each pixel is on: the baseline of every model of binary
/// images.
package struct IndependentPixels: Sendable {
  /// p(x_i = 1), by Laplace's rule (on + 1) / (count + 2): never 0 or 1.
  package let probabilities: [Double]

  package init(_ data: Dataset) {
    let pixels = data.exampleCount
    var counts = [Int](repeating: 0, count: pixels)
    for (index, value) in data.values.enumerated() where value > 0.5 { counts[index % pixels] += 1 }
    probabilities = counts.map { Double($0 + 1) / Double(data.count + 2) }
  }

  /// The mean -log p(x) over images, in nats.
  package func nll(of data: Dataset) -> Double {
    let costs = probabilities.map { (on: -Elementary.log($0), off: -Elementary.log(1 - $0)) }
    var sum = 0.0
    for (index, value) in data.values.enumerated() {
      let cost = costs[index % costs.count]
      sum += value > 0.5 ? cost.on : cost.off
    }
    return sum / Double(data.count)
  }

  /// Draws images, row-major, as a function of the key.
  package func draw(_ count: Int, key: RandomKey) -> [Float] {
    (0..<count * probabilities.count).map {
      key.uniform(at: UInt64($0)) < probabilities[$0 % probabilities.count] ? 1 : 0
    }
  }
}

extension Dataset {
  /// The same values of each pixel, shuffled among the images: the dependence between pixels is gone.
  func shufflingPixels(key: RandomKey) -> Dataset {
    let orders = (0..<exampleCount).map { key.folding(UInt64($0)).permutation(count: count) }
    let mixed = (0..<count).flatMap { image in
      orders.enumerated().map { pixel, order in values[order[image] * exampleCount + pixel] }
    }
    return Dataset(
      name: "\(name), shuffled", exampleShape: exampleShape, values: mixed, labels: labels, classes: classes)
  }
}
