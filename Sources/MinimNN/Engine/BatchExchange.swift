import CMinimKernels
import MinimAutodiff
import MinimKernels

/// The mean over the shards of a batch of one value that each has made, in the order of the shards: the same bits whoever made
/// them. It is left where each shard goes on reading it.
struct BatchExchange: @unchecked Sendable {
  private let places: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private let weights: UnsafeMutableBufferPointer<Double>
  private let count: Int

  /// Those of the same plan in every shard.
  ///
  /// - Parameter replays: one per shard; they must outlive the exchanges.
  static func all(_ replays: [Replay], _ weights: [Double]) -> [BatchExchange] {
    let values = replays.map(\.exchanged)
    require(
      values.allSatisfy { $0.map(\.count) == values[0].map(\.count) },
      "shards of different sizes exchange different values")
    return (values.first ?? []).indices.map { index in
      BatchExchange(values.map { $0[index].place }, weights, values[0][index].count)
    }
  }

  private init(_ places: [UnsafeMutableRawPointer], _ weights: [Double], _ count: Int) {
    self.places = .allocate(capacity: places.count)
    _ = self.places.initialize(fromContentsOf: places)
    self.weights = .allocate(capacity: weights.count)
    _ = self.weights.initialize(fromContentsOf: weights)
    self.count = count
  }

  /// Gives back what it keeps; nothing may be exchanged any more.
  func deallocate() {
    places.deallocate()
    weights.deallocate()
  }

  /// Adds up, and hands out.
  func run(_ kernels: KernelTable) {
    guard places.count > 1 else { return }
    let sum = places[0]
    for shard in 1..<places.count {
      var call = minim_weighted_sum(
        a: sum, b: places[shard], y: sum, count: Int64(count), a_weight: shard == 1 ? weights[0] : 1,
        b_weight: weights[shard], squares: 0, square: 0)
      kernels.weightedSum(&call)
    }
    for shard in 1..<places.count {
      places[shard].copyMemory(from: sum, byteCount: count * kernels.precision.elementSize)
    }
  }
}
