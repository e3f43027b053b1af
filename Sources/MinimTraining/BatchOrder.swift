import MinimKernels

/// Which examples each step sees: a function of the seed and the step alone, so that a resumed run sees the same.
package final class BatchOrder {
  private let count: Int
  private let batch: BatchConfiguration
  private let key: RandomKey
  private var epoch = -1
  private var permutation: [Int] = []
  /// The examples of the batch that was drawn last.
  package private(set) var indices: [Int]

  package init(count: Int, batch: BatchConfiguration, seed: UInt64) {
    self.count = count
    self.batch = batch
    key = RandomKey(seed: seed).folding(RandomPurpose.batch.rawValue)
    indices = [Int](repeating: 0, count: batch.examples)
  }

  /// Batches of an epoch.
  private var perEpoch: Int { (count + batch.examples - 1) / batch.examples }

  /// Every size of batch that occurs.
  package var sizes: [Int] {
    guard batch.drawing == .epoch, count % batch.examples != 0 else { return [batch.examples] }
    return count < batch.examples ? [count] : [batch.examples, count % batch.examples]
  }

  /// The epoch of a step, from 1, and the examples seen up to its end.
  package func progress(step: Int) -> (epoch: Int, examples: Int) {
    switch batch.drawing {
    case .independent: return ((step * batch.examples + count - 1) / count, step * batch.examples)
    case .epoch:
      let (whole, rest) = (step / perEpoch, step % perEpoch)
      return ((step + perEpoch - 1) / perEpoch, whole * count + rest * batch.examples)
    }
  }

  /// Draws the batch of a step (from 1) into `indices`; returns its size.
  package func draw(step: Int) -> Int {
    switch batch.drawing {
    case .independent:
      let stepKey = key.folding(UInt64(step))
      for slot in 0..<batch.examples { indices[slot] = stepKey.index(below: count, at: UInt64(slot)) }
      return batch.examples
    case .epoch:
      let current = (step - 1) / perEpoch
      // A batch of the whole data set is always the same sum: its order is left alone.
      if current != epoch {
        permutation = perEpoch == 1 ? Array(0..<count) : key.folding(UInt64(current)).permutation(count: count)
        epoch = current
      }
      let start = (step - 1) % perEpoch * batch.examples
      let size = min(batch.examples, count - start)
      for slot in 0..<size { indices[slot] = permutation[start + slot] }
      return size
    }
  }
}
