/// A batch cut into contiguous shards whose sizes differ by at most one. The larger ones are spread evenly, from the first on,
/// so that neighboring shards, which go to the same worker, are as much work as others: 62 examples in 4 shards are 16, 15,
/// 16 and 15.
///
/// The cut depends on its two numbers alone, never on the workers: it decides the order in which gradients are added,
/// and with it the bits of a run. A loss is a mean over the batch, so that shard `i` counts with its `weights[i]`:
/// the plain mean of the shards' means would favor the examples of the smaller shards.
public struct Shards: Equatable, Sendable {
  /// Examples of the batch.
  public let examples: Int
  /// The examples of each shard; none is empty.
  public let ranges: [Range<Int>]

  /// - Parameters:
  ///   - examples: examples of the batch, 0 or more.
  ///   - count: shards to cut it into, at least 1. A batch with fewer examples gets one shard per example.
  public init(examples: Int, count: Int) {
    precondition(examples >= 0 && count >= 1, "a batch of \(examples) examples cannot be cut into \(count) shards")
    self.examples = examples
    let count = min(count, examples)
    // Shard i starts at i examples / count, rounded up.
    let starts = (0...max(count, 1)).map { ($0 * examples + max(count, 1) - 1) / max(count, 1) }
    ranges = (0..<count).map { starts[$0]..<starts[$0 + 1] }
  }

  /// The number of shards.
  public var count: Int { ranges.count }

  /// The share of each shard in the batch, size / examples; the shares sum to 1 up to rounding.
  public var weights: [Double] { ranges.map { Double($0.count) / Double(examples) } }

  /// The sizes that occur, larger first: one or two, and none for an empty batch. A plan is built for each.
  public var distinctSizes: [Int] {
    guard let first = ranges.first?.count, let last = ranges.last?.count else { return [] }
    return first == last ? [first] : [first, last]
  }

  /// The number of shards if the config names none: about 16 examples per shard, at least 1 shard and at most 16.
  ///
  /// A function of the batch size alone, so that a config means the same bits on every machine. Sixteen examples of a
  /// tiny model last tens to hundreds of microseconds, far above the microsecond that a fork and join costs, and fill
  /// the widest vector register of floats. 62 or 64 examples give 4 shards: two workers take two each, or three and
  /// one where one of them is held up. More than 16 shards would cost a gradient slot each and serve few machines.
  public static func defaultCount(examples: Int) -> Int {
    min(max((examples + 8) / 16, 1), 16)
  }
}
