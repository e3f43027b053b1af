import MinimTraining
import Testing

@Suite struct GroupCostTests {
  /// 16 shards of 10 us and 5 us for the rest; a gradient of 100,000 bytes.
  private let cost = GroupCost(alone: 165e-6, shard: 10e-6, shards: 16, sums: [100_000])
  private let network = GroupCost.Network(latency: 2e-6, bandwidth: 10e9)

  /// By hand: a round takes 2 us of latency, 10 us for the bytes and 20 us to add them.
  @Test func byHand() {
    let expected: [(processes: Int, microseconds: Double)] = [(1, 165), (2, 117), (4, 109), (8, 121), (16, 143)]
    for (processes, microseconds) in expected {
      let found: Double = cost.seconds(processes, network) * 1e6
      #expect(abs(found - microseconds) < 1e-6, "\(processes) processes")
    }
  }

  @Test("processes without a shard wait once more, and help nothing") func idle() {
    let found: Double = cost.seconds(20, network) * 1e6
    #expect(abs(found - 175) < 1e-6)
    #expect(cost.mostShards(20) == 1 && cost.mostShards(3) == 6)
  }

  @Test("each statistic of a batch is a sum of its own") func statistics() {
    let normalized = GroupCost(alone: 165e-6, shard: 10e-6, shards: 16, sums: [100_000, 0, 0])
    let more: Double = (normalized.seconds(2, network) - cost.seconds(2, network)) * 1e6
    #expect(abs(more - 4) < 1e-6)
  }

  @Test("shards that were measured to take longer than their step do not make time negative") func noise() {
    let noisy = GroupCost(alone: 100e-6, shard: 50e-6, shards: 4, sums: [0])
    let found: Double = noisy.seconds(4, GroupCost.Network(latency: 0, bandwidth: 1e9)) * 1e6
    #expect(abs(found - 25) < 1e-6)
  }
}
