import MinimKernels
import MinimNN
import MinimParallel

/// An estimate of the time of a step that several processes take together, one thread each.
///
/// A process computes its shards one after the other. Then for each sum of the step, of the gradient or of a statistic of the
/// batch, processes exchange sums of slots in a few rounds (`GroupSchedule`). A round takes the network's latency, the time of the
/// bytes, and the time in which one thread adds as many. What a process does alone after that, such as the update, is the same for any number of
/// them.
package struct GroupCost {
  /// A network between the processes.
  package struct Network: Equatable, Sendable {
    /// The time until a short message has arrived, in seconds.
    package let latency: Double
    /// Bytes per second, each way.
    package let bandwidth: Double

    package init(latency: Double, bandwidth: Double) { (self.latency, self.bandwidth) = (latency, bandwidth) }
  }

  /// The time of a step by one process with one thread, and of one of its shards, in seconds.
  package let alone: Double, shard: Double
  package let shards: Int
  /// The bytes of a slot, of each sum of a step.
  package let sums: [Int]

  package init(alone: Double, shard: Double, shards: Int, sums: [Int]) {
    (self.alone, self.shards, self.sums) = (alone, shards, sums)
    // Shards cannot take longer than the step that they are a part of.
    self.shard = min(shard, alone / Double(max(1, shards)))
  }

  /// Bytes that one thread adds per second: it reads two and writes one. The first number of a laptop's memory.
  private static let additions = 5e9

  /// The shards of the process that has the most.
  package func mostShards(_ processes: Int) -> Int { (shards + processes - 1) / processes }

  /// The time of a step, in seconds.
  package func seconds(_ processes: Int, _ network: Network) -> Double {
    guard processes > 1 else { return alone }
    let computing = alone - Double(shards - mostShards(processes)) * shard
    let rounds = Double(GroupSchedule.rounds(slots: shards, owners: processes))
    let exchanging = sums.reduce(0.0) { time, bytes in
      time + rounds * (network.latency + Double(bytes) / network.bandwidth + Double(bytes) / Self.additions)
    }
    return computing + exchanging
  }
}
