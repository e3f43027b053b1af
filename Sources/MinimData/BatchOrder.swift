import MinimKernels

/// The order of examples. Which ones a step sees is a function of the seed and the step alone, so a resumed run sees
/// the same.
public final class BatchOrder {
  /// The ways of choosing the examples of a step.
  public enum Drawing: String, CaseIterable, Sendable {
    /// Each epoch is a fresh permutation of the data, cut into batches; the last one may be smaller.
    case epoch
    /// Each example by itself, with replacement.
    case independent
  }

  /// Nil for examples without end and for data without examples: nothing then reads which ones they are.
  private let count: Int?
  private let examples: Int
  private let drawing: Drawing
  private let key: RandomKey
  private var epoch = -1
  private var permutation: [Int] = []
  /// The examples of the last batch drawn.
  public private(set) var indices: [Int]

  /// - Parameters:
  ///   - count: the number of examples; nil if they have no end or there are none: then each step sees the next ones.
  ///   - examples: the number of examples per batch.
  ///   - drawing: how they are chosen.
  ///   - seed: the seed that determines the order.
  public init(count: Int?, examples: Int, drawing: Drawing, seed: UInt64) {
    self.count = count
    self.examples = examples
    self.drawing = drawing
    key = RandomKey(seed: seed).folding(.batch)
    indices = [Int](repeating: 0, count: examples)
  }

  /// The number of batches per epoch.
  private func perEpoch(_ count: Int) -> Int { (count + examples - 1) / examples }

  /// Every batch size that occurs.
  public var sizes: [Int] {
    guard let count, drawing == .epoch, count % examples != 0 else { return [examples] }
    return count < examples ? [count] : [examples, count % examples]
  }

  /// The epoch of a step, from 1, and the number of examples seen up to its end. Data without end have one epoch.
  public func progress(step: Int) -> (epoch: Int, examples: Int) {
    guard let count else { return (1, step * examples) }
    let perEpoch = perEpoch(count)
    switch drawing {
    case .independent: return ((step * examples + count - 1) / count, step * examples)
    case .epoch:
      let (whole, rest) = (step / perEpoch, step % perEpoch)
      return ((step + perEpoch - 1) / perEpoch, whole * count + rest * examples)
    }
  }

  /// Draws the batch of a step (from 1) into `indices`; returns its size.
  public func draw(step: Int) -> Int {
    guard let count else {
      for slot in 0..<examples { indices[slot] = (step - 1) * examples + slot }
      return examples
    }
    let perEpoch = perEpoch(count)
    switch drawing {
    case .independent:
      key.folding(UInt64(step)).fill(&indices, below: count)
      return examples
    case .epoch:
      let current = (step - 1) / perEpoch
      // A batch of the whole data set is always the same sum: its order does not matter.
      if current != epoch {
        permutation = perEpoch == 1 ? Array(0..<count) : key.folding(UInt64(current)).permutation(count: count)
        epoch = current
      }
      let start = (step - 1) % perEpoch * examples
      let size = min(examples, count - start)
      for slot in 0..<size { indices[slot] = permutation[start + slot] }
      return size
    }
  }
}
