import MinimData
import MinimKernels

/// The model of independent pixels, which knows only how often each pixel has each of its levels: the baseline of every
/// model of whole numbers.
package struct IndependentLevels: Sendable {
  /// The number of levels; the values are 0 to levels - 1.
  package let levels: Int
  /// p(x_i = k), [d][levels], by Laplace's rule (occurrences + 1) / (count + levels): never 0.
  package let probabilities: [[Double]]

  package init(_ data: Dataset, levels: Int) {
    self.levels = levels
    let pixels = data.exampleCount
    var counts = [[Int]](repeating: [Int](repeating: 0, count: levels), count: pixels)
    for (index, value) in data.values.enumerated() { counts[index % pixels][Int(value)] += 1 }
    probabilities = counts.map { $0.map { Double($0 + 1) / Double(data.count + levels) } }
  }

  /// The mean -log p(x) over images, in nats.
  package func nll(of data: Dataset) -> Double {
    let costs = probabilities.map { $0.map { -Elementary.log($0) } }
    var sum = 0.0
    for (index, value) in data.values.enumerated() { sum += costs[index % costs.count][Int(value)] }
    return sum / Double(data.count)
  }

  /// Draws images, row-major, as a function of the key.
  package func draw(_ count: Int, key: RandomKey) -> [Float] {
    (0..<count * probabilities.count).map { index in
      var rest = key.uniform(at: UInt64(index))
      // From the highest level down, so that a pixel of a binary image is on if u < p.
      let level = probabilities[index % probabilities.count].lastIndex { probability in
        rest -= probability
        return rest < 0
      }
      // The sum of the probabilities may be rounded to less than 1.
      return Float(level ?? 0)
    }
  }
}
