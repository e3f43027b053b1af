import CMinimKernels

/// The use of random numbers. Each purpose has its own stream, so adding a use never shifts another one. Raw values are
/// part of what a run's bits depend on: append, never renumber.
public enum RandomPurpose: UInt64, CaseIterable, Sendable {
  /// Initial parameters.
  case initialization = 1
  /// The choice of a batch's examples.
  case batch = 2
  /// The order of an epoch.
  case shuffle = 3
  /// Draws inside a model's objective: noise, dropout, latent samples.
  case model = 4
  /// Samples drawn from a trained model.
  case sampling = 5
  /// Draws of an evaluation or a claim.
  case evaluation = 6
  /// Generated data sets.
  case data = 7
  /// Random augmentations of examples.
  case augmentation = 8
  /// Noise of single values of an example.
  case noise = 9
}

/// A key of a counter-based generator, Threefry-2x32 with 20 rounds (Salmon et al. 2011, "Parallel random numbers: as
/// easy as 1, 2, 3"). A number is a function of (key, counter): there is no state to save, and order does not matter.
public struct RandomKey: Hashable, Sendable {
  /// The two words of the key.
  public let low: UInt32, high: UInt32

  /// The key of a seed: its 64 bits, low word first.
  public init(seed: UInt64) {
    low = UInt32(truncatingIfNeeded: seed)
    high = UInt32(truncatingIfNeeded: seed >> 32)
  }

  private init(_ words: (UInt32, UInt32)) { (low, high) = words }

  /// The key of a stream of its own: `RandomKey(seed: s).folding(.model).folding(step)` is the key that the random kernel
  /// derives for (seed, purpose, step).
  public func folding(_ value: UInt64) -> RandomKey {
    RandomKey(words(counter: (UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32))))
  }

  /// The key of a purpose.
  public func folding(_ purpose: RandomPurpose) -> RandomKey { folding(purpose.rawValue) }

  /// The two random words of a counter.
  public func words(counter: (UInt32, UInt32)) -> (UInt32, UInt32) {
    var out: (UInt32, UInt32) = (0, 0)
    withUnsafeMutableBytes(of: &out) { out in
      withUnsafeBytes(of: (low, high)) { key in
        withUnsafeBytes(of: counter) { counter in
          minim_threefry2x32(
            key.assumingMemoryBound(to: UInt32.self).baseAddress,
            counter.assumingMemoryBound(to: UInt32.self).baseAddress,
            out.assumingMemoryBound(to: UInt32.self).baseAddress)
        }
      }
    }
    return out
  }

  /// 64 random bits of a counter of 64 bits.
  public func bits(at index: UInt64) -> UInt64 {
    let (low, high) = words(counter: (UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32)))
    return UInt64(high) << 32 | UInt64(low)
  }

  /// A uniform number in (0, 1): (53 random bits + 1/2) 2^-53, and 1 - 2^-53 where that rounds to 1.
  public func uniform(at index: UInt64) -> Double {
    min((Double(bits(at: index) >> 11) + 0.5) * 0x1p-53, 1 - 0x1p-53)
  }

  /// A standard normal number, the cosine branch of Box and Muller (1958) on the uniforms 2 index and 2 index + 1.
  public func normal(at index: UInt64) -> Double {
    let radius = (-2 * Elementary.log(uniform(at: 2 &* index))).squareRoot()
    return radius * Elementary.cos(2 * Double.pi * uniform(at: 2 &* index &+ 1))
  }

  /// A place in `weights`, each with a probability in proportion to its weight: by inversion of their sums.
  ///
  /// - Precondition: there are weights, none of them negative.
  public func index(weightedBy weights: [Double], at index: UInt64) -> Int {
    precondition(!weights.isEmpty, "there is nothing to draw from")
    var rest = uniform(at: index) * weights.reduce(0, +)
    for (place, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return place }
    }
    // Rounding may leave a little: the last place that can be drawn has it.
    return weights.lastIndex { $0 > 0 } ?? weights.count - 1
  }

  /// A whole number in 0 ..< bound: the high half of 64 random bits times `bound` (Lemire 2019). Without rejection no
  /// probability is off by more than 2^-64, a relative bias below bound 2^-64.
  public func index(below bound: Int, at index: UInt64) -> Int {
    precondition(bound > 0, "there is no number below \(bound)")
    return Int(bits(at: index).multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Fills an array with whole numbers in 0 ..< bound: element i is `index(below: bound, at: i)`.
  public func fill(_ indices: inout [Int], below bound: Int) {
    indices.withUnsafeMutableBufferPointer { fill($0, below: bound) }
  }

  /// Fills memory with whole numbers in 0 ..< bound: element i is `index(below: bound, at: first + i)`. Takes a multiple of
  /// 16 for the first counter.
  package func fill(_ indices: UnsafeMutableBufferPointer<Int>, below bound: Int, from first: Int = 0) {
    precondition(bound > 0, "there is no number below \(bound)")
    precondition(first >= 0 && first % 16 == 0, "numbers are drawn from multiples of 16 on, not from \(first)")
    // An Int here has 64 bits.
    let words = UnsafeMutableRawPointer(indices.baseAddress)?.assumingMemoryBound(to: Int64.self)
    withUnsafeBytes(of: (low, high)) { key in
      minim_indices(
        key.assumingMemoryBound(to: UInt32.self).baseAddress, UInt64(bound), UInt64(first), words, Int64(indices.count))
    }
  }

  /// A random order of 0 ..< count, by Fisher and Yates's shuffle; swap i uses counter i.
  public func permutation(count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, index(below: i + 1, at: UInt64(i)))
    }
    return order
  }
}
