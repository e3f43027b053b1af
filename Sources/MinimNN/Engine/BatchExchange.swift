import MinimAutodiff
import MinimKernels
import MinimParallel

/// The mean over the shards of a batch of one value that each has computed, by a `ShardSum` of its own: the same bits
/// whichever workers computed the values. It is left where each shard reads it next.
final class BatchExchange: @unchecked Sendable {
  private let sum: ShardSum
  private let memory: [AlignedMemory]
  private let slots: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  /// The addresses of the value in the memory of this process's shards.
  private let places: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private let own: Range<Int>
  /// The bytes of the value.
  let byteCount: Int

  /// The exchanges of a plan, in order.
  ///
  /// - Parameter replays: one per shard of this process, or one of any shard if it has none; all of one plan except for the number of examples; they must
  ///   outlive the exchanges.
  /// - Throws: `KernelError` if there is not enough memory.
  static func all(
    _ replays: [Replay], _ shards: Shards, _ group: any ShardGroup, _ kernels: KernelTable
  ) throws -> [BatchExchange] {
    let values = replays.map(\.exchanged)
    require(
      values.allSatisfy { $0.map(\.count) == values[0].map(\.count) },
      "shards of different sizes exchange different values")
    return try (values.first ?? []).indices.map { index in
      try BatchExchange(values.map { $0[index].place }, values[0][index].count, shards, group, kernels)
    }
  }

  private init(
    _ places: [UnsafeMutableRawPointer], _ count: Int, _ shards: Shards, _ group: any ShardGroup, _ kernels: KernelTable
  ) throws {
    let size = kernels.precision.elementSize
    memory = try (0..<shards.count).map { _ in
      try AlignedMemory(byteCount: ShardSum.slotBytes(count, elementSize: size))
    }
    slots = .copying(memory.map(\.pointer))
    self.places = .copying(places)
    own = group.ownership.own(of: shards.count)
    byteCount = count * size
    // Values are short: one thread has added them before another would have arrived.
    sum = ShardSum(
      kernels: kernels.pointer, slots: memory.map(\.pointer), count: count, workers: 1, group: group)
  }

  deinit {
    slots.deallocate()
    places.deallocate()
  }

  /// Adds the values, and gives the mean to every shard.
  func run(_ weights: UnsafeBufferPointer<Double>, on pool: WorkerPool) {
    guard slots.count > 1 else { return }
    sum.begin(weights)
    for shard in own {
      slots[shard].copyMemory(from: places[shard - own.lowerBound], byteCount: byteCount)
      sum.filled(shard, by: 0)
    }
    _ = sum.finish(on: pool)
    for place in places { place.copyMemory(from: slots[0], byteCount: byteCount) }
  }
}

extension UnsafeMutableBufferPointer where Element: BitwiseCopyable {
  /// Returns memory with the elements of an array; the caller deallocates it.
  static func copying(_ values: [Element]) -> Self {
    let memory = Self.allocate(capacity: values.count)
    _ = memory.initialize(fromContentsOf: values)
    return memory
  }
}
